// The QoS 1 and 2 messages that were sent and are not finished, in the order in which they were sent. No message is stored: only its
// packet id, the owner's tag from which it can be built again, what it waits for, and when it was sent.

import { PACKET_ID_MAXIMUM } from './protocol.js';

/** What a message waits for (§4.3.2, §4.3.3). `none` says that there is no such message. */
export const Awaits = Object.freeze({ none: 0, puback: 1, pubrec: 2, pubcomp: 3 } as const);

/** Halves of a word for each message: packet id, tag, and what it waits for. */
const STRIDE = 3;

/** A bounded, ordered table. Entries before `sentCount` were sent on this connection; the others await redelivery. */
export class Inflight {
  private readonly entries: Uint16Array;
  private readonly sentAtMs: Float64Array;
  private _count = 0;
  private _sentCount = 0;
  private lastPacketId = 0;

  /** @param window most messages in flight, 1 or more. */
  constructor(window: number) {
    this.entries = new Uint16Array(STRIDE * window);
    this.sentAtMs = new Float64Array(window);
  }

  get count(): number {
    return this._count;
  }

  /** Messages that were sent on this connection and are not finished: no more than the server's receive maximum. */
  get sentCount(): number {
    return this._sentCount;
  }

  get isFull(): boolean {
    return this._count === this.sentAtMs.length;
  }

  /** Whether messages of an earlier connection still have to be sent again: they go before any new one ([MQTT-4.6.0-1]). */
  get awaitsRedelivery(): boolean {
    return this._sentCount < this._count;
  }

  /** Tag, packet id and state of the message to be sent again next. Only while `awaitsRedelivery`. */
  get redeliveryTag(): number {
    return this.entries[STRIDE * this._sentCount + 1] as number;
  }

  get redeliveryPacketId(): number {
    return this.entries[STRIDE * this._sentCount] as number;
  }

  get redeliveryAwaits(): number {
    return this.entries[STRIDE * this._sentCount + 2] as number;
  }

  redelivered(nowMs: number): void {
    this.sentAtMs[this._sentCount++] = nowMs;
  }

  /** When the message that has waited longest on this connection was sent, or infinity. A message of QoS 2 waits once for both answers. */
  get oldestSentAtMs(): number {
    return this._sentCount > 0 ? (this.sentAtMs[0] as number) : Number.POSITIVE_INFINITY;
  }

  /** A packet id from 1 to 65,535 that is neither in flight nor `taken` ([MQTT-2.2.1-3]). */
  nextPacketId(taken: number): number {
    do {
      this.lastPacketId = this.lastPacketId === PACKET_ID_MAXIMUM ? 1 : this.lastPacketId + 1;
    } while (this.lastPacketId === taken || this.indexOf(this.lastPacketId) >= 0);
    return this.lastPacketId;
  }

  add(packetId: number, tag: number, awaits: number, nowMs: number): void {
    const index = this._count++;
    const entries = this.entries;
    entries[STRIDE * index] = packetId;
    entries[STRIDE * index + 1] = tag;
    entries[STRIDE * index + 2] = awaits;
    this.sentAtMs[index] = nowMs;
    this._sentCount++;
  }

  /** The message that was sent last has left only now: it was long on its way out. */
  lastLeftAt(nowMs: number): void {
    if (this._sentCount > 0) this.sentAtMs[this._sentCount - 1] = nowMs;
  }

  /** Where the message with `packetId` is, until one is added or removed; -1 where there is none. */
  indexOf(packetId: number): number {
    for (let index = 0; index < this._count; index++) if (this.entries[STRIDE * index] === packetId) return index;
    return -1;
  }

  /** What the message at `index` waits for. */
  awaits(index: number): number {
    return index < 0 ? Awaits.none : (this.entries[STRIDE * index + 2] as number);
  }

  /** The server has the message at `index` (QoS 2): from now on it is released, not sent, again ([MQTT-4.3.3-6]). */
  release(index: number): void {
    this.entries[STRIDE * index + 2] = Awaits.pubcomp;
  }

  /** Takes out the message at `index`, and returns its tag. */
  remove(index: number): number {
    const entries = this.entries;
    const at = STRIDE * index;
    const tag = entries[at + 1] as number;
    const count = this._count--;
    if (index + 1 < count) {
      entries.copyWithin(at, at + STRIDE, STRIDE * count);
      this.sentAtMs.copyWithin(index, index + 1, count);
    }
    if (index < this._sentCount) this._sentCount--;
    return tag;
  }

  /** The connection is gone: all that is in flight has to be sent again on the next. */
  connectionLost(): void {
    this._sentCount = 0;
  }

  /** The session is gone: packet ids mean nothing any more. */
  clear(): void {
    this._count = 0;
    this._sentCount = 0;
  }
}
