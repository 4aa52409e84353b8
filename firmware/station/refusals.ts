// What a broker does not take: how long to wait before the next try, and how often the same message was refused in a row.

import type { Random } from '../ports.js';
import { Backoff } from './backoff.js';

const NOTHING = -1;

/** Of one lane of messages, which are sent in order. */
export class Refusals {
  readonly #backoff: Backoff;
  #untilMs = 0;
  #key = NOTHING;
  #count = 0;

  constructor(random: Random) {
    this.#backoff = new Backoff(random);
  }

  /** When the lane may go on. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /**
   * The message `key`, a number that rises along the lane, was refused. Returns how often in a row: of several that are refused at
   * once, the first counts.
   */
  refused(key: number, nowMs: number): number {
    if (nowMs >= this.#untilMs) this.#untilMs = nowMs + this.#backoff.nextDelayMs();
    if (this.#key !== NOTHING && key > this.#key) return 0;
    this.#count = key === this.#key ? this.#count + 1 : 1;
    this.#key = key;
    return this.#count;
  }

  /** The message `key` is done with: taken, or given up. */
  settled(key: number): void {
    if (key === this.#key) this.#key = NOTHING;
  }

  /** The broker takes messages of this lane again. */
  accepted(key: number): void {
    this.#backoff.reset();
    this.settled(key);
  }
}
