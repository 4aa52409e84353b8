// The 40 bits of a DHT22 and what they mean: humidity × 10, temperature × 10, checksum (AM2302 datasheet, "data format").

/** Why a read gave no reading. */
export type Dht22FaultClass = 'no-response' | 'bit-missing' | 'checksum' | 'out-of-range';

export const DHT22_FAULT_CLASSES: readonly Dht22FaultClass[] = Object.freeze([
  'no-response',
  'bit-missing',
  'checksum',
  'out-of-range',
] as const);

/** The measuring range of the sensor, in tenths (datasheet: -40 to 80 °C, 0 to 100 %RH). */
export const TEMPERATURE_MINIMUM_TENTHS = -400;
export const TEMPERATURE_MAXIMUM_TENTHS = 800;
export const HUMIDITY_MAXIMUM_TENTHS = 1000;

/** A read's result, used again for each read: either `fault` is set, or both values are. */
export interface Measurement {
  fault: Dht22FaultClass | undefined;
  /** Which of the 40 bits was missing, 0 to 39; -1 where the fault has no bit. */
  faultBit: number;
  /** 0.1 °C. */
  temperatureTenths: number;
  /** 0.1 %RH. */
  humidityTenths: number;
}

/** Decodes a frame of five bytes into `measurement`. */
export function decodeFrame(frame: Uint8Array, measurement: Measurement): void {
  const humidityHigh = frame[0] as number;
  const humidityLow = frame[1] as number;
  const temperatureHigh = frame[2] as number;
  const temperatureLow = frame[3] as number;
  measurement.faultBit = -1;
  if (((humidityHigh + humidityLow + temperatureHigh + temperatureLow) & 0xff) !== frame[4]) {
    measurement.fault = 'checksum';
    return;
  }
  const humidityTenths = (humidityHigh << 8) | humidityLow;
  const temperatureTenths = signedTenths((temperatureHigh << 8) | temperatureLow);
  if (
    humidityTenths > HUMIDITY_MAXIMUM_TENTHS ||
    temperatureTenths < TEMPERATURE_MINIMUM_TENTHS ||
    temperatureTenths > TEMPERATURE_MAXIMUM_TENTHS
  ) {
    measurement.fault = 'out-of-range';
    return;
  }
  measurement.fault = undefined;
  measurement.temperatureTenths = temperatureTenths;
  measurement.humidityTenths = humidityTenths;
}

/**
 * Most parts send sign and magnitude (0x8002 = -0.2 °C), some clones two's complement (0xFFF7 = -0.9 °C). The two cannot be
 * confused inside the measuring range: a magnitude there is at most 400, a two's complement there at least 0xFE70.
 */
function signedTenths(raw: number): number {
  if (raw < 0x8000) return raw;
  const magnitude = raw & 0x7fff;
  // Subtraction from 0, not negation: 0x8000 is 0, never -0.
  return magnitude > -TEMPERATURE_MINIMUM_TENTHS ? raw - 0x10000 : 0 - magnitude;
}
