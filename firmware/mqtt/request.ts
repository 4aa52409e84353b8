// The one SUBSCRIBE or UNSUBSCRIBE that can be under way: what answers it, and until when.

const NEVER = Number.POSITIVE_INFINITY;

export class Request {
  private _packetId = 0;
  private answerType = 0;
  private filterCount = 0;
  private _deadlineMs = NEVER;

  /** 0 where none is under way. */
  get packetId(): number {
    return this._packetId;
  }

  get deadlineMs(): number {
    return this._deadlineMs;
  }

  begin(packetId: number, answerType: number, filterCount: number, deadlineMs: number): void {
    this._packetId = packetId;
    this.answerType = answerType;
    this.filterCount = filterCount;
    this._deadlineMs = deadlineMs;
  }

  /** Whether a packet of `type` with `codeCount` reason codes can be the answer: one code for each filter ([MQTT-3.8.4-6]). */
  isAnsweredBy(type: number, codeCount: number): boolean {
    return type === this.answerType && codeCount === this.filterCount;
  }

  clear(): void {
    this._packetId = 0;
    this._deadlineMs = NEVER;
  }
}
