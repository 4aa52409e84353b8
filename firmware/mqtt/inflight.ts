// The QoS 1 messages that were sent and not yet acknowledged, in the order in which they were sent. No message is stored:
// only its packet id, the owner's tag from which it can be built again, and when it was sent.

import { PACKET_ID_MAXIMUM } from './protocol.js';

/** A bounded, ordered table. Entries before `sentCount` were sent on this connection; the others await redelivery. */
export class Inflight {
  readonly #packetIds: Uint16Array;
  readonly #tags: Uint16Array;
  readonly #sentAtMs: Float64Array;
  #count = 0;
  #sentCount = 0;
  #lastPacketId = 0;

  /** @param window most messages in flight, 1 or more. */
  constructor(window: number) {
    this.#packetIds = new Uint16Array(window);
    this.#tags = new Uint16Array(window);
    this.#sentAtMs = new Float64Array(window);
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.#packetIds.length;
  }

  /** Whether messages of an earlier connection still have to be sent again: they go before any new one ([MQTT-4.6.0-1]). */
  get awaitsRedelivery(): boolean {
    return this.#sentCount < this.#count;
  }

  /** Tag and packet id of the message to be sent again next. Only while `awaitsRedelivery`. */
  get redeliveryTag(): number {
    return this.#tags[this.#sentCount] as number;
  }

  get redeliveryPacketId(): number {
    return this.#packetIds[this.#sentCount] as number;
  }

  redelivered(nowMs: number): void {
    this.#sentAtMs[this.#sentCount++] = nowMs;
  }

  /** When the message that has waited longest on this connection was sent, or infinity. */
  get oldestSentAtMs(): number {
    return this.#sentCount > 0 ? (this.#sentAtMs[0] as number) : Number.POSITIVE_INFINITY;
  }

  /** A packet id from 1 to 65,535 that is neither in flight nor `taken` ([MQTT-2.3.1-1], [MQTT-2.3.1-2]). */
  nextPacketId(taken: number): number {
    do {
      this.#lastPacketId = this.#lastPacketId === PACKET_ID_MAXIMUM ? 1 : this.#lastPacketId + 1;
    } while (this.#lastPacketId === taken || this.#indexOf(this.#lastPacketId) >= 0);
    return this.#lastPacketId;
  }

  add(packetId: number, tag: number, nowMs: number): void {
    this.#packetIds[this.#count] = packetId;
    this.#tags[this.#count] = tag;
    this.#sentAtMs[this.#count] = nowMs;
    this.#count++;
    this.#sentCount++;
  }

  /** Takes out the message with `packetId` and returns its tag; -1 where there is none. */
  remove(packetId: number): number {
    const index = this.#indexOf(packetId);
    if (index < 0) return -1;
    const tag = this.#tags[index] as number;
    this.#packetIds.copyWithin(index, index + 1, this.#count);
    this.#tags.copyWithin(index, index + 1, this.#count);
    this.#sentAtMs.copyWithin(index, index + 1, this.#count);
    this.#count--;
    if (index < this.#sentCount) this.#sentCount--;
    return tag;
  }

  /** The connection is gone: all that is in flight has to be sent again on the next. */
  connectionLost(): void {
    this.#sentCount = 0;
  }

  /** The session is gone: packet ids mean nothing any more. */
  clear(): void {
    this.#count = 0;
    this.#sentCount = 0;
  }

  #indexOf(packetId: number): number {
    for (let index = 0; index < this.#count; index++) if (this.#packetIds[index] === packetId) return index;
    return -1;
  }
}
