// How long to wait before the next try: exponential, with full jitter, so that thirty boards that lost one broker do not
// come back all at once.

import type { Random } from '../ports.js';

export const RETRY_MINIMUM_MS = 1_000;
export const RETRY_MAXIMUM_MS = 60_000;

/** A connection that stayed up this long was a good one: the next wait is a short one again. */
export const STABLE_AFTER_MS = 30_000;

const RANDOM_RANGE = 0x1_0000_0000;

export class Backoff {
  private readonly random: Random;
  private readonly maximumMs: number;
  private ceilingMs = RETRY_MINIMUM_MS;

  /** @param maximumMs longest wait. */
  constructor(random: Random, maximumMs: number = RETRY_MAXIMUM_MS) {
    this.random = random;
    this.maximumMs = maximumMs;
  }

  /** The next wait, from RETRY_MINIMUM_MS on: drawn evenly below a ceiling that doubles each time. */
  nextDelayMs(): number {
    this.ceilingMs = Math.min(2 * this.ceilingMs, this.maximumMs);
    const share = this.random() / RANDOM_RANGE;
    return RETRY_MINIMUM_MS + Math.floor(share * (this.ceilingMs - RETRY_MINIMUM_MS));
  }

  reset(): void {
    this.ceilingMs = RETRY_MINIMUM_MS;
  }
}
