// A computer in the place of a chip: it cannot restart itself, so it makes a new board in the same machine.

import type { Chip, ResetCause } from '../../ports.js';
import { timer } from '../timer.js';

export class DesktopChip implements Chip {
  readonly freeMemory = 0;
  private readonly startAgain: () => void;
  private _resetCause: ResetCause = 'power-on';
  private watchdog: unknown;

  /** @param startAgain makes a new board in the place of the one that runs. */
  constructor(startAgain: () => void) {
    this.startAgain = startAgain;
  }

  get resetCause(): ResetCause {
    return this._resetCause;
  }

  restart(): void {
    this.reset('restart');
  }

  feedWatchdog(timeoutMs: number): void {
    this.disarm();
    this.watchdog = timer.set(() => this.reset('watchdog'), timeoutMs);
  }

  private reset(cause: ResetCause): void {
    this.disarm();
    this._resetCause = cause;
    timer.set(this.startAgain, 0);
  }

  private disarm(): void {
    if (this.watchdog !== undefined) timer.clear(this.watchdog);
    this.watchdog = undefined;
  }
}
