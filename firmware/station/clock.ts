// What time it was when a reading was measured. Readings carry uptime; the clock knows, sooner or later, what to add to it.

import type { WallClock } from '../ports.js';
import { isDigit } from './characters.js';

/** Times outside these bounds are refused: no board was built before 2025, and none is used after 2100. */
export const EPOCH_EARLIEST_SECONDS = 1_735_689_600;
export const EPOCH_LATEST_SECONDS = 4_102_444_800;

/** A new time must differ by at least this much to be taken, so that one reading has one time in all messages. */
const STEP_SECONDS = 2;

export class Clock {
  private readonly wallClock: WallClock;
  private _offsetSeconds: number | undefined;

  /** @param wallClock the machine's own time; it wins over what is heard. */
  constructor(wallClock: WallClock) {
    this.wallClock = wallClock;
  }

  /** Epoch seconds at uptime 0, or `undefined` while the time has never been known. */
  get offsetSeconds(): number | undefined {
    return this._offsetSeconds;
  }

  /** Asks the machine for its time. */
  refresh(nowMs: number): void {
    const epochSeconds = this.wallClock();
    if (isPossible(epochSeconds)) this.set(epochSeconds, nowMs);
  }

  /** The host said on `<prefix>/clock` what time it is. Counts only while this machine has no time that can be. */
  hear(payload: Uint8Array, nowMs: number): void {
    const epochSeconds = parseWhole(payload);
    if (isPossible(epochSeconds) && !isPossible(this.wallClock())) this.set(epochSeconds, nowMs);
  }

  private set(epochSeconds: number, nowMs: number): void {
    const offsetSeconds = Math.round(epochSeconds - nowMs / 1000);
    const known = this._offsetSeconds;
    if (known === undefined || Math.abs(offsetSeconds - known) >= STEP_SECONDS) this._offsetSeconds = offsetSeconds;
  }
}

function isPossible(epochSeconds: number | undefined): epochSeconds is number {
  return epochSeconds !== undefined && epochSeconds >= EPOCH_EARLIEST_SECONDS && epochSeconds < EPOCH_LATEST_SECONDS;
}

/** A whole number of 1 to 10 digits and nothing else. */
function parseWhole(bytes: Uint8Array): number | undefined {
  if (bytes.length === 0 || bytes.length > 10) return undefined;
  let value = 0;
  for (const byte of bytes) {
    if (!isDigit(byte)) return undefined;
    value = value * 10 + (byte - 0x30);
  }
  return value;
}
