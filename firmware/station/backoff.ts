// How long to wait before the next try: exponential, with full jitter, so that thirty boards that lost one broker do not
// come back all at once.

import type { Random } from '../ports.js';

export const RETRY_MINIMUM_MS = 1_000;
export const RETRY_MAXIMUM_MS = 60_000;

/** A connection that stayed up this long was a good one: the next wait is a short one again. */
export const STABLE_AFTER_MS = 30_000;

const RANDOM_RANGE = 0x1_0000_0000;

export class Backoff {
  readonly #random: Random;
  #ceilingMs = RETRY_MINIMUM_MS;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The next wait, RETRY_MINIMUM_MS to RETRY_MAXIMUM_MS: drawn evenly below a ceiling that doubles each time. */
  nextDelayMs(): number {
    this.#ceilingMs = Math.min(2 * this.#ceilingMs, RETRY_MAXIMUM_MS);
    const share = this.#random() / RANDOM_RANGE;
    return RETRY_MINIMUM_MS + Math.floor(share * (this.#ceilingMs - RETRY_MINIMUM_MS));
  }

  reset(): void {
    this.#ceilingMs = RETRY_MINIMUM_MS;
  }
}
