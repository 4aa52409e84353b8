// When the sensor is read: on a fixed grid of the interval, so that delays do not add up, and at the pace that the sensor needs.
// A read gives what the sensor measured at the read before, so after a pause it is read twice. A failed read is tried again.

import { DHT22_FAULT_CLASSES, type Dht22FaultClass, type Measurement } from '../dht22/frame.js';
import type { Dht22, Dht22Sample } from '../dht22/sensor.js';
import type { Uptime } from '../ports.js';

/** Nothing is asked of the sensor in its first second (datasheet). */
const POWER_UP_MS = 1_000;

/** The sensor measures at most this often (datasheet): reads are never closer. */
export const READ_MINIMUM_INTERVAL_MS = 2_000;

/** A timer is late by some ms. What a read was late does not push the next one off the grid: the sensor's own clock is no better. */
const TIMER_LATENESS_MS = 20;

/** What was measured longer ago than this is no news: it is read off and discarded, and the sensor measures again. */
const STALE_AFTER_MS = 5_000;

/** Tries after a failed one, before the reading is given up. */
const RETRIES_MAXIMUM = 3;

/** The capture ends by itself after a few ms; one that does not is a failure of its own. */
const CAPTURE_TIMEOUT_MS = 500;

/** Why there is no reading: what the sensor did, or that the capture never ended. */
export type SensorFaultClass = Dht22FaultClass | 'capture-timeout';

export const SENSOR_FAULT_CLASSES: readonly SensorFaultClass[] = Object.freeze([
  ...DHT22_FAULT_CLASSES,
  'capture-timeout',
] as const);

/** What is wrong with the sensor since when: from the first failed read after a good one. */
export interface SensorTrouble {
  /** Of the last failed read. */
  readonly fault: SensorFaultClass;
  /** 0 to 39, or -1 where the fault has none. */
  readonly bit: number;
  readonly sinceMs: number;
}

export interface SamplerOptions {
  readonly sensor: Dht22;
  readonly uptime: Uptime;
  readonly intervalMs: number;
  readonly handler: SamplerHandler;
}

export interface SamplerHandler {
  onReading(temperatureTenths: number, humidityTenths: number, nowMs: number): void;
  /** `bit` is 0 to 39, or -1 where the fault has none. */
  onFault(fault: SensorFaultClass, bit: number): void;
}

const NEVER = Number.POSITIVE_INFINITY;

export class Sampler {
  private readonly sensor: Dht22;
  private readonly uptime: Uptime;
  private readonly handler: SamplerHandler;
  private readonly onSample: (fault: Measurement | undefined, sample: Dht22Sample | undefined) => void;
  private readonly _faultCounts = new Uint32Array(SENSOR_FAULT_CLASSES.length);
  private _repairedReads = 0;
  private intervalMs: number;
  /** The place on the grid of the reading that is due next. */
  private slotMs = NEVER;
  /** When the sensor is read next; never while it is being read. */
  private readAtMs = NEVER;
  /** The next read only makes the sensor measure: its value is stale. */
  private isRefresh = false;
  private lastReadMs = -NEVER;
  private retries = 0;
  private captureDeadlineMs = NEVER;
  private _trouble: SensorTrouble | undefined;

  constructor(options: SamplerOptions) {
    this.sensor = options.sensor;
    this.uptime = options.uptime;
    this.handler = options.handler;
    this.intervalMs = options.intervalMs;
    this.onSample = (fault, sample) => this.finish(fault, sample);
  }

  /** When `tick` must be called at the latest, or infinity. */
  get deadlineMs(): number {
    return Math.min(this.readAtMs, this.captureDeadlineMs);
  }

  /** How often each class of `SENSOR_FAULT_CLASSES` occurred, in their order. */
  get faultCounts(): Uint32Array {
    return this._faultCounts;
  }

  /** Good reads in which edges were late, missing or too many. */
  get repairedReads(): number {
    return this._repairedReads;
  }

  /** `undefined` while the sensor gives readings. */
  get trouble(): SensorTrouble | undefined {
    return this._trouble;
  }

  start(nowMs: number): void {
    this.slotMs = nowMs + POWER_UP_MS;
    this.readAtMs = this.slotMs;
  }

