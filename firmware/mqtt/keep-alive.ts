// When to ask whether the server is still there, and when to believe that it is not (§3.1.2.10). Silence from either side counts:
// ours, because the server closes after 1.5 keep-alives ([MQTT-3.1.2-22]); the server's, because a peer that vanished lets us
// write for minutes.

const NEVER = Number.POSITIVE_INFINITY;

export class KeepAlive {
  private readonly timeoutMs: number;
  private intervalMs = 0;
  private _lastSentMs = 0;
  private lastReceivedMs = 0;
  private _deadlineMs = NEVER;

  /** @param timeoutMs how long a PINGRESP may take. */
  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  start(seconds: number, nowMs: number): void {
    this.interval(seconds);
    this._lastSentMs = nowMs;
    this.lastReceivedMs = nowMs;
    this._deadlineMs = NEVER;
  }

  /** Seconds, 0 switches it off. The server's word counts ([MQTT-3.1.2-21]). */
  interval(seconds: number): void {
    this.intervalMs = seconds * 1000;
  }

  /** When something was sent last. */
  get lastSentMs(): number {
    return this._lastSentMs;
  }

  sent(nowMs: number): void {
    this._lastSentMs = nowMs;
  }

  received(nowMs: number): void {
    this.lastReceivedMs = nowMs;
  }

  /** When a PINGREQ is due, or infinity. Three quarters of the interval leave room for a slow turn. */
  get dueMs(): number {
    if (this.intervalMs === 0 || this._deadlineMs !== NEVER) return NEVER;
    return Math.min(this._lastSentMs, this.lastReceivedMs) + (this.intervalMs * 3) / 4;
  }

  /** When the PINGRESP must be there, or infinity. */
  get deadlineMs(): number {
    return this._deadlineMs;
  }

  asked(nowMs: number): void {
    this._deadlineMs = nowMs + this.timeoutMs;
  }

  answered(): void {
    this._deadlineMs = NEVER;
  }
}
