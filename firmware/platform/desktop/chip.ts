// A computer in the place of a chip: it cannot restart itself, so it makes a new board in the same machine.

import type { Chip, ResetCause } from '../../ports.js';
import { timer } from '../timer.js';

export class DesktopChip implements Chip {
  readonly freeMemory = 0;
  readonly #startAgain: () => void;
  #resetCause: ResetCause = 'power-on';
  #watchdog: unknown;

  /** @param startAgain makes a new board in the place of the one that runs. */
  constructor(startAgain: () => void) {
    this.#startAgain = startAgain;
  }

  get resetCause(): ResetCause {
    return this.#resetCause;
  }

  restart(): void {
    this.#reset('restart');
  }

  feedWatchdog(timeoutMs: number): void {
    this.#disarm();
    this.#watchdog = timer.set(() => this.#reset('watchdog'), timeoutMs);
  }

  #reset(cause: ResetCause): void {
    this.#disarm();
    this.#resetCause = cause;
    timer.set(this.#startAgain, 0);
  }

  #disarm(): void {
    if (this.#watchdog !== undefined) timer.clear(this.#watchdog);
    this.#watchdog = undefined;
  }
}
