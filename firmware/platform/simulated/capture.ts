// A sensor that is not there: answers the start pulse with the pulses that a real one would send for the climate of its room. Which
// model it is, the start pulse tells: a DHT11 is woken by a long one, all others by a short one.
// It has no memory: a real one answers with what it measured at the read before.

import type { EdgeCapture, EdgeCaptureConstructor, EdgeCaptureOptions, TimerPort, Uptime } from '../../ports.js';
import type { Climate } from './climate.js';

/** A frame takes about this long on the line. */
const FRAME_MS = 5;

/** Only a DHT11 needs so long a start pulse (its datasheet: at least 18 ms). */
const DHT11_START_US = 18_000;

const RESPONSE_US = 80;
const BIT_LOW_US = 50;
const ZERO_HIGH_US = 26;
const ONE_HIGH_US = 70;

export interface SimulatedLine {
  readonly timer: TimerPort;
  readonly uptime: Uptime;
  readonly climate: Pick<Climate, 'at'>;
}

/** A class that captures from the simulated line `line`, to be handed to a sensor as its `io`. */
export function simulatedCapture(line: SimulatedLine): EdgeCaptureConstructor {
  return class SimulatedCapture implements EdgeCapture {
    private readonly options: EdgeCaptureOptions;
    private timer: unknown;
    private isCapturing = false;

    constructor(options: EdgeCaptureOptions) {
      this.options = options;
    }

    start(): void {
      const { temperatureTenths, humidityTenths } = line.climate.at(line.uptime() / 1000);
      this.isCapturing = true;
      this.timer = line.timer.set(() => {
        this.isCapturing = false;
        const { edgesUs, onEdges, startPulseUs } = this.options;
        const encode = startPulseUs < DHT11_START_US ? encodeFrame : encodeDht11Frame;
        onEdges(writeEdges(encode(temperatureTenths, humidityTenths), edgesUs));
      }, FRAME_MS);
    }

    close(): void {
      if (this.isCapturing) line.timer.clear(this.timer);
      this.isCapturing = false;
    }
  };
}

/** The five bytes that a DHT22 sends: humidity × 10, temperature × 10 as sign and magnitude, checksum. */
export function encodeFrame(temperatureTenths: number, humidityTenths: number): Uint8Array {
  const temperature = temperatureTenths < 0 ? 0x8000 | -temperatureTenths : temperatureTenths;
  return withChecksum(Uint8Array.of(humidityTenths >> 8, humidityTenths & 0xff, temperature >> 8, temperature & 0xff, 0));
}

/** Those of a DHT11: of each value its whole units and its tenths, of the temperature's tenths the top bit for the sign. */
function encodeDht11Frame(temperatureTenths: number, humidityTenths: number): Uint8Array {
  const magnitude = Math.abs(temperatureTenths);
  const sign = temperatureTenths < 0 ? 0x80 : 0;
  const [whole, tenths] = [Math.floor(magnitude / 10), magnitude % 10];
  return withChecksum(Uint8Array.of(Math.floor(humidityTenths / 10), humidityTenths % 10, whole, sign | tenths, 0));
}

function withChecksum(frame: Uint8Array): Uint8Array {
  for (let index = 0; index < 4; index++) frame[4] = ((frame[4] as number) + (frame[index] as number)) & 0xff;
  return frame;
}

/** Writes the edge times of `frame` in µs (response, 40 bits, closing low) to `edgesUs`; returns how many there are. */
export function writeEdges(frame: Uint8Array, edgesUs: Uint16Array): number {
  let edgeCount = 0;
  let atUs = 0;
  const pulse = (lowUs: number, highUs: number) => {
    edgesUs[edgeCount++] = atUs;
    edgesUs[edgeCount++] = atUs + lowUs;
    atUs += lowUs + highUs;
  };
  pulse(RESPONSE_US, RESPONSE_US);
  for (const byte of frame) {
    for (let mask = 0x80; mask > 0; mask >>= 1) pulse(BIT_LOW_US, byte & mask ? ONE_HIGH_US : ZERO_HIGH_US);
  }
  pulse(BIT_LOW_US, 0);
  return edgeCount;
}
