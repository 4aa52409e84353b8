// The timer port on the SDK's `timer`.

import Timer from 'timer';
import type { TimerPort } from '../ports.js';

export const timer = Object.freeze<TimerPort>({
  set: (callback, delayMs) => Timer.set(callback, delayMs),
  clear: (handle) => Timer.clear(handle as Timer),
});
