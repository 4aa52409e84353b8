// Flash whose power is cut: after a number of steps, each a byte that is written or erased, nothing happens any more.

import { MemoryFlash } from '../../../firmware/platform/simulated/flash.js';

/** The power is gone: whoever was writing does not come back from it. */
export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

export class FailingFlash extends MemoryFlash {
  /** Steps until the power is cut. */
  stepsLeft = Number.POSITIVE_INFINITY;
  steps = 0;
  /** In which order an erase goes through its block. */
  erasesBackwards = false;

  protected override writeByte(offset: number, byte: number): void {
    this.#step();
    super.writeByte(offset, byte);
  }

  override eraseBlock(block: number): void {
    if (!this.erasesBackwards) return super.eraseBlock(block);
    const size = this.bytes.length / 2;
    for (let index = size - 1; index >= 0; index--) this.eraseByte(block * size + index);
  }

  protected override eraseByte(offset: number): void {
    // A byte that is erased already is no place where a cut could make a difference.
    if (this.bytes[offset] === 0xff) return;
    this.#step();
    super.eraseByte(offset);
  }

  #step(): void {
    if (this.stepsLeft-- <= 0) throw new PowerCut();
    this.steps++;
  }
}
