// Uptime that never wraps and never goes back, out of ticks that do both.

import type { Uptime } from '../ports.js';

/**
 * Counts milliseconds from 0 on. `readTicks` gives milliseconds from an arbitrary zero: on a board a signed 32-bit counter, on a
 * computer the time of day. What counts is the difference to the call before, taken modulo 2³²; so there must be a call at
 * least every 24 days, and a clock that was set back stands still for once.
 */
export function startUptime(readTicks: () => number): Uptime {
  let lastTicks = readTicks();
  let elapsedMs = 0;
  return () => {
    const ticks = readTicks();
    const sinceMs = (ticks - lastTicks) | 0;
    lastTicks = ticks;
    if (sinceMs > 0) elapsedMs += sinceMs;
    return elapsedMs;
  };
}
