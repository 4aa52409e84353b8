// Houses for the tests of the views: snapshots with as many rooms, and as odd ones, as a test needs.

import type { RoomSnapshot, Snapshot } from '../../../host-sim/view/snapshot.js';

export function room(name: string, more: Partial<RoomSnapshot> = {}): RoomSnapshot {
  return {
    room: name,
    link: 'online',
    newest: { temperature: 21.4, humidity: 45.2, ageSeconds: 3 },
    mean: { temperature: 21.3, humidity: 45.6 },
    isSilent: false,
    buffered: 0,
    acknowledged: 46,
    dropped: 0,
    sensorFaults: 0,
    reconnects: 0,
    ...more,
  };
}

/** Cut off for two minutes. */
export function silentRoom(name: string, more: Partial<RoomSnapshot> = {}): RoomSnapshot {
  const newest = { temperature: 18.7, humidity: 58.8, ageSeconds: 127 };
  return room(name, { link: 'wifi-cut', newest, mean: undefined, isSilent: true, buffered: 12, acknowledged: 34, ...more });
}

export function house(rooms: readonly RoomSnapshot[], more: Partial<Snapshot> = {}): Snapshot {
  return {
    broker: { url: 'mqtt://127.0.0.1:1883', wsPort: 9001, isEmbedded: true, isUp: true, droppedForAbsent: 0 },
    elapsedSeconds: 3723,
    intervalSeconds: 10,
    rooms,
    house: rooms.some(({ isSilent }) => !isSilent) ? { temperature: 20.6, humidity: 47.1 } : undefined,
    isEnding: false,
    ...more,
  };
}

/** Rooms in every state, in turn. */
export function manyRooms(count: number, nameOf: (index: number) => string = (index) => `room-${index}`): RoomSnapshot[] {
  const states: ((name: string) => RoomSnapshot)[] = [
    (name) => room(name),
    (name) => silentRoom(name),
    (name) => room(name, { link: 'connecting', buffered: 3, dropped: 7, sensorFaults: 2, reconnects: 4 }),
    (name) => room(name, { newest: undefined, mean: undefined, isSilent: true, link: 'connecting', acknowledged: 0 }),
    (name) => room(name, { newest: { temperature: -40, humidity: 100, ageSeconds: 1e7 }, acknowledged: 1e8, buffered: 1e6 }),
  ];
  return Array.from({ length: count }, (_, index) =>
    (states[index % states.length] as (name: string) => RoomSnapshot)(nameOf(index)),
  );
}
