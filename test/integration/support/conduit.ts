// One direction of a proxied connection: hands packets on whole, byte by byte, or joined with those that follow.

import type { Socket } from 'node:net';

/** How a conduit cuts what it hands on. */
export type Chop = 'whole' | 'bytes' | 'joined';

/** How long a joining conduit collects. */
const JOIN_MS = 20;

interface Frame {
  readonly bytes: Buffer;
  onSent(): void;
}

export class Conduit {
  readonly #socket: Socket;
  readonly #chop: Chop;
  readonly #frames: Frame[] = [];
  /** Bytes of the first frame that were handed on. */
  #sentBytes = 0;
  #isScheduled = false;
  #isEnding = false;

  constructor(socket: Socket, chop: Chop) {
    this.#socket = socket;
    this.#chop = chop;
  }

  /** Hands `bytes` on; `onSent` is called with the last of them, or never where the other side is gone. */
  send(bytes: Buffer, onSent: () => void = () => {}): void {
    this.#frames.push({ bytes, onSent });
    if (this.#chop === 'whole') this.#sendAll();
    else this.#schedule();
  }

  /** Closes the socket behind what is still to be handed on. */
  end(): void {
    this.#isEnding = true;
    if (this.#frames.length === 0) this.#socket.end();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const run = () => {
      this.#isScheduled = false;
      if (this.#chop === 'joined') this.#sendAll();
      else this.#sendByte();
    };
    if (this.#chop === 'joined') setTimeout(run, JOIN_MS);
    else setImmediate(run);
  }

  #sendAll(): void {
    const frames = this.#frames.splice(0);
    if (this.#write(Buffer.concat(frames.map(({ bytes }) => bytes)))) for (const frame of frames) frame.onSent();
    if (this.#isEnding) this.#socket.end();
  }

  #sendByte(): void {
    const frame = this.#frames[0] as Frame;
    const isWritten = this.#write(frame.bytes.subarray(this.#sentBytes, ++this.#sentBytes));
    if (this.#sentBytes === frame.bytes.length) {
      this.#sentBytes = 0;
      this.#frames.shift();
      if (isWritten) frame.onSent();
    }
    if (this.#frames.length > 0) this.#schedule();
    else if (this.#isEnding) this.#socket.end();
  }

  /** False where the other side is gone: then the bytes are lost. */
  #write(bytes: Buffer): boolean {
    if (!this.#socket.writable) return false;
    this.#socket.write(bytes);
    return true;
  }
}
