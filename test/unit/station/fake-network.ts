// A network that the test plays by hand: sockets, names, and what is on the wire.

import assert from 'node:assert/strict';
import type { Resolver, StreamOptions, StreamSocket } from '../../../firmware/ports.js';

/** Keeps the contract of the TCP port (design §2): what is written or read beyond what was announced throws. */
export class FakeSocket implements StreamSocket {
  readonly options: StreamOptions;
  /** What was written, write by write. */
  readonly writes: Uint8Array[] = [];
  /** How much was read, read by read. */
  readonly reads: number[] = [];
  isClosed = false;
  /** The next write throws, as that of a socket that has failed. */
  isBroken = false;
  #room = 0;
  #input: readonly number[] = [];

  constructor(options: StreamOptions) {
    this.options = options;
  }

  read(buffer: Uint8Array): void {
    assert.ok(buffer.length <= this.#input.length, 'read beyond what is available');
    buffer.set(this.#input.slice(0, buffer.length));
    this.#input = this.#input.slice(buffer.length);
    this.reads.push(buffer.length);
  }

  write(buffer: Uint8Array): void {
    if (this.isBroken) throw new Error('the socket has failed');
    assert.ok(!this.isClosed, 'write after close');
    assert.ok(buffer.length <= this.#room, 'write beyond what was announced');
    this.#room -= buffer.length;
    this.writes.push(buffer.slice());
  }

  close(): void {
    this.isClosed = true;
  }

  // --- What the network does ------------------------------------------------------------------------------------------

  announce(byteCount: number): void {
    this.#room = byteCount;
    this.options.onWritable(byteCount);
  }

  deliver(bytes: Uint8Array): void {
    this.#input = [...this.#input, ...bytes];
    this.options.onReadable(this.#input.length);
  }

  fail(): void {
    this.options.onError();
  }
}

export type Query = Parameters<Resolver['resolve']>[0];

export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];
  readonly queries: Query[] = [];
  /** Sockets cannot be made: no memory. */
  isExhausted = false;

  readonly Tcp: new (
    options: StreamOptions,
  ) => StreamSocket;
  readonly resolver: Resolver = { resolve: (query) => this.queries.push(query) };

  constructor() {
    const network = this;
    this.Tcp = class extends FakeSocket {
      constructor(options: StreamOptions) {
        if (network.isExhausted) throw new Error('no memory');
        super(options);
        network.sockets.push(this);
      }
    };
  }

  get socket(): FakeSocket {
    return this.sockets.at(-1) ?? assert.fail('no socket was made');
  }

  get query(): Query {
    return this.queries.at(-1) ?? assert.fail('no name was asked for');
  }
}
