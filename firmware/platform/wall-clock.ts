// The machine's time of day, once it has one: a board starts in 1970.

import { EPOCH_EARLIEST_SECONDS } from '../station/clock.js';

/** UTC in seconds since 1970; `undefined` where the machine cannot know it yet. */
export function wallClock(): number | undefined {
  const epochSeconds = Math.floor(Date.now() / 1000);
  return epochSeconds < EPOCH_EARLIEST_SECONDS ? undefined : epochSeconds;
}
