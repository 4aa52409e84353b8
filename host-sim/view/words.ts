// The words of the terminal view, in English and French, and how each language writes numbers and durations.

import type { RoomLink } from './snapshot.js';

export interface Words {
  /** With one decimal, and never `-0.0`. */
  decimal(value: number): string;
  /** In whole seconds, minutes, hours or days, whichever keeps it short. */
  duration(seconds: number): string;
  /** Column titles, the longest first: the view takes the first one that fits. */
  readonly titles: Readonly<Record<ColumnTitle, readonly string[]>>;
  readonly links: Readonly<Record<RoomLink, string>>;
  readonly house: string;
  /** Introduces the address of the page. */
  readonly page: string;
  readonly noRooms: string;
  readonly everyRoomIsSilent: string;
  readonly brokerCut: string;
  houseMean(reporting: number, rooms: number): string;
  /** Introduces the names of the silent rooms. */
  silent(seconds: number): string;
  readonly silentShort: string;
  more(hidden: number): string;
  /** Messages that the broker no longer kept for subscribers that stayed away. */
  droppedForAbsent(messages: number): string;
  /** What became of a room's readings. */
  record(counts: { acknowledged: number; dropped: number; sensorFaults: number; reconnects: number }): string;
  ending(buffered: number): string;
  readonly anyKey: string;
  readonly keys: Readonly<Record<'select' | 'cutWifi' | 'restoreWifi' | 'cutBroker' | 'restoreBroker' | 'end', string>>;
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

/** The language of the messages, as POSIX finds it. */
export function languageOf(environment: NodeJS.ProcessEnv): 'en' | 'fr' {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return /^fr(?![a-z])/i.test(locale) ? 'fr' : 'en';
}

export function wordsFor(environment: NodeJS.ProcessEnv): Words {
  return languageOf(environment) === 'fr' ? french : english;
}

export const english: Words = {
  decimal: oneDecimal,
  duration: (seconds) => duration(seconds, 'd'),
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
  house: 'House',
  page: 'Page in the browser:',
  noRooms: 'no rooms',
  everyRoomIsSilent: 'every room is silent',
  brokerCut: 'broker cut',
  houseMean: (reporting, rooms) =>
    `mean of ${reporting === rooms ? plural(rooms, 'room') : `${reporting} of ${plural(rooms, 'room')}`}, last 60 s`,
  silent: (seconds) => `Silent for over ${seconds} s, left out of the mean:`,
  silentShort: 'Silent:',
  more: (hidden) => `… and ${hidden} more`,
  droppedForAbsent: (messages) => `${plural(messages, 'message')} dropped for subscribers that stay away`,
  record: ({ acknowledged, dropped, sensorFaults, reconnects }) =>
    `${acknowledged} acknowledged, ${dropped} lost, ${plural(sensorFaults, 'sensor fault')}, ${plural(reconnects, 'reconnect')}`,
  ending: (buffered) => `Ending: delivering ${plural(buffered, 'buffered reading')}…; Ctrl-C again to end at once`,
  anyKey: 'Press a key to go on; a shows this again.',
  keys: {
    select: 'select',
    cutWifi: 'cut Wi-Fi',
    restoreWifi: 'restore Wi-Fi',
    cutBroker: 'cut broker',
    restoreBroker: 'restore broker',
    end: 'end',
  },
};

export const french: Words = {
  decimal: (value) => oneDecimal(value).replace('.', ','),
  duration: (seconds) => duration(seconds, 'j'),
  titles: {
    room: ['Pièce'],
    temperature: ['Température °C', 'Temp. °C', '°C'],
    humidity: ['Humidité %', '%'],
    now: ['act.'],
    mean: ['60 s'],
    link: ['Liaison'],
    buffered: ['En attente', 'Attente'],
    acknowledged: ['Acquittées', 'Acq.'],
    age: ['Âge'],
    dropped: ['Perdues'],
    sensorFaults: ['Défauts'],
    reconnects: ['Reconnexions', 'Reconn.'],
  },
  links: { online: 'en ligne', connecting: 'connexion', 'wifi-cut': 'Wi-Fi coupé' },
  house: 'Maison',
  page: 'Page dans le navigateur :',
  noRooms: 'aucune pièce',
  everyRoomIsSilent: 'toutes les pièces sont muettes',
  brokerCut: 'broker coupé',
  houseMean: (reporting, rooms) =>
    `moyenne de ${reporting === rooms ? pluriel(rooms, 'pièce') : `${reporting} pièces sur ${rooms}`}, 60 dernières s`,
  silent: (seconds) => `Muettes depuis plus de ${seconds} s, hors de la moyenne :`,
  silentShort: 'Muettes :',
  more: (hidden) => `… et ${hidden} de plus`,
  droppedForAbsent: (messages) => `${pluriel(messages, 'message')} abandonné${messages > 1 ? 's' : ''} pour des abonnés absents`,
  record: ({ acknowledged, dropped, sensorFaults, reconnects }) =>
    [
      pluriel(acknowledged, 'acquittée'),
      pluriel(dropped, 'perdue'),
      pluriel(sensorFaults, 'défaut', ' du capteur'),
      pluriel(reconnects, 'reconnexion'),
    ].join(', '),
  ending: (buffered) => `Fin : envoi de ${pluriel(buffered, 'mesure', ' en attente')}… ; Ctrl-C encore pour finir net`,
  anyKey: 'Une touche pour continuer ; a montre ceci encore.',
  keys: {
    select: 'choisir',
    cutWifi: 'couper Wi-Fi',
    restoreWifi: 'rétablir Wi-Fi',
    cutBroker: 'couper broker',
    restoreBroker: 'rétablir broker',
    end: 'finir',
  },
};

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** In French, zero is singular. */
function pluriel(count: number, noun: string, complement = ''): string {
  return `${count} ${noun}${count < 2 ? '' : 's'}${complement}`;
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
