// The one output buffer of a session: packets are written behind what is pending, the transport takes from the front.

import { ContractError } from '../errors.js';
import { writeUtf8 } from './utf8.js';

/** A bounded byte queue. A packet is reserved whole before it is written, so it is never cut. */
export class OutputBuffer {
  readonly #bytes: Uint8Array;
  #start = 0;
  #end = 0;

  /** @param capacity bytes that can be pending at once; the largest packet must fit. */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  /** Bytes waiting for the transport. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Bytes that still fit. */
  get free(): number {
    return this.#bytes.length - this.length;
  }

  /** The first bytes that are pending, `byteCount` at most. A view: valid until the next write. */
  peek(byteCount: number): Uint8Array {
    return this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + byteCount));
  }

  /** The transport has taken the first `byteCount` bytes. */
  consume(byteCount: number): void {
    if (byteCount > this.length) throw new ContractError(`cannot consume ${byteCount} of ${this.length} pending bytes`);
    this.#start += byteCount;
    if (this.#start === this.#end) this.clear();
  }

  clear(): void {
    this.#start = 0;
    this.#end = 0;
  }

  /** Makes room for a packet of `byteCount` bytes. Throws where it is not there: callers ask `free` first. */
  reserve(byteCount: number): void {
    if (byteCount > this.free) throw new ContractError(`${byteCount} bytes do not fit in ${this.free}`);
    if (this.#end + byteCount <= this.#bytes.length) return;
    this.#bytes.copyWithin(0, this.#start, this.#end);
    this.#end -= this.#start;
    this.#start = 0;
  }

  writeByte(value: number): void {
    this.#bytes[this.#end++] = value;
  }

  writeUint16(value: number): void {
    this.#bytes[this.#end++] = value >> 8;
    this.#bytes[this.#end++] = value & 0xff;
  }

  /** The first `length` bytes of `source`. */
  writeBytes(source: Uint8Array, length: number): void {
    this.#bytes.set(length === source.length ? source : source.subarray(0, length), this.#end);
    this.#end += length;
  }

  /** Variable length integer of 1 to 4 bytes (MQTT 3.1.1 §2.2.3). */
  writeVariableLength(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#end++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#end++] = rest;
  }

  /** Length-prefixed bytes (§1.5.3). */
  writeBinary(bytes: Uint8Array): void {
    this.writeUint16(bytes.length);
    this.writeBytes(bytes, bytes.length);
  }

  /** Length-prefixed UTF-8 string of `byteLength` bytes (§1.5.3). */
  writeString(text: string, byteLength: number): void {
    this.writeUint16(byteLength);
    this.#end = writeUtf8(text, this.#bytes, this.#end);
  }
}