  /** Reads at this interval from now on: the next reading is due one interval behind the last read. */
  changeInterval(intervalMs: number, nowMs: number): void {
    if (intervalMs === this.intervalMs) return;
    this.intervalMs = intervalMs;
    // Before the first read, and during a read, the plan comes by itself.
    if (this.readAtMs === NEVER || this.lastReadMs === -NEVER) return;
    this.slotMs = this.lastReadMs;
    this.planSlot(nowMs);
  }

  /** Breaks a read off, which is no fault, and reads again as soon as the sensor allows. */
  interrupt(): void {
    if (this.captureDeadlineMs === NEVER) return;
    this.sensor.close();
    this.captureDeadlineMs = NEVER;
    this.readAtMs = this.lastReadMs + READ_MINIMUM_INTERVAL_MS;
  }

  stop(): void {
    this.readAtMs = NEVER;
    this.captureDeadlineMs = NEVER;
    this.sensor.close();
  }

  tick(nowMs: number): void {
    if (nowMs >= this.captureDeadlineMs) {
      this.sensor.close();
      this.fail('capture-timeout', -1, nowMs);
    }
    if (nowMs < this.readAtMs) return;
    this.lastReadMs = nowMs - this.readAtMs <= TIMER_LATENESS_MS ? this.readAtMs : nowMs;
    this.readAtMs = NEVER;
    this.captureDeadlineMs = nowMs + CAPTURE_TIMEOUT_MS;
    this.sensor.sample(this.onSample);
  }

  private finish(fault: Measurement | undefined, sample: Dht22Sample | undefined): void {
    const nowMs = this.uptime();
    if (!sample) return this.fail(fault?.fault ?? 'no-response', fault?.faultBit ?? -1, nowMs);
    this.captureDeadlineMs = NEVER;
    if (sample.repairedEdges > 0) this._repairedReads++;
    if (this.isRefresh) return this.planMeasurement();
    this._trouble = undefined;
    this.planSlot(nowMs);
    const temperatureTenths = Math.round(sample.thermometer.temperature * 10);
    const humidityTenths = Math.round(sample.hygrometer.humidity * 10);
    this.handler.onReading(temperatureTenths, humidityTenths, nowMs);
  }

  private fail(fault: SensorFaultClass, bit: number, nowMs: number): void {
    this.captureDeadlineMs = NEVER;
    const index = SENSOR_FAULT_CLASSES.indexOf(fault);
    this._faultCounts[index] = (this._faultCounts[index] as number) + 1;
    this._trouble = { fault, bit, sinceMs: this._trouble?.sinceMs ?? nowMs };
    if (this.isRefresh) this.planMeasurement();
    else if (this.canRetry()) this.planRetry();
    else this.planSlot(nowMs);
    this.handler.onFault(fault, bit);
  }

  // --- Planning -----------------------------------------------------------------------------------------------------

  /** The sensor has measured anew: that is read at its place on the grid. */
  private planMeasurement(): void {
    this.isRefresh = false;
    this.readAtMs = Math.max(this.slotMs, this.lastReadMs + READ_MINIMUM_INTERVAL_MS);
  }

  /** A retry must not push the next reading off its place, with the two reads that this one takes after a pause. */
  private canRetry(): boolean {
    const retryAtMs = this.lastReadMs + READ_MINIMUM_INTERVAL_MS;
    return this.retries < RETRIES_MAXIMUM && retryAtMs + READ_MINIMUM_INTERVAL_MS <= this.slotMs + this.intervalMs;
  }

  private planRetry(): void {
    this.retries++;
    this.readAtMs = this.lastReadMs + READ_MINIMUM_INTERVAL_MS;
  }

  /** A station that was late keeps to the grid, and does not make up for what it missed. */
  private planSlot(nowMs: number): void {
    const intervalMs = this.intervalMs;
    this.retries = 0;
    this.slotMs += intervalMs * (1 + Math.max(0, Math.floor((nowMs - this.slotMs) / intervalMs)));
    this.isRefresh = this.slotMs - this.lastReadMs > STALE_AFTER_MS;
    const readAtMs = this.isRefresh ? this.slotMs - READ_MINIMUM_INTERVAL_MS : this.slotMs;
    this.readAtMs = Math.max(readAtMs, this.lastReadMs + READ_MINIMUM_INTERVAL_MS);
  }
}
