// The one SUBSCRIBE or UNSUBSCRIBE that can be under way: what answers it, and until when.

const NEVER = Number.POSITIVE_INFINITY;

export class Request {
  #packetId = 0;
  #answerType = 0;
  #filterCount = 0;
  #deadlineMs = NEVER;

  /** 0 where none is under way. */
  get packetId(): number {
    return this.#packetId;
  }

  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  begin(packetId: number, answerType: number, filterCount: number, deadlineMs: number): void {
    this.#packetId = packetId;
    this.#answerType = answerType;
    this.#filterCount = filterCount;
    this.#deadlineMs = deadlineMs;
  }

  /** Whether a packet of `type` with `codeCount` reason codes can be the answer: one code for each filter ([MQTT-3.8.4-6]). */
  isAnsweredBy(type: number, codeCount: number): boolean {
    return type === this.#answerType && codeCount === this.#filterCount;
  }

  clear(): void {
    this.#packetId = 0;
    this.#deadlineMs = NEVER;
  }
}
