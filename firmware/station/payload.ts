// Writes the payloads of readings into memory that is given, digit by digit: nothing is allocated for a message.

import { ContractError } from '../errors.js';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

export class PayloadWriter {
  readonly bytes: Uint8Array;
  private _length = 0;

  /** @param memory of which nothing is kept: what was written counts until somebody else writes there. */
  constructor(memory: ArrayBuffer) {
    this.bytes = new Uint8Array(memory);
  }

  /** Bytes written since `clear`. */
  get length(): number {
    return this._length;
  }

  clear(): void {
    this._length = 0;
  }

  /** Appends ASCII text. */
  text(ascii: string): void {
    for (let index = 0; index < ascii.length; index++) this.byte(ascii.charCodeAt(index));
  }

  /** Appends a whole number of 0 or more. */
  whole(value: number): void {
    let digits = 1;
    for (let limit = 10; value >= limit; limit *= 10) digits++;
    let rest = value;
    const end = this._length + digits;
    if (end > this.bytes.length) throw new ContractError('payload longer than its buffer');
    for (let at = end - 1; at >= this._length; at--) {
      this.bytes[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this._length = end;
  }

  /** Appends tenths as a number with one decimal: -2 is `-0.2`, 0 is `0.0`. */
  tenths(value: number): void {
    if (value < 0) this.byte(MINUS);
    const magnitude = Math.abs(value);
    this.whole(Math.floor(magnitude / 10));
    this.byte(POINT);
    this.byte(ZERO + (magnitude % 10));
  }

  private byte(byte: number): void {
    if (this._length === this.bytes.length) throw new ContractError('payload longer than its buffer');
    this.bytes[this._length++] = byte;
  }
}
