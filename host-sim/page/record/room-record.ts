// What the house remembers of one room: its newest values, its mean, its pace, and the extremes of the day.

import { SILENT_AFTER_INTERVALS, WindowMean } from '../../means.js';
import type { MinMax, RoomState, Values } from '../api.js';
import type { Extremes, NewReading } from './store.js';

/** Between readings, until more is known. */
const USUAL_INTERVAL_SECONDS = 10;

/** Distances that tell the pace of a room which does not say it. */
const PACE_DISTANCES = 5;

/** Values of one reading come on two topics: what is nearer than this is no distance between readings. */
const SAME_READING_SECONDS = 0.5;

export class RoomRecord {
  readonly room: string;
  readonly #windowMs: number;
  readonly #temperature: WindowMean;
  readonly #humidity: WindowMean;
  readonly #distances: number[] = [];
  #toldInterval: number | undefined;
  #newest: (Values & { time: number }) | undefined;
  #dayStart = 0;
  #extremes: Extremes = { temperatureMinimum: null, temperatureMaximum: null, humidityMinimum: null, humidityMaximum: null };

  constructor(room: string, windowSeconds: number) {
    this.room = room;
    this.#windowMs = windowSeconds * 1000;
    this.#temperature = new WindowMean(this.#windowMs);
    this.#humidity = new WindowMean(this.#windowMs);
  }

  /** Seconds between readings: as the room says, else the middle one of the last distances. */
  get intervalSeconds(): number {
    const sorted = this.#distances.toSorted((left, right) => left - right);
    return this.#toldInterval ?? sorted[Math.floor(sorted.length / 2)] ?? USUAL_INTERVAL_SECONDS;
  }

  /** Epoch seconds of the newest reading; 0 where there is none. */
  get newestTime(): number {
    return this.#newest?.time ?? 0;
  }

  tellInterval(seconds: number): void {
    this.#toldInterval = seconds;
  }

  add({ time: measured, temperature, humidity }: Pick<NewReading, 'time' | 'temperature' | 'humidity'>, now: number): void {
    // A station whose clock runs ahead has not measured in the future.
    const time = Math.min(measured, now);
    if (temperature !== null) this.#temperature.add(time * 1000, temperature);
    if (humidity !== null) this.#humidity.add(time * 1000, humidity);
    this.#widen(time, temperature, humidity);
    const newest = this.#newest;
    if (newest && time < newest.time) return;
    if (newest) this.#notePace(time - newest.time);
    this.#newest = {
      time,
      temperature: temperature ?? newest?.temperature ?? null,
      humidity: humidity ?? newest?.humidity ?? null,
    };
  }

  /** Begins the day at `dayStart` (epoch seconds), with what was recorded in it before. */
  beginDay(dayStart: number, extremes: Extremes): void {
    this.#dayStart = dayStart;
    this.#extremes = extremes;
  }

  isSilent(now: number): boolean {
    return now - this.newestTime > SILENT_AFTER_INTERVALS * this.intervalSeconds;
  }

  /** Mean of the window that ends now; where readings are rarer than the window, the newest one while it is not old. */
  mean(now: number): Values | null {
    const temperature = this.#temperature.mean(now * 1000);
    const humidity = this.#humidity.mean(now * 1000);
    if (temperature !== undefined || humidity !== undefined)
      return { temperature: temperature ?? null, humidity: humidity ?? null };
    if (this.#newest && this.intervalSeconds * 1000 > this.#windowMs && !this.isSilent(now)) return valuesOf(this.#newest);
    return null;
  }

  state(now: number): Omit<RoomState, 'stations' | 'warnings'> {
    const { temperatureMinimum, temperatureMaximum, humidityMinimum, humidityMaximum } = this.#extremes;
    return {
      room: this.room,
      newest: this.#newest ?? null,
      mean: this.mean(now),
      isSilent: this.isSilent(now),
      intervalSeconds: this.intervalSeconds,
      day: {
        temperature: minMax(temperatureMinimum, temperatureMaximum),
        humidity: minMax(humidityMinimum, humidityMaximum),
      },
    };
  }

  #notePace(distance: number): void {
    if (distance < SAME_READING_SECONDS) return;
    this.#distances.push(distance);
    if (this.#distances.length > PACE_DISTANCES) this.#distances.shift();
  }

  #widen(time: number, temperature: number | null, humidity: number | null): void {
    if (time < this.#dayStart) return;
    const { temperatureMinimum, temperatureMaximum, humidityMinimum, humidityMaximum } = this.#extremes;
    this.#extremes = {
      temperatureMinimum: choose(Math.min, temperatureMinimum, temperature),
      temperatureMaximum: choose(Math.max, temperatureMaximum, temperature),
      humidityMinimum: choose(Math.min, humidityMinimum, humidity),
      humidityMaximum: choose(Math.max, humidityMaximum, humidity),
    };
  }
}

function valuesOf({ temperature, humidity }: Values): Values {
  return { temperature, humidity };
}

function minMax(minimum: number | null, maximum: number | null): MinMax | null {
  return minimum === null || maximum === null ? null : { minimum, maximum };
}

function choose(better: (left: number, right: number) => number, left: number | null, right: number | null): number | null {
  return left === null ? right : right === null ? left : better(left, right);
}
