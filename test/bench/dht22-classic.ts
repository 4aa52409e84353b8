// The two classic ways to read a DHT22, to measure against: both look at each high by itself, at the place where it ought to be.

import { decodeFrame, FRAME_BITS, FRAME_BYTES, type Measurement } from '../../firmware/dht22/frame.js';
import { DHT22_MODELS } from '../../firmware/dht22/model.js';

/** Bit 0 begins at this edge. */
const FIRST_BIT_EDGE = 2;

/** Between the longest zero (30 µs) and the shortest one (68 µs). */
const THRESHOLD_US = 40;

/** Whether a bit is 1, from the lengths of its low and its high. */
type Classic = (lowUs: number, highUs: number) => boolean;

export const CLASSICS = {
  'high longer than low': (lowUs, highUs) => highUs > lowUs,
  'threshold at 40 µs': (_lowUs, highUs) => highUs > THRESHOLD_US,
} as const satisfies Record<string, Classic>;

export type ClassicName = keyof typeof CLASSICS;

const frame = new Uint8Array(FRAME_BYTES);

/** Reads an answer as `classic` does; what the frame means is checked as for our own decoder. */
export function decodeClassic(classic: Classic, edgesUs: Uint16Array, edgeCount: number, measurement: Measurement): void {
  frame.fill(0);
  for (let bit = 0; bit < FRAME_BITS; bit++) {
    const fall = FIRST_BIT_EDGE + 2 * bit;
    if (fall + 2 >= edgeCount) {
      measurement.fault = 'bit-missing';
      return;
    }
    const lowUs = (edgesUs[fall + 1] as number) - (edgesUs[fall] as number);
    const highUs = (edgesUs[fall + 2] as number) - (edgesUs[fall + 1] as number);
    if (classic(lowUs, highUs)) frame[bit >> 3] = (frame[bit >> 3] as number) | (0x80 >> (bit & 7));
  }
  decodeFrame(frame, DHT22_MODELS.dht22, measurement);
}
