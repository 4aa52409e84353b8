// The stream port over a stream of Node, with the manners of the device's socket: it announces its room, throws on a write beyond
// it, fails when too many small writes are unacknowledged, and drops what is pending when it is closed.

import type { Duplex } from 'node:stream';
import type { StreamFailure, StreamOptions, StreamSocket } from '../../firmware/ports.js';

/** Send buffer of lwIP on the ESP8266: two segments of 1,460 bytes. */
const SEND_ROOM_BYTES = 2_920;

/** Writes that lwIP's segment queue can hold; one more fails the connection. */
const SEND_QUEUE_WRITES = 8;

/** Received bytes held for the reader; beyond it the peer has to wait, as with the device's TCP window. */
const RECEIVE_WINDOW_BYTES = 5_840;

/** ECMA-419 socket on Node. "Acknowledged" is what the kernel has taken: loopback shows no more. */
export class NodeStream implements StreamSocket {
  readonly #options: StreamOptions;
  readonly #stream: Duplex;
  readonly #explain: (error: Error) => StreamFailure | undefined;
  #received: Uint8Array = new Uint8Array(0);
  #room = 0;
  #queuedWrites = 0;
  #isOpen = false;
  #hasEnded = false;
  #isClosed = false;
  #failure: StreamFailure | undefined;

  /**
   * @param stream is connecting
   * @param openedEvent the event with which `stream` says that bytes can go
   * @param explain the word for an error of `stream`, where there is one
   */
  constructor(options: StreamOptions, stream: Duplex, openedEvent: string, explain: (error: Error) => StreamFailure | undefined) {
    this.#options = options;
    this.#stream = stream;
    this.#explain = explain;
    stream.on(openedEvent, () => this.#open());
    stream.on('data', (bytes: Uint8Array) => this.#receive(bytes));
    stream.on('end', () => this.#end());
    stream.on('close', () => this.#end());
    stream.on('error', (error) => this.#end(error));
  }

  read(buffer: Uint8Array): number {
    if (buffer.length === 0 || buffer.length > this.#received.length) {
      throw new RangeError(`read of ${buffer.length} bytes, but ${this.#received.length} are available`);
    }
    buffer.set(this.#received.subarray(0, buffer.length));
    this.#received = this.#received.subarray(buffer.length);
    if (this.#received.length === 0 && this.#hasEnded) setImmediate(() => this.#fail());
    if (this.#received.length < RECEIVE_WINDOW_BYTES) this.#stream.resume();
    return buffer.length;
  }

  write(buffer: Uint8Array): number {
    if (!this.#isOpen || this.#isClosed) throw new Error('write to a socket that is not open');
    if (buffer.length > this.#room) throw new RangeError(`write of ${buffer.length} bytes, but there is room for ${this.#room}`);
    if (this.#queuedWrites === SEND_QUEUE_WRITES) {
      this.#hasEnded = true;
      setImmediate(() => this.#fail());
      return this.#room;
    }
    this.#room -= buffer.length;
    this.#queuedWrites++;
    const byteCount = buffer.length;
    this.#stream.write(buffer.slice(), () => {
      this.#room += byteCount;
      this.#queuedWrites--;
      if (!this.#isClosed && !this.#hasEnded) this.#options.onWritable(this.#room);
    });
    return this.#room;
  }

  close(): void {
    this.#isClosed = true;
    this.#stream.destroy();
  }

  #open(): void {
    if (this.#isClosed || this.#hasEnded) return;
    this.#isOpen = true;
    this.#room = SEND_ROOM_BYTES;
    this.#options.onWritable(this.#room);
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const joined = new Uint8Array(this.#received.length + bytes.length);
    joined.set(this.#received);
    joined.set(bytes, this.#received.length);
    this.#received = joined;
    if (joined.length >= RECEIVE_WINDOW_BYTES) this.#stream.pause();
    this.#options.onReadable(joined.length);
  }

  /** The connection is over; the reader learns it when it has read everything. */
  #end(error?: Error): void {
    if (error) this.#failure ??= this.#explain(error);
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#received.length === 0) this.#fail();
  }

  #fail(): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.onError(this.#failure);
  }
}
