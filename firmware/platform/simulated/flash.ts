// Flash in memory, with the manners of the real one: bits are only cleared by a write, and set again only by an erase.

import { FLASH_BLOCK_BYTES, type Flash } from '../../ports.js';

const BLOCKS = 2;

export class MemoryFlash implements Flash {
  /** What is stored: lives as long as whoever holds it wants. */
  readonly bytes = new Uint8Array(BLOCKS * FLASH_BLOCK_BYTES).fill(0xff);

  read(buffer: Uint8Array, offset: number): void {
    this.check(offset, buffer.length);
    buffer.set(this.bytes.subarray(offset, offset + buffer.length));
  }

  write(bytes: Uint8Array, offset: number): void {
    this.check(offset, bytes.length);
    if (offset % 4 !== 0 || bytes.length % 4 !== 0) throw new RangeError('flash is written in words of 4 bytes');
    for (let index = 0; index < bytes.length; index++) this.writeByte(offset + index, bytes[index] as number);
  }

  eraseBlock(block: number): void {
    this.check(block * FLASH_BLOCK_BYTES, FLASH_BLOCK_BYTES);
    for (let index = 0; index < FLASH_BLOCK_BYTES; index++) this.eraseByte(block * FLASH_BLOCK_BYTES + index);
  }

  /** One step of a write. */
  protected writeByte(offset: number, byte: number): void {
    this.bytes[offset] = (this.bytes[offset] as number) & byte;
  }

  /** One step of an erase. */
  protected eraseByte(offset: number): void {
    this.bytes[offset] = 0xff;
  }

  private check(offset: number, byteCount: number): void {
    if (offset < 0 || offset + byteCount > this.bytes.length) throw new RangeError('beyond the flash');
  }
}
