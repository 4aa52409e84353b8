// When to ask whether the server is still there, and when to believe that it is not (§3.1.2.10). Silence from either side counts:
// ours, because the server closes after 1.5 keep-alives ([MQTT-3.1.2-22]); the server's, because a peer that vanished lets us
// write for minutes.

const NEVER = Number.POSITIVE_INFINITY;

export class KeepAlive {
  readonly #timeoutMs: number;
  #intervalMs = 0;
  #lastSentMs = 0;
  #lastReceivedMs = 0;
  #deadlineMs = NEVER;

  /** @param timeoutMs how long a PINGRESP may take. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  start(seconds: number, nowMs: number): void {
    this.interval(seconds);
    this.#lastSentMs = nowMs;
    this.#lastReceivedMs = nowMs;
    this.#deadlineMs = NEVER;
  }

  /** Seconds, 0 switches it off. The server's word counts ([MQTT-3.1.2-21]). */
  interval(seconds: number): void {
    this.#intervalMs = seconds * 1000;
  }

  /** When something was sent last. */
  get lastSentMs(): number {
    return this.#lastSentMs;
  }

  sent(nowMs: number): void {
    this.#lastSentMs = nowMs;
  }

  received(nowMs: number): void {
    this.#lastReceivedMs = nowMs;
  }

  /** When a PINGREQ is due, or infinity. Three quarters of the interval leave room for a slow turn. */
  get dueMs(): number {
    if (this.#intervalMs === 0 || this.#deadlineMs !== NEVER) return NEVER;
    return Math.min(this.#lastSentMs, this.#lastReceivedMs) + (this.#intervalMs * 3) / 4;
  }

  /** When the PINGRESP must be there, or infinity. */
  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  asked(nowMs: number): void {
    this.#deadlineMs = nowMs + this.#timeoutMs;
  }

  answered(): void {
    this.#deadlineMs = NEVER;
  }
}
