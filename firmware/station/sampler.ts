// When the sensor is read: on a fixed grid of the interval, so that delays do not add up. Failures are counted by class.

import { DHT22_FAULT_CLASSES, type Dht22FaultClass, type Measurement } from '../dht22/frame.js';
import type { Dht22, Dht22Sample } from '../dht22/sensor.js';
import type { Uptime } from '../ports.js';

/** Nothing is asked of the sensor in its first second (datasheet). */
const POWER_UP_MS = 1_000;

/** The capture ends by itself after a few ms; one that does not is a failure of its own. */
const CAPTURE_TIMEOUT_MS = 500;

/** Why there is no reading: what the sensor did, or that the capture never ended. */
export type SensorFaultClass = Dht22FaultClass | 'capture-timeout';

export const SENSOR_FAULT_CLASSES: readonly SensorFaultClass[] = Object.freeze([
  ...DHT22_FAULT_CLASSES,
  'capture-timeout',
] as const);

export interface SamplerOptions {
  readonly sensor: Dht22;
  readonly uptime: Uptime;
  readonly intervalMs: number;
  onReading(temperatureTenths: number, humidityTenths: number, nowMs: number): void;
  /** `bit` is 0 to 39, or -1 where the fault has none. */
  onFault(fault: SensorFaultClass, bit: number): void;
}

const NEVER = Number.POSITIVE_INFINITY;

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #onSample: (fault: Measurement | undefined, sample: Dht22Sample | undefined) => void;
  readonly #faultCounts = new Uint32Array(SENSOR_FAULT_CLASSES.length);
  #dueMs = NEVER;
  #captureDeadlineMs = NEVER;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#onSample = (fault, sample) => this.#finish(fault, sample);
  }

  /** When `tick` must be called at the latest, or infinity. */
  get deadlineMs(): number {
    return Math.min(this.#dueMs, this.#captureDeadlineMs);
  }

  /** How often each class of `SENSOR_FAULT_CLASSES` occurred, in their order. */
  get faultCounts(): Uint32Array {
    return this.#faultCounts;
  }

  start(nowMs: number): void {
    this.#dueMs = nowMs + POWER_UP_MS;
  }

  stop(): void {
    this.#dueMs = NEVER;
    this.#captureDeadlineMs = NEVER;
    this.#options.sensor.close();
  }

  tick(nowMs: number): void {
    if (nowMs >= this.#captureDeadlineMs) {
      this.#captureDeadlineMs = NEVER;
      this.#options.sensor.close();
      this.#fault('capture-timeout', -1);
    }
    if (nowMs < this.#dueMs) return;
    const { intervalMs, sensor } = this.#options;
    // A station that was late keeps to the grid, and does not make up for what it missed.
    this.#dueMs += intervalMs * (1 + Math.floor((nowMs - this.#dueMs) / intervalMs));
    this.#captureDeadlineMs = nowMs + CAPTURE_TIMEOUT_MS;
    sensor.sample(this.#onSample);
  }

  #finish(fault: Measurement | undefined, sample: Dht22Sample | undefined): void {
    this.#captureDeadlineMs = NEVER;
    if (!sample) return this.#fault(fault?.fault ?? 'no-response', fault?.faultBit ?? -1);
    const temperatureTenths = Math.round(sample.thermometer.temperature * 10);
    const humidityTenths = Math.round(sample.hygrometer.humidity * 10);
    this.#options.onReading(temperatureTenths, humidityTenths, this.#options.uptime());
  }

  #fault(fault: SensorFaultClass, bit: number): void {
    const index = SENSOR_FAULT_CLASSES.indexOf(fault);
    this.#faultCounts[index] = (this.#faultCounts[index] as number) + 1;
    this.#options.onFault(fault, bit);
  }
}
