// Seeded chance for models: the same seed gives the same numbers. Fast enough for millions of pulse trains.

export class Chance {
  #state: number;
  #spare = Number.NaN;

  /** @param seed any integer */
  constructor(seed: number) {
    // Small seeds differ in few bits: scrambled, they begin far apart.
    this.#state = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d) | 0;
  }

  /** At least 0, less than 1, in steps of 2^-32 (splitmix32). */
  share(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return ((bits ^ (bits >>> 15)) >>> 0) / 0x1_0000_0000;
  }

  between(minimum: number, maximum: number): number {
    return minimum + (maximum - minimum) * this.share();
  }

  /** A whole number from `minimum` to `maximum`, both included. */
  whole(minimum: number, maximum: number): number {
    return minimum + Math.floor((maximum - minimum + 1) * this.share());
  }

  /** Normal distribution with mean 0 and deviation 1 (Marsaglia's polar method). */
  normal(): number {
    const spare = this.#spare;
    if (!Number.isNaN(spare)) {
      this.#spare = Number.NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.share() - 1;
      const y = 2 * this.share() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.#spare = y * factor;
      return x * factor;
    }
  }
}
