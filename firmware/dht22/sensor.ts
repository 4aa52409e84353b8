// The DHT22 and its relatives as an ECMA-419 sensor class (§13): thermometer and hygrometer in one part. Reading takes about 5 ms, so
// `sample` is of the asynchronous kind: it returns at once and calls back.

import { ContractError } from '../errors.js';
import type { EdgeCapture, EdgeCaptureConstructor } from '../ports.js';
import { AnswerDecoder, EDGES_MAXIMUM } from './edges.js';
import { type Measurement, newMeasurement } from './frame.js';
import { DHT22_MODELS, type Dht22Model } from './model.js';

export interface Dht22Options {
  readonly sensor: {
    /** Class that captures edges. */
    readonly io: EdgeCaptureConstructor;
    /** GPIO number of the data line. */
    readonly pin: number;
  };
  /** Which sensor it is. Default: `dht22`. */
  readonly model?: Dht22Model;
  /** Memory of at least `PATHS_BYTES` that a read overwrites when it ends, and that others may use in between. Default: its own. */
  readonly scratch?: ArrayBuffer;
}

export interface Dht22Configuration {
  /** Added to each temperature, in °C: parts near a warm board read high. */
  readonly temperatureOffset?: number;
  /** Added to each humidity, in %RH. The result is kept within 0 to 100. */
  readonly humidityOffset?: number;
}

/** ECMA-419 sample object. */
export interface Dht22Sample {
  readonly thermometer: {
    /** °C, in steps of 0.1. */
    readonly temperature: number;
  };
  readonly hygrometer: {
    /** Percent relative humidity, 0 to 100, in steps of 0.1. */
    readonly humidity: number;
  };
  /** How many edges of the answer were late, missing or too many, and were read around; 0 for most samples. */
  readonly repairedEdges: number;
}

/** Receives the result of a `sample`: `fault` is `undefined`, or says why there is no sample. */
export type Dht22Callback = (fault: Measurement | undefined, sample: Dht22Sample | undefined) => void;

export class Dht22 {
  private readonly capture: EdgeCapture;
  private readonly decoder: AnswerDecoder;
  private readonly measurement = newMeasurement();
  // One sample object serves for all reads: nothing is allocated in the steady state.
  private readonly _sample = { thermometer: { temperature: 0 }, hygrometer: { humidity: 0 }, repairedEdges: 0 };
  private temperatureOffset = 0;
  private humidityOffset = 0;
  private callback: Dht22Callback | undefined;

  constructor(options: Dht22Options) {
    const { io: Capture, pin } = options.sensor;
    const traits = DHT22_MODELS[options.model ?? 'dht22'];
    const edgesUs = new Uint16Array(EDGES_MAXIMUM);
    this.decoder = new AnswerDecoder(traits, edgesUs, options.scratch);
    this.capture = new Capture({
      pin,
      startPulseUs: traits.startPulseUs,
      edgesUs,
      onEdges: (edgeCount) => this.onEdges(edgeCount),
    });
  }

  configure(configuration: Dht22Configuration): void {
    this.temperatureOffset = configuration.temperatureOffset ?? this.temperatureOffset;
    this.humidityOffset = configuration.humidityOffset ?? this.humidityOffset;
  }

  /**
   * Reads the sensor and calls `callback` once, never from within this call. What it receives is valid only during the callback.
   * The caller keeps the sensor's pace: at most one read in 2 s. Throws `ContractError` while a read is under way.
   */
  sample(callback: Dht22Callback): void {
    if (this.callback) throw new ContractError('sample while a read is under way');
    this.callback = callback;
    this.capture.start();
  }

  /** Ends a read under way; its callback is not called. */
  close(): void {
    this.callback = undefined;
    this.capture.close();
  }

  private onEdges(edgeCount: number): void {
    const callback = this.callback;
    this.callback = undefined;
    const measurement = this.measurement;
    this.decoder.decode(edgeCount, measurement);
    if (measurement.fault !== undefined) return callback?.(measurement, undefined);
    const { thermometer, hygrometer } = this._sample;
    thermometer.temperature = roundToTenths(measurement.temperatureTenths / 10 + this.temperatureOffset);
    hygrometer.humidity = roundToTenths(clampPercent(measurement.humidityTenths / 10 + this.humidityOffset));
    this._sample.repairedEdges = measurement.repairedEdges;
    callback?.(undefined, this._sample);
  }
}

function roundToTenths(value: number): number {
  // -0.04 rounds to -0: adding 0 makes it 0.
  return Math.round(value * 10) / 10 + 0;
}

function clampPercent(value: number): number {
  return Math.max(0, Math.min(100, value));
}
