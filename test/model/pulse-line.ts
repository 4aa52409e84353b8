// The pulse model: a sensor whose pulses have lengths of their own, a cable, and a host that does not see each edge when it comes.
// docs/dht22.md says what each disturbance stands for; tests and the benchmark draw their trains here.

import type { Chance } from './chance.js';

export const FRAME_BITS = 40;

/** Falling and rising edge of the response, of each bit, and of the closing low. */
export const ANSWER_EDGES = 2 + 2 * FRAME_BITS + 2;

/** The host has room for so many edges; what comes then is not captured. */
const CAPTURED_EDGES = ANSWER_EDGES + 4;

const RESPONSE_US = 80;

/** How much one pulse differs from the next of its kind (deviation). */
const SPREAD_US = 1;

/** What happens to the edges on their way; what is left out does not happen. */
export interface Disturbance {
  /** Each edge is served early or late by so much (deviation of a normal distribution). */
  readonly jitterUs?: number;
  /** Share of the edges that are served late, by 30 to 60 µs. */
  readonly lateShare?: number;
  /** How many times in a frame, on average, no interrupt is served for 20 to 120 µs. */
  readonly burstsPerFrame?: number;
  /** A slow rise: each rising edge is seen up to so much later, the same for all of a frame. */
  readonly riseUs?: number;
  /** How many pulses of a frame, on average, are not seen at all: both of their edges are missing. */
  readonly missingPerFrame?: number;
  /** How many short pulses (1 to 15 µs) of a frame, on average, come from elsewhere. */
  readonly extraPerFrame?: number;
  /** Share of the frames that lack the first edge, or have one before it, so that falling edges pass for rising ones. */
  readonly shiftedShare?: number;
}

/** A frame's edges as the sensor makes them, and then as the host sees them. One object serves for all frames. */
export class PulseLine {
  /** µs since the first edge, alternating, the first one falling. */
  readonly edgesUs = new Uint16Array(CAPTURED_EDGES);
  edgeCount = 0;
  readonly #chance: Chance;
  readonly #disturbance: Disturbance;
  /** When edges come, and when they are served. */
  readonly #comesUs = new Float64Array(2 * ANSWER_EDGES);
  readonly #servedUs = new Float64Array(2 * ANSWER_EDGES);
  #count = 0;

  constructor(chance: Chance, disturbance: Disturbance) {
    this.#chance = chance;
    this.#disturbance = disturbance;
  }

