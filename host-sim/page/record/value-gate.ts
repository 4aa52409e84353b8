// Which single values count as readings. A station of ours sends each reading as values and again in a batch with its identity; a
// simple emitter sends values alone. So the first values of a room wait a moment, and give way to batches of the same room.

import type { NewReading } from './store.js';

/** A batch follows its values within this time. */
const HOLD_MS = 3_000;

/** A room that has sent a batch is one of ours for this long, also where its values trail behind in a replay. */
const BATCHES_COUNT_FOR_MS = 120_000;

/** A room whose values came alone needs no waiting any more; so many rooms are remembered. */
const SIMPLE_ROOMS_MAXIMUM = 1_000;

/** Values that wait at the same time: two a second of a thousand rooms. */
export const HELD_MAXIMUM_VALUES = 6_000;

interface Held {
  readonly heardAtMs: number;
  readonly reading: NewReading;
}

export class ValueGate {
  readonly #batchAtMs = new Map<string, number>();
  /** Rooms whose values came alone. */
  readonly #simple = new Set<string>();
  #held: Held[] = [];

  /** A batch of `room` came: its values are in there. */
  batch(room: string, nowMs: number): void {
    // The room moves to the end, so that the oldest entries are the first ones.
    this.#batchAtMs.delete(room);
    this.#batchAtMs.set(room, nowMs);
    this.#simple.delete(room);
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
    const isDue = ({ heardAtMs, reading }: Held) => nowMs - heardAtMs >= HOLD_MS || this.#simple.has(reading.room);
    const released = this.#held.filter(isDue).map(({ reading }) => reading);
    this.#held = this.#held.filter((held) => !isDue(held));
    const alone = released.filter(({ room }) => !this.#speaksInBatches(room, nowMs));
    for (const { room } of alone) if (this.#simple.size < SIMPLE_ROOMS_MAXIMUM) this.#simple.add(room);
    return alone;
  }

  #speaksInBatches(room: string, nowMs: number): boolean {
    const batchAtMs = this.#batchAtMs.get(room);
    return batchAtMs !== undefined && nowMs - batchAtMs <= BATCHES_COUNT_FOR_MS;
  }
}
