// What every implementation of the TCP port keeps to (firmware/ports.ts), as one suite: the manners of the device's sockets.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { StreamConstructor, StreamOptions, StreamSocket } from '../../firmware/ports.js';

/** The other end of a connection, as a suite needs it. */
export interface TestPeer {
  readonly received: Uint8Array;
  readonly hasEnded: boolean;
  /** Bytes handed to `send` that have not left this end. */
  readonly unsentBytes: number;
  send(bytes: Uint8Array): void;
  end(): void;
  reset(): void;
  /** Stops and goes on reading. */
  pause(): void;
  resume(): void;
}

/** An implementation with somebody to talk to. */
export interface Bench {
  readonly tcp: StreamConstructor;
  readonly address: string;
  /** The name that the peer goes by. */
  readonly host: string;
  /** Here somebody listens. */
  readonly port: number;
  /** Here nobody does. */
  readonly refusingPort: number;
  /** Those who connected to `port`, in order. */
  readonly peers: readonly TestPeer[];
  /** Lets time pass until `condition` holds; rejects where it never does. */
  until(condition: () => boolean): Promise<void>;
  /** Lets everything happen that follows from what was done so far. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** Bytes that a socket of this project may hold back for its reader: four segments and what came with the last of them. */
const RECEIVED_MAXIMUM_BYTES = 128 * 1024;

/** More small writes at once than the segment queue of lwIP takes. */
const MANY_WRITES = 64;

/** A station's end of the connection: a socket that writes down what it is told. */
class Client {
  readonly events: string[] = [];
  readonly socket: StreamSocket;
  writable = 0;
  available = 0;
  onReadable: () => void = () => {};
  onWritable: () => void = () => {};

  constructor(bench: Bench, port: number = bench.port) {
    const { address } = bench;
    const options: StreamOptions = {
      address,
      port,
      host: bench.host,
      path: '/mqtt',
      nodelay: true,
      onReadable: (byteCount) => {
        this.events.push('readable');
        this.available = byteCount;
        this.onReadable();
      },
      onWritable: (byteCount) => {
        this.events.push('writable');
        this.writable = byteCount;
        this.onWritable();
      },
      onError: () => this.events.push('error'),
    };
    this.socket = new bench.tcp(options);
  }

  count(event: string): number {
    return this.events.filter((name) => name === event).length;
  }

