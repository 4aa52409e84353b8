// The 40 bits of a frame and what they mean: humidity, temperature, checksum (AM2302 and DHT11 datasheets, "data format").

import type { ModelTraits } from './model.js';

export const FRAME_BITS = 40;
export const FRAME_BYTES = 5;

/** Why a read gave no reading. */
export type Dht22FaultClass = 'no-response' | 'bit-missing' | 'checksum' | 'ambiguous' | 'out-of-range' | 'impostor';

export const DHT22_FAULT_CLASSES: readonly Dht22FaultClass[] = Object.freeze([
  'no-response',
  'bit-missing',
  'checksum',
  'ambiguous',
  'out-of-range',
  'impostor',
] as const);

const HUMIDITY_MAXIMUM_TENTHS = 1000;

/** -40 °C, the coldest that any model measures, in 12 bits. */
const TWOS_COMPLEMENT_MINIMUM = 0xe70;

/** 1 °C and 1 %RH: what some parts send when they have not measured. */
const IMPOSTOR_TENTHS = 10;

/** A read's result, used again for each read: either `fault` is set, or both values are. */
export interface Measurement {
  fault: Dht22FaultClass | undefined;
  /** Which of the 40 bits is meant, 0 to 39; -1 where the fault has no bit. */
  faultBit: number;
  /** 0.1 °C. */
  temperatureTenths: number;
  /** 0.1 %RH. */
  humidityTenths: number;
  /** How many edges were not where they belong, and were read around; 0 for most readings. */
  repairedEdges: number;
}

/** A measurement to be filled, by one read after the other. */
export function newMeasurement(): Measurement {
  return { fault: undefined, faultBit: -1, temperatureTenths: 0, humidityTenths: 0, repairedEdges: 0 };
}

/** Decodes a frame of five bytes, as a sensor of the model `traits` means it, into `measurement`. */
export function decodeFrame(frame: Uint8Array, traits: ModelTraits, measurement: Measurement): void {
  measurement.faultBit = -1;
  measurement.fault = hasEqualBits(frame) ? 'impostor' : hasChecksum(frame) ? undefined : 'checksum';
  if (measurement.fault !== undefined) return;
  if (traits.hasBytePairs) readBytePairs(frame, measurement);
  else readWords(frame, measurement);
  const { temperatureTenths, humidityTenths } = measurement;
  if (
    !(humidityTenths <= HUMIDITY_MAXIMUM_TENTHS) ||
    !(temperatureTenths >= traits.temperatureMinimumTenths && temperatureTenths <= traits.temperatureMaximumTenths)
  ) {
    measurement.fault = 'out-of-range';
  } else if (humidityTenths === IMPOSTOR_TENTHS && temperatureTenths === IMPOSTOR_TENTHS) {
    measurement.fault = 'impostor';
  }
}

/** All 40 bits are 0, or all are 1: a line that is stuck. The sum of zeros is right. */
function hasEqualBits(frame: Uint8Array): boolean {
  const first = frame[0];
  return (first === 0x00 || first === 0xff) && frame.every(isFirst);
}

function isFirst(byte: number, _index: number, frame: Uint8Array): boolean {
  return byte === frame[0];
}

function hasChecksum(frame: Uint8Array): boolean {
  const sum = byteAt(frame, 0) + byteAt(frame, 1) + byteAt(frame, 2) + byteAt(frame, 3);
  return (sum & 0xff) === frame[4];
}

function readWords(frame: Uint8Array, measurement: Measurement): void {
  measurement.humidityTenths = (byteAt(frame, 0) << 8) | byteAt(frame, 1);
  measurement.temperatureTenths = signedTenths((byteAt(frame, 2) << 8) | byteAt(frame, 3));
}

/**
 * Most parts send sign and magnitude (0x8002 = -0.2 °C), some clones two's complement (0xFFF7 = -0.9 °C; a few fill it with ones only
 * up to bit 11 or 14). None can be taken for another inside the measuring range: a magnitude below zero there is at most 400, a
 * temperature above zero at most 1250, and the low 12 bits of a two's complement are at least 0xE70.
 */
function signedTenths(raw: number): number {
  const low12 = raw & 0x0fff;
  const top4 = raw >> 12;
  if (low12 >= TWOS_COMPLEMENT_MINIMUM && (top4 === 0x0 || top4 === 0x7 || top4 === 0xf)) return low12 - 0x1000;
  // Subtraction from 0, not negation: 0x8000 is 0, never -0.
  return raw < 0x8000 ? raw : 0 - (raw & 0x7fff);
}

/** Whole units, then tenths; the top bit of the tenths of a temperature is its sign. */
function readBytePairs(frame: Uint8Array, measurement: Measurement): void {
  const temperatureTenths = pairTenths(byteAt(frame, 2), byteAt(frame, 3) & 0x7f);
  measurement.humidityTenths = pairTenths(byteAt(frame, 0), byteAt(frame, 1));
  measurement.temperatureTenths = byteAt(frame, 3) & 0x80 ? 0 - temperatureTenths : temperatureTenths;
}

/** NaN, which no range includes, where the second byte is no number of tenths. */
function pairTenths(whole: number, tenths: number): number {
  return tenths < 10 ? 10 * whole + tenths : Number.NaN;
}

function byteAt(frame: Uint8Array, index: number): number {
  return frame[index] as number;
}
