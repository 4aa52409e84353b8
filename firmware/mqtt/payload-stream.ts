// A payload on its way out that is nowhere in memory as a whole: drawn from its source in pieces, as the transport takes them.

import type { PayloadSource } from './protocol.js';

/** Bytes drawn at once: one segment of TCP on Ethernet. */
const PIECE_BYTES = 1_460;

export class PayloadStream {
  private readonly piece = new Uint8Array(PIECE_BYTES);
  private source: PayloadSource | undefined;
  /** Bytes that the transport still has to take. */
  private _remaining = 0;
  /** Offset in the payload of what comes behind the piece. */
  private drawn = 0;
  private pieceStart = 0;
  private pieceEnd = 0;

  get remaining(): number {
    return this._remaining;
  }

  begin(source: PayloadSource, length: number): void {
    this.source = source;
    this._remaining = length;
    this.drawn = 0;
    this.pieceStart = 0;
    this.pieceEnd = 0;
  }

  /** The next bytes, `byteCount` at most and one at least. A view: valid until the next call. */
  peek(byteCount: number): Uint8Array {
    if (this.pieceStart === this.pieceEnd) {
      this.pieceStart = 0;
      this.pieceEnd = Math.min(PIECE_BYTES, this._remaining);
      this.source?.read(this.drawn, this.piece.subarray(0, this.pieceEnd));
      this.drawn += this.pieceEnd;
    }
    return this.piece.subarray(this.pieceStart, Math.min(this.pieceEnd, this.pieceStart + byteCount));
  }

  /** The transport took the next `byteCount` bytes, which are not more than the last `peek` gave. */
  consume(byteCount: number): void {
    this.pieceStart += byteCount;
    this._remaining -= byteCount;
    if (this._remaining === 0) this.source = undefined;
  }

  /** Forgets what is left. */
  end(): void {
    this._remaining = 0;
    this.source = undefined;
  }
}
