// The house as the page shows it: every room with its newest values, mean, extremes and warnings, and the mean of all.

import type { House, RecorderCounts, RoomState, Values } from '../api.js';
import { RoomRecord } from './room-record.js';
import type { NewReading, Store } from './store.js';
import { Twins } from './twins.js';

/** Rooms in one answer. A thousand of them are half a megabyte. */
const ROOMS_SHOWN_MAXIMUM = 1_000;

/** Readings from which a room that was recorded earlier gets its newest values and its pace. */
const READINGS_TO_RECALL = 12;

export interface HouseOptions {
  readonly store: Store;
  readonly windowSeconds: number;
  /** Epoch seconds. */
  readonly now: () => number;
  /** Epoch seconds of the local midnight before `time`. */
  readonly startOfDay: (time: number) => number;
}

export class HouseRecord {
  readonly #options: HouseOptions;
  readonly #rooms = new Map<string, RoomRecord>();
  readonly #twins = new Twins();
  #dayStart: number;

  /** Begins with what the store holds. */
  constructor(options: HouseOptions) {
    this.#options = options;
    this.#dayStart = options.startOfDay(options.now());
    for (const room of options.store.rooms) {
      const record = this.#recordOf(room);
      for (const reading of options.store.newest(room, READINGS_TO_RECALL)) record.add(reading, options.now());
    }
  }

  get rooms(): string[] {
    return [...this.#rooms.keys()];
  }

  add(readings: readonly NewReading[]): void {
    const now = this.#options.now();
    for (const reading of readings) {
      this.#recordOf(reading.room).add(reading, now);
      const { room, identity, isLate, time } = reading;
      if (identity && !isLate) this.#twins.see(room, identity.station, identity.boot, time);
    }
  }

  intervalOf(room: string): number {
    return (this.#rooms.get(room) ?? new RoomRecord(room, this.#options.windowSeconds)).intervalSeconds;
  }

  /** A room that has recorded nothing yet is no room of the house. */
  tellInterval(room: string, seconds: number): void {
    if (this.#options.store.hasPlaceFor(room)) this.#recordOf(room).tellInterval(seconds);
  }

  forget(room: string): void {
    this.#rooms.delete(room);
    this.#twins.forget(room);
  }

  state(counts: RecorderCounts): House {
    const now = this.#options.now();
    this.#turnDay(now);
    const survey = this.#twins.survey(now, (room) => this.intervalOf(room));
    const rooms = [...this.#rooms.values()].filter(({ newestTime }) => newestTime > 0);
    const states = rooms.map((record): RoomState => {
      const { stations = [], warnings = [] } = survey.get(record.room) ?? {};
      return { ...record.state(now), stations, warnings };
    });
    return {
      time: now,
      mean: meanOf(states.flatMap(({ isSilent, mean }) => (isSilent || !mean ? [] : mean))),
      silent: states.filter(({ isSilent }) => isSilent).map(({ room }) => room),
      rooms: states.slice(0, ROOMS_SHOWN_MAXIMUM),
      omittedRooms: Math.max(0, states.length - ROOMS_SHOWN_MAXIMUM),
      counts,
    };
  }

  #recordOf(room: string): RoomRecord {
    const known = this.#rooms.get(room);
    if (known) return known;
    const { store, windowSeconds } = this.#options;
    const record = new RoomRecord(room, windowSeconds);
    record.beginDay(this.#dayStart, store.extremes(room, this.#dayStart));
    this.#rooms.set(room, record);
    return record;
  }

  #turnDay(now: number): void {
    const dayStart = this.#options.startOfDay(now);
    if (dayStart === this.#dayStart) return;
    this.#dayStart = dayStart;
    for (const record of this.#rooms.values()) record.beginDay(dayStart, this.#options.store.extremes(record.room, dayStart));
  }
}

/** Mean of the rooms' means, quantity by quantity; `null` where there is none. */
function meanOf(means: readonly Values[]): Values | null {
  if (means.length === 0) return null;
  const mean = (quantity: keyof Values) => {
    const values = means.flatMap((values) => values[quantity] ?? []);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return { temperature: mean('temperature'), humidity: mean('humidity') };
}