  read(byteCount: number): Uint8Array {
    const buffer = new Uint8Array(byteCount);
    this.socket.read(buffer);
    this.available -= byteCount;
    return buffer;
  }
}

/** Bytes that tell where they belong. */
function pattern(byteCount: number, first = 0): Uint8Array {
  const bytes = new Uint8Array(byteCount);
  for (let index = 0; index < byteCount; index++) bytes[index] = (first + index) % 251;
  return bytes;
}

export function holdsTcpContract(name: string, open: () => Promise<Bench>): void {
  describe(`TCP port: ${name}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await open();
    });
    afterEach(() => bench.close());

    /** A connection that is made, from both ends. */
    const connected = async () => {
      const client = new Client(bench);
      await bench.until(() => client.writable > 0 && bench.peers.length > 0);
      return { client, peer: bench.peers[0] as TestPeer };
    };
    const given = { bench: () => bench, connected };
    describe('opening', () => opens(given));
    describe('writing', () => writes(given));
    describe('reading', () => reads(given));
    describe('ending', () => ends(given));
  });
}

interface Given {
  bench(): Bench;
  connected(): Promise<{ client: Client; peer: TestPeer }>;
}

function opens({ bench, connected }: Given): void {
  it('calls nobody from within the constructor', async () => {
    for (const port of [bench().port, bench().refusingPort]) {
      const client = new Client(bench(), port);
      assert.deepEqual(client.events, []);
      await bench().until(() => client.events.length > 0);
      client.socket.close();
    }
  });

  it('announces room first, also where the peer speaks at once', async () => {
    const { client, peer } = await connected();
    peer.send(pattern(10));
    await bench().until(() => client.available === 10);
    assert.deepEqual(client.events, ['writable', 'readable']);
  });

  it('throws at a write before the connection is made', async () => {
    const client = new Client(bench());
    assert.throws(() => client.socket.write(pattern(1)));
    await bench().until(() => client.writable > 0);
    client.socket.write(pattern(1));
    await bench().until(() => bench().peers[0]?.received.length === 1);
  });

  it('says once that a connection is refused', async () => {
    const client = new Client(bench(), bench().refusingPort);
    await bench().until(() => client.events.length > 0);
    await bench().settle();
    assert.deepEqual(client.events, ['error']);
  });
}

function writes({ bench, connected }: Given): void {
  it('sends all bytes of a write as long as the announced room', async () => {
    const { client, peer } = await connected();
    const bytes = pattern(client.writable);
    client.socket.write(bytes);
    await bench().until(() => peer.received.length === bytes.length);
    assert.deepEqual(peer.received, bytes);
  });

  it('throws at one byte more, and sends none of it', async () => {
    const { client, peer } = await connected();
    assert.throws(() => client.socket.write(pattern(client.writable + 1)));
    await bench().settle();
    assert.equal(peer.received.length, 0);
    assert.equal(client.count('error'), 0);
  });

  it('counts what was written since the announcement', async () => {
    const { client, peer } = await connected();
    const room = client.writable;
    client.socket.write(pattern(room - 10));
    assert.throws(() => client.socket.write(pattern(11)));
    client.socket.write(pattern(10, room - 10));
    assert.throws(() => client.socket.write(pattern(1)));
    await bench().until(() => peer.received.length === room);
    assert.deepEqual(peer.received, pattern(room));
  });

  it('announces room again as it is freed', async () => {
    const { client, peer } = await connected();
    const room = client.writable;
    client.writable = 0;
    client.socket.write(pattern(room));
    await bench().until(() => client.writable === room);
    client.socket.write(pattern(room, room));
    await bench().until(() => peer.received.length === 2 * room);
    assert.deepEqual(peer.received, pattern(2 * room));
  });

  it('copies the bytes: the buffer can be used again', async () => {
    const { client, peer } = await connected();
    const buffer = pattern(100);
    client.socket.write(buffer);
    buffer.fill(0);
    await bench().until(() => peer.received.length === 100);
    assert.deepEqual(peer.received, pattern(100));
  });

  it('fails after many small writes at once, though there is room', async () => {
    const { client } = await connected();
    assert.ok(client.writable > MANY_WRITES);
    for (let count = 0; count < MANY_WRITES; count++) client.socket.write(Uint8Array.of(count));
    assert.equal(client.count('error'), 0);
    await bench().until(() => client.count('error') === 1);
  });

  it('takes many small writes, a few at a time', async () => {
    const { client, peer } = await connected();
    const room = client.writable;
    for (let count = 0; count < MANY_WRITES; count += 4) {
      for (let index = 0; index < 4; index++) client.socket.write(Uint8Array.of(count + index));
      client.writable = 0;
      await bench().until(() => client.writable === room);
    }
    await bench().until(() => peer.received.length === MANY_WRITES);
    assert.equal(client.count('error'), 0);
  });
}

function reads({ bench, connected }: Given): void {
  it('throws at a read of more than is available, and loses nothing', async () => {
    const { client, peer } = await connected();
    assert.throws(() => client.read(1));
    peer.send(pattern(10));
    await bench().until(() => client.available === 10);
    assert.throws(() => client.socket.read(new Uint8Array(11)));
    assert.deepEqual(client.read(10), pattern(10));
    assert.throws(() => client.socket.read(new Uint8Array(1)));
  });

  it('can be read in parts, and counts what was left with what comes', async () => {
    const { client, peer } = await connected();
    peer.send(pattern(10));
    await bench().until(() => client.available === 10);
    assert.deepEqual(client.read(4), pattern(4));
    peer.send(pattern(5, 10));
    await bench().until(() => client.available === 11);
    assert.deepEqual(client.read(11), pattern(11, 4));
  });

  it('makes a peer that floods it wait for the reader, and then gets everything', async () => {
    const { client, peer } = await connected();
    const flood = pattern(16 * 1024 * 1024);
    peer.send(flood);
    await bench().settle();
    assert.ok(client.available > 0 && client.available <= RECEIVED_MAXIMUM_BYTES, `${client.available} bytes held`);
    assert.ok(peer.unsentBytes > 0);
    let received = 0;
    const readAll = () => {
      const { available } = client;
      assert.deepEqual(client.read(available), pattern(available, received));
      received += available;
    };
    client.onReadable = readAll;
    readAll();
    await bench().until(() => received >= 1024 * 1024);
  });
}

function ends({ bench, connected }: Given): void {
  it('says that the peer has ended only when everything is read, and once', async () => {
    const { client, peer } = await connected();
    peer.send(pattern(100));
    peer.end();
    await bench().until(() => client.available === 100);
    await bench().settle();
    assert.equal(client.count('error'), 0);
    client.read(60);
    await bench().settle();
    assert.equal(client.count('error'), 0);
    assert.deepEqual(client.read(40), pattern(40, 60));
    assert.equal(client.count('error'), 0, 'not from within the read');
    await bench().until(() => client.count('error') === 1);
    await bench().settle();
    assert.equal(client.count('error'), 1);
  });

  it('says once that the peer has reset the connection', async () => {
    const { client, peer } = await connected();
    peer.reset();
    await bench().until(() => client.count('error') === 1);
    await bench().settle();
    assert.deepEqual(client.events, ['writable', 'error']);
  });

  it('calls nobody after close: while it connects', async () => {
    for (const port of [bench().port, bench().refusingPort]) {
      const client = new Client(bench(), port);
      client.socket.close();
      await bench().settle();
      assert.deepEqual(client.events, []);
    }
  });

  it('calls nobody after close: with bytes and room on their way', async () => {
    const { client, peer } = await connected();
    peer.send(pattern(10));
    client.onReadable = () => {
      client.socket.write(pattern(10));
      peer.send(pattern(10));
      client.socket.close();
    };
    await bench().until(() => client.count('readable') === 1);
    const before = client.events.length;
    await bench().settle();
    assert.equal(client.events.length, before);
  });

  it('calls nobody after close: with a failure on its way', async () => {
    const { client, peer } = await connected();
    peer.send(pattern(10));
    peer.end();
    await bench().until(() => client.available === 10);
    await bench().settle();
    client.read(10);
    client.socket.close();
    await bench().settle();
    assert.equal(client.count('error'), 0);
  });

  it('tells the peer when it closes', async () => {
    const { client, peer } = await connected();
    client.socket.close();
    await bench().until(() => peer.hasEnded);
  });

  it('drops what is pending when it closes', async () => {
    const { client, peer } = await connected();
    peer.pause();
    let written = 0;
    const write = () => {
      written += client.writable;
      client.socket.write(pattern(client.writable));
    };
    client.onWritable = write;
    write();
    // The peer does not read: sooner or later no more room is freed.
    await bench().settle();
    client.socket.close();
    peer.resume();
    await bench().until(() => peer.hasEnded);
    assert.ok(peer.received.length < written, `${peer.received.length} of ${written} bytes arrived`);
  });

  it('can be closed twice, and throws at what comes behind', async () => {
    const { client } = await connected();
    client.socket.close();
    client.socket.close();
    assert.throws(() => client.socket.write(pattern(1)));
    assert.throws(() => client.socket.read(new Uint8Array(1)));
    await bench().settle();
    assert.deepEqual(client.events, ['writable']);
  });
}
