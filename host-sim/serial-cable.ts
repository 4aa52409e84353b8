// The serial line of a virtual board, on a TCP port: whoever connects holds the other end of the cable. `socat` makes a serial port of
// it, for programs that want one: socat pty,link=/path/to/port,rawer tcp:127.0.0.1:PORT

import { createServer, type Socket } from 'node:net';
import type { Serial, SerialConstructor, SerialOptions } from '../firmware/ports.js';
import { Listener } from './broker/listener.js';

const LOOPBACK = '127.0.0.1';

/** What the ESP8266's UART holds in each direction. */
const FIFO_BYTES = 128;

/** Bytes for a board that is just starting: more are lost, as on a wire. */
const WAITING_MAXIMUM_BYTES = 4_096;

export class SerialCable {
  readonly #listener: Listener;
  #socket: Socket | undefined;
  #uart: Uart | undefined;

  private constructor(port: number) {
    const server = createServer((socket) => this.#plugIn(socket));
    this.#listener = new Listener(server, LOOPBACK, port, '--serial');
  }

  /** Opens the port, 0 for any free one. Throws `UserError` where it cannot be had. */
  static async open(port: number): Promise<SerialCable> {
    const cable = new SerialCable(port);
    await cable.#listener.open();
    return cable;
  }

  get port(): number {
    return this.#listener.port;
  }

  /** For the ports of the board. The one made last is that of a board that was restarted. */
  get serial(): SerialConstructor {
    const cable = this;
    return class extends Uart {
      constructor(options: SerialOptions) {
        super(options, (bytes) => cable.#socket?.write(bytes));
        cable.#uart?.unplug();
        cable.#uart = this;
      }
    };
  }

  async close(): Promise<void> {
    this.#uart?.unplug();
    await this.#listener.close();
  }

  /** The newest holds the cable. */
  #plugIn(socket: Socket): void {
    this.#socket?.destroy();
    this.#socket = socket;
    socket.on('data', (bytes: Uint8Array) => this.#uart?.receive(bytes));
    // A peer that vanishes takes its end of the cable with it, and no more.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
  }
}

class Uart implements Serial {
  readonly #options: SerialOptions;
  readonly #send: (bytes: Uint8Array) => void;
  #received: Uint8Array = new Uint8Array(0);
  #room = FIFO_BYTES;
  #isPlugged = true;

  constructor(options: SerialOptions, send: (bytes: Uint8Array) => void) {
    this.#options = options;
    this.#send = send;
    setImmediate(() => this.#announceRoom());
  }

  read(buffer: Uint8Array): number {
    const byteCount = Math.min(buffer.length, this.#received.length);
    buffer.set(this.#received.subarray(0, byteCount));
    this.#received = this.#received.slice(byteCount);
    return byteCount;
  }

  write(bytes: Uint8Array): void {
    if (bytes.length > this.#room) throw new RangeError(`write of ${bytes.length} bytes, but there is room for ${this.#room}`);
    this.#room -= bytes.length;
    this.#send(bytes.slice());
    setImmediate(() => {
      this.#room += bytes.length;
      this.#announceRoom();
    });
  }

  receive(bytes: Uint8Array): void {
    this.#received = Buffer.concat([this.#received, bytes]).subarray(-WAITING_MAXIMUM_BYTES);
    setImmediate(() => {
      if (!this.#isPlugged) return;
      while (this.#received.length > 0) this.#options.onReadable(Math.min(this.#received.length, FIFO_BYTES));
    });
  }

  /** The board is gone: nobody is called any more. */
  unplug(): void {
    this.#isPlugged = false;
  }

  #announceRoom(): void {
    if (this.#isPlugged) this.#options.onWritable(this.#room);
  }
}
