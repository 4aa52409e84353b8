// Says with one LED how the station fares. A pattern is a list of durations, lit first; the steady one needs no timer.

import type { Led } from '../ports.js';

export type LedPattern = 'set-up' | 'connecting' | 'online' | 'sensor-fault' | 'identify';

/** Milliseconds: lit, dark, lit, dark … and again from the start. Empty: lit for good. */
const DURATIONS_MS: { readonly [Pattern in LedPattern]: readonly number[] } = Object.freeze({
  // No network is set: a short flash every two seconds.
  'set-up': Object.freeze([100, 1_900]),
  // No network, or no broker: an even, hurried blinking.
  connecting: Object.freeze([250, 250]),
  online: Object.freeze([]),
  // The sensor gives no readings: two flashes, pause.
  'sensor-fault': Object.freeze([100, 150, 100, 1_650]),
  // Somebody asks which board this is: a flicker.
  identify: Object.freeze([50, 50]),
});

/** How long a station that was asked shows itself. */
const IDENTIFY_MS = 10_000;

const NEVER = Number.POSITIVE_INFINITY;

export class StatusLed {
  private readonly led: Led;
  private pattern: LedPattern | undefined;
  /** Place in the pattern: lit where it is even. */
  private step = 0;
  private nextStepMs = NEVER;
  private identifyUntilMs = -NEVER;

  constructor(led: Led) {
    this.led = led;
  }

  /** When `show` must be called at the latest, or infinity. */
  get deadlineMs(): number {
    return this.nextStepMs;
  }

  /** For the next ten seconds, everything else is of no interest. */
  identify(nowMs: number): void {
    this.identifyUntilMs = nowMs + IDENTIFY_MS;
  }

  /** Shows `pattern` from now on, or goes on with it. */
  show(pattern: LedPattern, nowMs: number): void {
    const shown = nowMs < this.identifyUntilMs ? 'identify' : pattern;
    if (shown !== this.pattern) {
      this.pattern = shown;
      this.begin(0, nowMs);
    } else if (nowMs >= this.nextStepMs) {
      this.begin((this.step + 1) % DURATIONS_MS[shown].length, nowMs);
    }
  }

  private begin(step: number, nowMs: number): void {
    this.step = step;
    this.nextStepMs = nowMs + (DURATIONS_MS[this.pattern as LedPattern][step] ?? NEVER);
    this.led.write(step % 2 === 0 ? 1 : 0);
  }
}
