// The words of the terminal view, in English and French, and how each language writes numbers and durations.

import type { RoomLink } from './snapshot.js';

export interface Words {
  /** With one decimal, and never `-0.0`. */
  decimal(value: number): string;
  /** In the largest unit that fits, at most six characters up to a year. */
  age(seconds: number): string;
  readonly house: string;
  /** Column titles, the longest first: the view takes the first one that fits. */
  readonly titles: Readonly<Record<ColumnTitle, readonly string[]>>;
  readonly links: Readonly<Record<RoomLink, string>>;
  readonly noRooms: string;
  readonly everyRoomIsSilent: string;
  readonly brokerCut: string;
  readonly noBrokerRoom: string;
  houseMean(reporting: number, rooms: number): string;
  silent(seconds: number): string;
  more(hidden: number): string;
  /** What became of a room's readings. */
  record(acknowledged: number, dropped: number, sensorFaults: number, reconnects: number): string;
  ending(buffered: number): string;
  readonly keys: {
    readonly select: string;
    readonly cutWifi: string;
    readonly restoreWifi: string;
    readonly cutBroker: string;
    readonly restoreBroker: string;
    readonly end: string;
  };
}

export type ColumnTitle =
  | 'room'
  | 'temperature'
  | 'humidity'
  | 'now'
  | 'mean'
  | 'link'
  | 'buffered'
  | 'acknowledged'
  | 'age'
  | 'dropped'
  | 'sensorFaults'
  | 'reconnects';

const english: Words = {
  decimal: oneDecimal,
  age: (seconds) => duration(seconds, 'd'),
  house: 'House',
  titles: {
    room: ['Room'],
    temperature: ['Temperature °C', 'Temp. °C', '°C'],
    humidity: ['Humidity %', '%'],
    now: ['now'],
    mean: ['60 s'],
    link: ['Link'],
    buffered: ['Buffered'],
    acknowledged: ['Acknowledged', 'Acked'],
    age: ['Age'],
    dropped: ['Lost'],
    sensorFaults: ['Faults'],
    reconnects: ['Reconnects'],
  },
  links: { online: 'online', connecting: 'connecting', 'wifi-cut': 'Wi-Fi cut' },
  noRooms: 'no rooms',
  everyRoomIsSilent: 'every room is silent',
  brokerCut: 'broker cut',
  noBrokerRoom: 'no room',
  houseMean: (reporting, rooms) =>
    reporting === rooms ? `mean of ${count(rooms, 'room')}, last 60 s` : `mean of ${reporting} of ${rooms} rooms, last 60 s`,
  silent: (seconds) => `Silent for ${seconds} s, left out of the mean:`,
  more: (hidden) => `… and ${hidden} more`,
  record: (acknowledged, dropped, sensorFaults, reconnects) =>
    `${acknowledged} acknowledged, ${dropped} lost, ${count(sensorFaults, 'sensor fault')}, ${count(reconnects, 'reconnect')}`,
  ending: (buffered) => `Ending: delivering ${count(buffered, 'buffered reading')}…; Ctrl-C again to end at once`,
  keys: {
    select: 'select',
    cutWifi: 'cut Wi-Fi',
    restoreWifi: 'restore Wi-Fi',
    cutBroker: 'cut broker',
    restoreBroker: 'restore broker',
    end: 'end',
  },
};

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function oneDecimal(value: number): string {
  const text = value.toFixed(1);
  return text === '-0.0' ? '0.0' : text;
}

function duration(seconds: number, day: string): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} ${day}`;
}
