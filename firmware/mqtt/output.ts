// The one output buffer of a session: packets are written behind what is pending, the transport takes from the front.
// The payload of one PUBLISH can come from a source instead; what is written meanwhile waits behind it.

import { ContractError } from '../errors.js';
import { PayloadStream } from './payload-stream.js';
import type { PayloadSource } from './protocol.js';
import { writeUtf8 } from './utf8.js';

/** A bounded byte queue. A packet is reserved whole before it is written, so it is never cut. */
export class OutputBuffer {
  private readonly bytes: Uint8Array;
  private start = 0;
  private end = 0;
  /** Made when it is first used: most sessions never stream. */
  private stream: PayloadStream | undefined;
  /** Where in the bytes the stream stands, as long as it has something. */
  private streamAt = 0;

  /** @param capacity bytes that can be pending at once; the largest packet must fit. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  get capacity(): number {
    return this.bytes.length;
  }

  /** Bytes waiting for the transport. */
  get length(): number {
    const stream = this.stream;
    const length = this.end - this.start;
    return stream === undefined ? length : length + stream.remaining;
  }

  /** Bytes that still fit. */
  get free(): number {
    return this.bytes.length - this.end + this.start;
  }

  /** Whether a payload comes from a source now: the PUBLISH is not written whole. */
  get isStreaming(): boolean {
    const stream = this.stream;
    return stream !== undefined && stream.remaining > 0;
  }

  /** The first bytes that are pending, `byteCount` at most. A view: valid until the next write or peek. */
  peek(byteCount: number): Uint8Array {
    const stream = this.stream;
    if (stream === undefined || stream.remaining === 0) {
      return this.bytes.subarray(this.start, Math.min(this.end, this.start + byteCount));
    }
    if (this.start === this.streamAt) return stream.peek(byteCount);
    return this.bytes.subarray(this.start, Math.min(this.streamAt, this.start + byteCount));
  }

  /** The transport has taken the first `byteCount` bytes, which are not more than the last `peek` gave. */
  consume(byteCount: number): void {
    const length = this.length;
    if (byteCount > length) throw new ContractError(`cannot consume ${byteCount} of ${length} pending bytes`);
    if (byteCount === length) return this.clear();
    const stream = this.stream;
    if (stream !== undefined && stream.remaining > 0 && this.start === this.streamAt) stream.consume(byteCount);
    else this.start += byteCount;
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
    this.stream?.end();
  }

  /** Makes room for a packet of `byteCount` bytes. False where it is not there. */
  reserve(byteCount: number): boolean {
    if (this.end + byteCount <= this.bytes.length) return true;
    if (byteCount > this.free) return false;
    this.bytes.copyWithin(0, this.start, this.end);
    this.end -= this.start;
    this.streamAt -= this.start;
    this.start = 0;
    return true;
  }

  writeByte(value: number): void {
    this.bytes[this.end++] = value;
  }

  writeUint16(value: number): void {
    const bytes = this.bytes;
    const at = this.end;
    bytes[at] = value >> 8;
    bytes[at + 1] = value;
    this.end = at + 2;
  }

  writeUint32(value: number): void {
    this.writeUint16(value >>> 16);
    this.writeUint16(value & 0xffff);
  }

  /** The first `length` bytes of `source`. */
  writeBytes(source: Uint8Array, length: number): void {
    this.bytes.set(length === source.length ? source : source.subarray(0, length), this.end);
    this.end += length;
  }

  /** `length` bytes of `source`, one or more, drawn when the transport takes them. One at a time: callers ask `isStreaming` first. */
  writeStream(source: PayloadSource, length: number): void {
    if (this.isStreaming) throw new ContractError('one payload is streamed at a time');
    this.stream ??= new PayloadStream();
    this.stream.begin(source, length);
    this.streamAt = this.end;
  }

  /** Variable byte integer of 1 to 4 bytes (§1.5.5). */
  writeVariableLength(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.writeByte(rest | 0x80);
      rest >>>= 7;
    }
    this.bytes[this.end++] = rest;
  }

  /** Length-prefixed bytes (§1.5.6). */
  writeBinary(source: Uint8Array): void {
    const bytes = this.bytes;
    const at = this.end;
    const length = source.length;
    bytes[at] = length >> 8;
    bytes[at + 1] = length;
    bytes.set(source, at + 2);
    this.end = at + 2 + length;
  }

  /** Length-prefixed UTF-8 string of `byteLength` bytes (§1.5.4). */
  writeString(text: string, byteLength: number): void {
    this.writeUint16(byteLength);
    this.end = writeUtf8(text, this.bytes, this.end);
  }
}
