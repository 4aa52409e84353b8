// The chip port over chip.c, of which each chip has its own with the same functions.

import type { Chip, ResetCause } from '../../../ports.js';

// XS binds these by name to the functions of chip.c.
// biome-ignore lint/suspicious/noExplicitAny: what it returns is what the C function sets.
declare function native(name: string): (...args: unknown[]) => any;

/** By the numbers of chip.c. */
const RESET_CAUSES: readonly ResetCause[] = Object.freeze([
  'unknown',
  'power-on',
  'reset-button',
  'restart',
  'watchdog',
  'crash',
  'brown-out',
] as const);

class NativeChip implements Chip {
  get resetCause(): ResetCause {
    return RESET_CAUSES[this.resetCauseNumber] as ResetCause;
  }

  get resetCauseNumber(): number {
    return native('xs_chip_reset_cause').call(this);
  }

  get freeMemory(): number {
    return native('xs_chip_free_memory').call(this);
  }

  /** Whether the image was built with the debugger, which then speaks on the serial line. */
  get isDebugged(): boolean {
    return native('xs_chip_is_debugged').call(this);
  }

  restart(): void {
    return native('xs_chip_restart').call(this);
  }

  feedWatchdog(timeoutMs: number): void {
    return native('xs_chip_feed_watchdog').call(this, timeoutMs);
  }
}

/** The chip that this runs on. Preloaded, so it takes no memory. */
export const chip = Object.freeze(new NativeChip());
