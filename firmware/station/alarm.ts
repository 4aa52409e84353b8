// One timer for the earliest of many deadlines.

import type { TimerPort } from '../ports.js';

/** Longest wait handed to a timer port: timers count in 32 bits. */
const DELAY_MAXIMUM_MS = 3_600_000;

const NEVER = Number.POSITIVE_INFINITY;

export interface AlarmOwner {
  /** The time has come, or an hour has passed. */
  onAlarm(): void;
}

export class Alarm {
  private readonly timer: TimerPort;
  private readonly onTimer: () => void;
  private handle: unknown;
  private dueMs = NEVER;

  constructor(timer: TimerPort, owner: AlarmOwner) {
    this.timer = timer;
    this.onTimer = () => {
      this.dueMs = NEVER;
      owner.onAlarm();
    };
  }

  /** Replaces the deadline; infinity: none. */
  set(dueMs: number, nowMs: number): void {
    if (dueMs === NEVER) return this.clear();
    const cappedMs = Math.min(Math.max(dueMs, nowMs), nowMs + DELAY_MAXIMUM_MS);
    if (this.dueMs === cappedMs) return;
    this.clear();
    this.dueMs = cappedMs;
    this.handle = this.timer.set(this.onTimer, cappedMs - nowMs);
  }

  clear(): void {
    if (this.dueMs !== NEVER) this.timer.clear(this.handle);
    this.dueMs = NEVER;
  }
}
