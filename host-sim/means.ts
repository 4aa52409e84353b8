// Means over a window of time: of one quantity, of a room over the last minute, and of the house, which is the mean of the rooms'
// means without the rooms that fell silent.

import type { Mean } from './view/snapshot.js';

/** The window of a room's mean. */
export const MEAN_WINDOW_MS = 60_000;

/** A room is silent when nothing of its last three intervals has arrived. */
export const SILENT_AFTER_INTERVALS = 3;

/** Values of a window that count at most; with more, the oldest give way. At one a second this is more than two hours. */
const WINDOW_MAXIMUM_VALUES = 10_000;

interface Measured {
  readonly measuredAtMs: number;
  readonly value: number;
}

/** The values of one quantity inside a window that ends now. What counts is when they were measured, not when they arrived. */
export class WindowMean {
  readonly #windowMs: number;
  /** Oldest first. */
  readonly #values: Measured[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(measuredAtMs: number, value: number): void {
    let place = this.#values.length;
    while (place > 0 && (this.#values[place - 1] as Measured).measuredAtMs > measuredAtMs) place--;
    this.#values.splice(place, 0, { measuredAtMs, value });
    if (this.#values.length > WINDOW_MAXIMUM_VALUES) this.#values.shift();
    this.#forget((this.#values.at(-1) as Measured).measuredAtMs);
  }

  /** `undefined` where nothing in the window has arrived. */
  mean(nowMs: number): number | undefined {
    this.#forget(nowMs);
    if (this.#values.length === 0) return undefined;
    return this.#values.reduce((sum, { value }) => sum + value, 0) / this.#values.length;
  }

  #forget(nowMs: number): void {
    const outside = this.#values.findIndex(({ measuredAtMs }) => nowMs - measuredAtMs <= this.#windowMs);
    this.#values.splice(0, outside < 0 ? this.#values.length : outside);
  }
}

interface Delivered {
  readonly measuredAtMs: number;
  readonly temperatureTenths: number;
  readonly humidityTenths: number;
}

export class RoomMean {
  readonly #temperature: WindowMean;
  readonly #humidity: WindowMean;
  readonly #silentAfterMs: number;
  #newest: Delivered | undefined;

  /** @param intervalSeconds the room's; where it is longer than the window, the newest reading alone is the mean. */
  constructor(intervalSeconds: number) {
    const windowMs = Math.max(MEAN_WINDOW_MS, intervalSeconds * 1000);
    this.#temperature = new WindowMean(windowMs);
    this.#humidity = new WindowMean(windowMs);
    this.#silentAfterMs = SILENT_AFTER_INTERVALS * intervalSeconds * 1000;
  }

  /** A reading arrived, perhaps late: what counts is when it was measured. Readings come in the order of their measurement. */
  add(reading: Delivered): void {
    this.#newest = reading;
    this.#temperature.add(reading.measuredAtMs, reading.temperatureTenths / 10);
    this.#humidity.add(reading.measuredAtMs, reading.humidityTenths / 10);
  }

  get newest(): Delivered | undefined {
    return this.#newest;
  }

  isSilent(nowMs: number): boolean {
    return !this.#newest || nowMs - this.#newest.measuredAtMs > this.#silentAfterMs;
  }

  /** Mean of the window that ends now; `undefined` where nothing in it has arrived. */
  mean(nowMs: number): Mean | undefined {
    const temperature = this.#temperature.mean(nowMs);
    const humidity = this.#humidity.mean(nowMs);
    return temperature === undefined || humidity === undefined ? undefined : { temperature, humidity };
  }
}

/** The mean of `means`; `undefined` where there is none. */
export function meanOfMeans(means: readonly Mean[]): Mean | undefined {
  if (means.length === 0) return undefined;
  const sum = (quantity: keyof Mean) => means.reduce((total, mean) => total + mean[quantity], 0);
  return { temperature: sum('temperature') / means.length, humidity: sum('humidity') / means.length };
}
