// What a message says: readings out of payloads that anybody may have sent. What is no reading is refused, never repaired.

import { EPOCH_EARLIEST_SECONDS, EPOCH_LATEST_SECONDS } from '../../../firmware/station/clock.js';

/** A reading with an identity, as its station sent it. */
export interface StationReading {
  readonly seq: number;
  /** UTC epoch seconds, or `null` where the station did not know the time. */
  readonly time: number | null;
  /** Seconds since the station's start; there where `time` is `null`. */
  readonly uptime: number | null;
  /** °C. */
  readonly temperature: number;
  /** %RH. */
  readonly humidity: number;
}

export interface Batch {
  /** 12 hex digits. */
  readonly station: string;
  readonly boot: number;
  readonly readings: readonly StationReading[];
}

/** Longest payload of a batch that is looked at: a station sends 768 bytes. */
const BATCH_MAXIMUM_BYTES = 65_536;
const BATCH_MAXIMUM_READINGS = 512;
/** `-40.0` has five. */
const VALUE_MAXIMUM_BYTES = 32;
const INFO_MAXIMUM_BYTES = 4_096;
const UINT32_MAXIMUM = 0xffff_ffff;
const INTERVAL_MAXIMUM_SECONDS = 86_400;

/** What a sensor of any make can measure: what is beyond is a mistake. */
const LIMITS = { temperature: [-100, 200], humidity: [0, 100] } as const;

/** A plain decimal number with a point, as on the value topics; `undefined` for everything else. */
export function parseValue(quantity: keyof typeof LIMITS, payload: Uint8Array): number | undefined {
  if (payload.length > VALUE_MAXIMUM_BYTES) return undefined;
  const text = textOf(payload)?.trim() ?? '';
  if (!/^[+-]?\d+(?:\.\d+)?$/.test(text)) return undefined;
  return within(quantity, Number(text));
}

/** The JSON of `readings`; `undefined` where it is not what the contract says. */
export function parseBatch(payload: Uint8Array): Batch | undefined {
  const json = parseObject(payload, BATCH_MAXIMUM_BYTES);
  const { station, boot, readings } = json ?? {};
  if (typeof station !== 'string' || !/^[0-9a-f]{12}$/.test(station) || !isWhole(boot, UINT32_MAXIMUM)) return undefined;
  if (!Array.isArray(readings) || readings.length === 0 || readings.length > BATCH_MAXIMUM_READINGS) return undefined;
  const parsed = readings.map(parseReading);
  return parsed.every((reading) => reading !== undefined) ? { station, boot, readings: parsed } : undefined;
}

/** Seconds between readings from the JSON of `info`; `undefined` where it does not say. */
export function parseInterval(payload: Uint8Array): number | undefined {
  const { interval } = parseObject(payload, INFO_MAXIMUM_BYTES) ?? {};
  return isWhole(interval, INTERVAL_MAXIMUM_SECONDS) && interval > 0 ? interval : undefined;
}

function parseReading(value: unknown): StationReading | undefined {
  if (!isObject(value) || !isWhole(value['seq'], UINT32_MAXIMUM)) return undefined;
  const { seq, time, uptime } = value;
  const temperature = within('temperature', value['temperature']);
  const humidity = within('humidity', value['humidity']);
  if (temperature === undefined || humidity === undefined) return undefined;
  if (time === null) return isWhole(uptime, UINT32_MAXIMUM) ? { seq, time, uptime, temperature, humidity } : undefined;
  if (!isWhole(time, EPOCH_LATEST_SECONDS) || time < EPOCH_EARLIEST_SECONDS) return undefined;
  return { seq, time, uptime: null, temperature, humidity };
}

function parseObject(payload: Uint8Array, maximumBytes: number): Record<string, unknown> | undefined {
  if (payload.length > maximumBytes) return undefined;
  try {
    const value: unknown = JSON.parse(textOf(payload) ?? '');
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown, maximum: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maximum;
}

function within(quantity: keyof typeof LIMITS, value: unknown): number | undefined {
  const [minimum, maximum] = LIMITS[quantity];
  return typeof value === 'number' && value >= minimum && value <= maximum ? value : undefined;
}
