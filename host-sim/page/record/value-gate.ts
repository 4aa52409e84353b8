// Which single values count as readings. A station of ours sends each reading as values and again in a batch with its identity; a
// simple emitter sends values alone. So a value waits a moment, and gives way to batches of the same room.

import type { NewReading } from './store.js';

/** A batch follows its values within this time. */
const HOLD_MS = 3_000;

/** A room that has sent a batch is one of ours for this long, also where its values trail behind in a replay. */
const BATCHES_COUNT_FOR_MS = 120_000;

/** Values that wait at the same time: two a second of a thousand rooms. */
export const HELD_MAXIMUM_VALUES = 6_000;

interface Held {
  readonly heardAtMs: number;
  readonly reading: NewReading;
}

export class ValueGate {
  readonly #batchAtMs = new Map<string, number>();
  #held: Held[] = [];

  /** A batch of `room` came: its values are in there. */
  batch(room: string, nowMs: number): void {
    // The room moves to the end, so that the oldest entries are the first ones.
    this.#batchAtMs.delete(room);
    this.#batchAtMs.set(room, nowMs);
  }

  /** A value came. Returns false where no more can wait. */
  hold(reading: NewReading, nowMs: number): boolean {
    if (this.#speaksInBatches(reading.room, nowMs)) return true;
    if (this.#held.length >= HELD_MAXIMUM_VALUES) return false;
    this.#held.push({ heardAtMs: nowMs, reading });
    return true;
  }

  /** Takes out the values that have waited long enough and are readings of their own. */
  release(nowMs: number): NewReading[] {
    for (const [room, batchAtMs] of this.#batchAtMs) {
      if (nowMs - batchAtMs <= BATCHES_COUNT_FOR_MS) break;
      this.#batchAtMs.delete(room);
    }
    let due = 0;
    while (due < this.#held.length && nowMs - (this.#held[due] as Held).heardAtMs >= HOLD_MS) due++;
    const released = this.#held.slice(0, due).map(({ reading }) => reading);
    this.#held = this.#held.slice(due);
    return released.filter(({ room }) => !this.#speaksInBatches(room, nowMs));
  }

  #speaksInBatches(room: string, nowMs: number): boolean {
    const batchAtMs = this.#batchAtMs.get(room);
    return batchAtMs !== undefined && nowMs - batchAtMs <= BATCHES_COUNT_FOR_MS;
  }
}
