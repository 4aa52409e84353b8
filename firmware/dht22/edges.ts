// From edge times to a frame. The sensor answers the start pulse with 80 µs low and 80 µs high, then sends 40 bits, each
// 50 µs low and then high for 22–30 µs (0) or 68–75 µs (1), and ends with one more low (AM2302 datasheet, "communication").

import type { Measurement } from './frame.js';

export const FRAME_BITS = 40;
export const FRAME_BYTES = 5;

/** Edges of an answer: falling and rising of the response, of each bit, and of the closing low. */
export const ANSWER_EDGES = 2 + 2 * FRAME_BITS + 2;

/** Index of the edge at which bit 0 begins. */
const FIRST_BIT_EDGE = 2;

/** The longest that one bit can last; the datasheet's is 130 µs, and late interrupts stretch it. */
const BIT_MAXIMUM_US = 200;

/**
 * Reads the bits out of `edgeCount` edges (µs, alternating, the first one falling). A bit is 1 where its high is longer than its
 * low. Fills `frame` and returns true; or sets the fault of `measurement` and returns false.
 */
export function decodeEdges(edgesUs: Uint16Array, edgeCount: number, frame: Uint8Array, measurement: Measurement): boolean {
  frame.fill(0);
  if (edgeCount <= FIRST_BIT_EDGE) {
    measurement.fault = 'no-response';
    measurement.faultBit = -1;
    return false;
  }
  for (let bit = 0; bit < FRAME_BITS; bit++) {
    const low = FIRST_BIT_EDGE + 2 * bit;
    // A bit needs its own two edges and the falling one that ends it.
    const lowUs = (edgesUs[low + 1] as number) - (edgesUs[low] as number);
    const highUs = (edgesUs[low + 2] as number) - (edgesUs[low + 1] as number);
    if (low + 2 >= edgeCount || lowUs <= 0 || highUs <= 0 || lowUs + highUs > BIT_MAXIMUM_US) {
      measurement.fault = 'bit-missing';
      measurement.faultBit = bit;
      return false;
    }
    if (highUs > lowUs) frame[bit >> 3] = (frame[bit >> 3] as number) | (0x80 >> (bit & 7));
  }
  return true;
}
