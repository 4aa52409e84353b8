// The mean of each room over the last minute, and of the house: the mean of the rooms' means.

/** At most so many rooms: a stranger who invents rooms cannot fill the memory. What comes from others is counted in `ignored`. */
export const ROOMS_MAXIMUM = 1_000;

/** At most the newest so many readings of a room make its mean. */
export const READINGS_MAXIMUM = 1_000;

interface Room {
  /** Oldest first. */
  readonly readings: { readonly celsius: number; readonly atMs: number }[];
  /** Messages that were no temperature. */
  unreadable: number;
}

export interface RoomMean {
  readonly room: string;
  /** `undefined` where the room has fallen silent. */
  readonly celsius: number | undefined;
  /** How many readings it is made of. */
  readonly count: number;
  /** How many messages of the room, since the start, were no temperature. */
  readonly unreadable: number;
}

export class Means {
  readonly #windowMs: number;
  readonly #rooms = new Map<string, Room>();
  #ignored = 0;

  constructor(windowSeconds: number) {
    this.#windowMs = windowSeconds * 1000;
  }

  /** Messages for which there was no place, because they came from one room too many. */
  get ignored(): number {
    return this.#ignored;
  }

  /** Takes what a room says; `undefined`: something that is no temperature. */
  add(room: string, celsius: number | undefined, atMs: number): void {
    if (!this.#rooms.has(room) && this.#rooms.size < ROOMS_MAXIMUM) this.#rooms.set(room, { readings: [], unreadable: 0 });
    const known = this.#rooms.get(room);
    if (known === undefined) this.#ignored++;
    else if (celsius === undefined) known.unreadable++;
    else {
      known.readings.push({ celsius, atMs });
      if (known.readings.length > READINGS_MAXIMUM) known.readings.shift();
    }
  }

  /** The means of the window that ends now, in the order of the rooms' names. */
  ofRooms(nowMs: number): RoomMean[] {
    const rooms = [...this.#rooms].map(([room, { readings, unreadable }]) => {
      while (readings[0] !== undefined && nowMs - readings[0].atMs > this.#windowMs) readings.shift();
      return { room, celsius: mean(readings.map(({ celsius }) => celsius)), count: readings.length, unreadable };
    });
    return rooms.sort((left, right) => left.room.localeCompare(right.room));
  }
}

/** Each room counts once, however often it publishes; one that has fallen silent does not count. */
export function houseMean(rooms: readonly RoomMean[]): number | undefined {
  return mean(rooms.flatMap(({ celsius }) => celsius ?? []));
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
