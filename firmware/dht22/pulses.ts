// How long the pulses of this very sensor are. Each part has lengths of its own, and a long cable makes lows longer and highs shorter;
// so they are measured in the answer that is to be decoded.

/** What the datasheet says, and how many measured pulses that counts for: an answer may have few ones. */
const TYPICAL_LOW_US = 51.5;
const TYPICAL_ZERO_US = 26;
const TYPICAL_ONE_US = 71.5;
const TYPICAL_WEIGHT = 4;

/** A low is this long, more or less; a high never is for long. */
const LOW_MINIMUM_US = 35;
const LOW_MAXIMUM_US = 80;

/** From one falling edge to the next. What a cable takes from a high it gives to the low before: this sum stays. */
const BIT_MINIMUM_US = 60;
const ZERO_BIT_MAXIMUM_US = 100;
const BIT_MAXIMUM_US = 145;

/** So much from the length of a low, and it no longer matters how much more. */
const FAR_FROM_LOW_US = 30;

/** Lengths of one sensor's pulses, in µs. */
export class Pulses {
  lowUs = TYPICAL_LOW_US;
  zeroUs = TYPICAL_ZERO_US;
  oneUs = TYPICAL_ONE_US;

  /** Measures the bits among `edgesUs`, where falling edges have the parity `firstFall` (0 or 1). Pulses that look disturbed are left out. */
  measure(edgesUs: Uint16Array, edgeCount: number, firstFall: number): void {
    let lows = TYPICAL_WEIGHT;
    let zeros = TYPICAL_WEIGHT;
    let ones = TYPICAL_WEIGHT;
    let lowSumUs = TYPICAL_WEIGHT * TYPICAL_LOW_US;
    let zeroSumUs = TYPICAL_WEIGHT * TYPICAL_ZERO_US;
    let oneSumUs = TYPICAL_WEIGHT * TYPICAL_ONE_US;
    for (let fall = firstFall; fall + 2 < edgeCount; fall += 2) {
      const lowUs = pulseUs(edgesUs, fall);
      const highUs = pulseUs(edgesUs, fall + 1);
      const bitUs = lowUs + highUs;
      if (lowUs < LOW_MINIMUM_US || lowUs > LOW_MAXIMUM_US || highUs < 0) continue;
      if (bitUs < BIT_MINIMUM_US || bitUs > BIT_MAXIMUM_US) continue;
      lows++;
      lowSumUs += lowUs;
      if (bitUs < ZERO_BIT_MAXIMUM_US) {
        zeros++;
        zeroSumUs += highUs;
      } else {
        ones++;
        oneSumUs += highUs;
      }
    }
    this.lowUs = lowSumUs / lows;
    this.zeroUs = zeroSumUs / zeros;
    this.oneUs = oneSumUs / ones;
  }
}

/**
 * Which edges are falling ones: 0 where the first is, 1 where the first edge is missing, or one too many is in front. Lows are all
 * alike, highs are not.
 */
export function findFirstFall(edgesUs: Uint16Array, edgeCount: number): 0 | 1 {
  let evenUs = 0;
  let oddUs = 0;
  for (let edge = 0; edge + 2 < edgeCount; edge += 2) {
    evenUs += farFromLowUs(pulseUs(edgesUs, edge));
    oddUs += farFromLowUs(pulseUs(edgesUs, edge + 1));
  }
  return oddUs < evenUs ? 1 : 0;
}

function farFromLowUs(lengthUs: number): number {
  return Math.min(FAR_FROM_LOW_US, Math.abs(lengthUs - TYPICAL_LOW_US));
}

/** From edge `edge` to the next; below 0 where the host served them in the wrong order. */
export function pulseUs(edgesUs: Uint16Array, edge: number): number {
  return (edgesUs[edge + 1] as number) - (edgesUs[edge] as number);
}