  /** Sends `frame` (5 bytes) from a sensor that nobody has seen before. */
  send(frame: Uint8Array): void {
    const { missingPerFrame = 0, extraPerFrame = 0, shiftedShare = 0 } = this.#disturbance;
    this.#writeFrame(frame);
    for (let pulses = this.#countOf(missingPerFrame); pulses > 0; pulses--) this.#removePulse();
    for (let pulses = this.#countOf(extraPerFrame); pulses > 0; pulses--) this.#insertPulse();
    this.#serve();
    if (shiftedShare > 0 && this.#chance.share() < shiftedShare) this.#shift();
    this.#publish();
  }

  /** Lengths are those of the datasheets, constant for a sensor but for the spread. */
  #writeFrame(frame: Uint8Array): void {
    const chance = this.#chance;
    const riseUs = (this.#disturbance.riseUs ?? 0) * chance.share();
    const lowUs = chance.between(48, 55);
    const zeroUs = chance.between(22, 30);
    const oneUs = chance.between(68, 75);
    let atUs = 0;
    this.#count = 0;
    const pulse = (lowLengthUs: number, highLengthUs: number) => {
      const riseAtUs = atUs + lowLengthUs + SPREAD_US * chance.normal();
      this.#comesUs[this.#count++] = atUs;
      this.#comesUs[this.#count++] = riseAtUs + riseUs;
      atUs = riseAtUs + highLengthUs + SPREAD_US * chance.normal();
    };
    pulse(RESPONSE_US, RESPONSE_US);
    for (let bit = 0; bit < FRAME_BITS; bit++) pulse(lowUs, (frame[bit >> 3] as number) & (0x80 >> (bit & 7)) ? oneUs : zeroUs);
    pulse(lowUs, 0);
  }

  /** How many there are this time, where `mean` are the average (Poisson). */
  #countOf(mean: number): number {
    if (mean === 0) return 0;
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.#chance.share(); product > limit; product *= this.#chance.share()) count++;
    return count;
  }

  #removePulse(): void {
    const at = this.#chance.whole(0, this.#count - 2);
    this.#comesUs.copyWithin(at, at + 2, this.#count);
    this.#count -= 2;
  }

  #insertPulse(): void {
    if (this.#count + 2 > this.#comesUs.length) return;
    const at = this.#chance.whole(1, this.#count - 1);
    const fromUs = this.#chance.between(this.#comesUs[at - 1] as number, this.#comesUs[at] as number);
    const toUs = Math.min(fromUs + this.#chance.between(1, 15), this.#comesUs[at] as number);
    this.#comesUs.copyWithin(at + 2, at, this.#count);
    this.#comesUs[at] = fromUs;
    this.#comesUs[at + 1] = toUs;
    this.#count += 2;
  }

  /**
   * One interrupt serves all edges that have come by then. The host stores when it was served, and only where the level is no longer
   * that of the edge before: of an even number of edges at once nothing remains, of an odd number one edge.
   */
  #serve(): void {
    this.#delay();
    let served = 0;
    for (let edge = 0; edge < this.#count; ) {
      const atUs = this.#servedUs[edge] as number;
      let next = edge + 1;
      while (next < this.#count && (this.#comesUs[next] as number) < atUs) next++;
      if ((next - edge) % 2 === 1) this.#servedUs[served++] = atUs;
      edge = next;
    }
    this.#count = served;
  }

  /** Fills in when each edge would be served on its own; what is merely jitter merges nothing, and keeps the order. */
  #delay(): void {
    const chance = this.#chance;
    const { jitterUs = 0, lateShare = 0, burstsPerFrame = 0 } = this.#disturbance;
    for (let edge = 0; edge < this.#count; edge++) {
      const jitter = jitterUs === 0 ? 0 : jitterUs * chance.normal();
      const isLate = lateShare > 0 && chance.share() < lateShare;
      const previousUs = edge === 0 ? Number.NEGATIVE_INFINITY : (this.#comesUs[edge - 1] as number);
      this.#comesUs[edge] = Math.max(previousUs, (this.#comesUs[edge] as number) + jitter);
      this.#servedUs[edge] = (this.#comesUs[edge] as number) + (isLate ? chance.between(30, 60) : 0);
    }
    const endUs = this.#comesUs[this.#count - 1] as number;
    for (let bursts = this.#countOf(burstsPerFrame); bursts > 0; bursts--) {
      const fromUs = chance.between(0, endUs);
      const toUs = fromUs + chance.between(20, 120);
      for (let edge = 0; edge < this.#count; edge++) {
        const servedUs = this.#servedUs[edge] as number;
        if (servedUs >= fromUs && servedUs < toUs) this.#servedUs[edge] = toUs;
      }
    }
  }

  #shift(): void {
    if (this.#chance.share() < 0.5) {
      this.#servedUs.copyWithin(0, 1, this.#count--);
      return;
    }
    this.#servedUs.copyWithin(1, 0, this.#count++);
    this.#servedUs[0] = (this.#servedUs[1] as number) - this.#chance.between(10, 40);
  }

  #publish(): void {
    this.edgeCount = Math.min(this.#count, CAPTURED_EDGES);
    const firstUs = this.#servedUs[0] as number;
    for (let edge = 0; edge < this.edgeCount; edge++) this.edgesUs[edge] = Math.round((this.#servedUs[edge] as number) - firstUs);
  }
}
