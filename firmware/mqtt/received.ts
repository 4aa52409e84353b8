// What the server has sent with QoS 1 and 2 and is not finished: the ids of QoS 2 messages that it may send again (§4.3.3), and how
// many messages wait in all, so that it keeps to the receive maximum (§3.3.4).

export class Received {
  private readonly maximum: number;
  /** Made when the first message of QoS 2 comes: most sessions have none. */
  private packetIds: Uint16Array | undefined;
  private count = 0;
  /** Answers of which the transport has taken nothing yet, and how many bytes it takes before it comes to the first. */
  private unsent = 0;
  private bytesAhead = 0;

  /** @param maximum most messages that may wait, 1 to 65,535. */
  constructor(maximum: number) {
    this.maximum = maximum;
  }

  /** Whether one more message would be more than was announced. */
  get isFull(): boolean {
    return this.count + this.unsent >= this.maximum;
  }

  /** Whether no id of one more QoS 2 message can be kept. */
  get hasNoPlace(): boolean {
    return this.count === this.maximum;
  }

  has(packetId: number): boolean {
    return this.indexOf(packetId) >= 0;
  }

  add(packetId: number): void {
    this.packetIds ??= new Uint16Array(this.maximum);
    this.packetIds[this.count++] = packetId;
  }

  /** The server will not send this one again. Returns whether it was known. */
  release(packetId: number): boolean {
    const index = this.indexOf(packetId);
    if (index < 0) return false;
    const packetIds = this.packetIds as Uint16Array;
    packetIds[index] = packetIds[--this.count] as number;
    return true;
  }

  /** An answer that finishes a message was written behind `bytesAhead` bytes that wait. */
  answered(bytesAhead: number): void {
    if (this.unsent++ === 0) this.bytesAhead = bytesAhead;
  }

  /** The transport took `byteCount` bytes. Once it has come to one answer, the server may have all: nobody is accused wrongly. */
  sent(byteCount: number): void {
    this.bytesAhead -= byteCount;
    if (this.bytesAhead < 0) this.unsent = 0;
  }

  /** Answers that were not sent are lost with the connection. */
  connectionLost(): void {
    this.unsent = 0;
  }

  /** The session is gone. */
  clear(): void {
    this.count = 0;
  }

  private indexOf(packetId: number): number {
    for (let index = 0; index < this.count; index++) if (this.packetIds?.[index] === packetId) return index;
    return -1;
  }
}
