// The small ports of the firmware on Node: time, timers, randomness, names.

import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns';
import type { Random, Resolver, TimerPort, Uptime, WallClock } from '../../firmware/ports.js';

/** Uptime of a board that is switched on now. */
export function startUptime(): Uptime {
  const startedAtMs = performance.now();
  return () => Math.floor(performance.now() - startedAtMs);
}

export const wallClock: WallClock = () => Date.now() / 1000;

export const random: Random = () => randomBytes(4).readUInt32LE();

export const timer: TimerPort = {
  set: (callback, delayMs) => setTimeout(callback, delayMs),
  clear: (handle) => clearTimeout(handle as NodeJS.Timeout),
};

export const resolver: Resolver = {
  resolve({ host, onResolved, onError }) {
    // The device speaks IPv4 alone.
    lookup(host, { family: 4 }, (error, address) => (error ? onError(host) : onResolved(host, address)));
  },
};
