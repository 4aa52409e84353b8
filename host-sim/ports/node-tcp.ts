// The TCP port over node:net, with the manners of the device's: it announces its room, throws on a write beyond it, fails when
// too many small writes are unacknowledged, and drops what is pending when it is closed.

import { connect, type Socket } from 'node:net';
import type { TcpOptions, TcpSocket } from '../../firmware/ports.js';

/** Send buffer of lwIP on the ESP8266: two segments of 1,460 bytes. */
const SEND_ROOM_BYTES = 2_920;

/** Writes that lwIP's segment queue can hold; one more fails the connection. */
const SEND_QUEUE_WRITES = 8;

/** Received bytes held for the reader; beyond it the peer has to wait, as with the device's TCP window. */
const RECEIVE_WINDOW_BYTES = 5_840;

/** ECMA-419 TCP socket on Node. "Acknowledged" is what the kernel has taken: loopback shows no more. */
export class NodeTcp implements TcpSocket {
  readonly #options: TcpOptions;
  readonly #socket: Socket;
  #received: Uint8Array = new Uint8Array(0);
  #room = 0;
  #queuedWrites = 0;
  #isOpen = false;
  #hasEnded = false;
  #isClosed = false;

  constructor(options: TcpOptions) {
    this.#options = options;
    this.#socket = connect({ host: options.address, port: options.port, noDelay: options.nodelay });
    this.#socket.on('connect', () => {
      this.#isOpen = true;
      this.#room = SEND_ROOM_BYTES;
      this.#options.onWritable(this.#room);
    });
    this.#socket.on('data', (bytes: Uint8Array) => this.#receive(bytes));
    this.#socket.on('end', () => this.#end());
    this.#socket.on('close', () => this.#end());
    this.#socket.on('error', () => this.#end());
  }

  read(buffer: Uint8Array): number {
    if (buffer.length === 0 || buffer.length > this.#received.length) {
      throw new RangeError(`read of ${buffer.length} bytes, but ${this.#received.length} are available`);
    }
    buffer.set(this.#received.subarray(0, buffer.length));
    this.#received = this.#received.subarray(buffer.length);
    if (this.#received.length === 0 && this.#hasEnded) setImmediate(() => this.#fail());
    if (this.#received.length < RECEIVE_WINDOW_BYTES) this.#socket.resume();
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
    this.#socket.write(buffer.slice(), () => {
      this.#room += byteCount;
      this.#queuedWrites--;
      if (!this.#isClosed && !this.#hasEnded) this.#options.onWritable(this.#room);
    });
    return this.#room;
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const joined = new Uint8Array(this.#received.length + bytes.length);
    joined.set(this.#received);
    joined.set(bytes, this.#received.length);
    this.#received = joined;
    if (joined.length >= RECEIVE_WINDOW_BYTES) this.#socket.pause();
    this.#options.onReadable(joined.length);
  }

  /** The connection is over; the reader learns it when it has read everything. */
  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#received.length === 0) this.#fail();
  }

  #fail(): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.onError();
  }
}
