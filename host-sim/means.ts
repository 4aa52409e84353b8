// The mean of each room over the last minute, and of the house: the mean of the rooms' means, without the rooms that fell silent.

import type { Mean } from './view/snapshot.js';

/** The window of a room's mean. */
export const MEAN_WINDOW_MS = 60_000;

/** A room is silent when nothing of its last three intervals has arrived. */
const SILENT_AFTER_INTERVALS = 3;

interface Delivered {
  readonly measuredAtMs: number;
  readonly temperatureTenths: number;
  readonly humidityTenths: number;
}

export class RoomMean {
  readonly #windowMs: number;
  readonly #silentAfterMs: number;
  /** Readings inside the window, oldest first; the newest of all stays although it leaves the window. */
  readonly #readings: Delivered[] = [];

  /** @param intervalSeconds the room's; where it is longer than the window, the newest reading alone is the mean. */
  constructor(intervalSeconds: number) {
    this.#windowMs = Math.max(MEAN_WINDOW_MS, intervalSeconds * 1000);
    this.#silentAfterMs = SILENT_AFTER_INTERVALS * intervalSeconds * 1000;
  }

  /** A reading arrived, perhaps late: what counts is when it was measured. Readings come in the order of their measurement. */
  add(reading: Delivered): void {
    this.#readings.push(reading);
    this.#forget(reading.measuredAtMs);
  }

  get newest(): Delivered | undefined {
    return this.#readings.at(-1);
  }

  isSilent(nowMs: number): boolean {
    const newest = this.newest;
    return !newest || nowMs - newest.measuredAtMs > this.#silentAfterMs;
  }

  /** Mean of the window that ends now; `undefined` where nothing in it has arrived. */
  mean(nowMs: number): Mean | undefined {
    this.#forget(nowMs);
    const inside = this.#readings.filter(({ measuredAtMs }) => nowMs - measuredAtMs <= this.#windowMs);
    if (inside.length === 0) return undefined;
    let temperature = 0;
    let humidity = 0;
    for (const reading of inside) {
      temperature += reading.temperatureTenths;
      humidity += reading.humidityTenths;
    }
    return { temperature: temperature / inside.length / 10, humidity: humidity / inside.length / 10 };
  }

  #forget(nowMs: number): void {
    let outside = 0;
    while (outside < this.#readings.length - 1 && nowMs - (this.#readings[outside] as Delivered).measuredAtMs > this.#windowMs)
      outside++;
    this.#readings.splice(0, outside);
  }
}

/** The mean of `means`; `undefined` where there is none. */
export function meanOfMeans(means: readonly Mean[]): Mean | undefined {
  if (means.length === 0) return undefined;
  const sum = (quantity: keyof Mean) => means.reduce((total, mean) => total + mean[quantity], 0);
  return { temperature: sum('temperature') / means.length, humidity: sum('humidity') / means.length };
}
