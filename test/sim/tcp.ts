// TCP in virtual time: the station's socket keeps the port's contract, its peer is a server in the same world, and the network
// between them is late, cuts bytes into pieces, refuses, falls silent, or loses a connection without telling anyone.

import type { StreamConstructor, StreamOptions, StreamSocket } from '../../firmware/ports.js';
import type { World } from './world.js';

/** lwIP on the ESP8266: two segments of 1,460 bytes to send, four to receive, a short queue of writes. */
const SEND_ROOM_BYTES = 2_920;
const RECEIVE_WINDOW_BYTES = 5_840;
const SEND_QUEUE_WRITES = 8;

/** What the peer's computer takes in while the peer does not read. */
const PEER_WINDOW_BYTES = 65_535;

/** The server's end of a connection. */
export interface Peer {
  send(bytes: Uint8Array): void;
  /** Says that no more comes, behind what was sent. */
  end(): void;
  /** Ends the connection at once, whatever is under way. */
  reset(): void;
  pause(): void;
  resume(): void;
  /** Bytes that the other side has not taken yet. */
  readonly unsentBytes: number;
  onBytes: (bytes: Uint8Array) => void;
  /** The connection has ended; called once. */
  onClose: () => void;
}

/** How the network behaves now; new values count for what is sent from then on. */
export interface Conditions {
  /** A piece takes this long, at least and at most. */
  delayMs: readonly [minimum: number, maximum: number];
  /** Most bytes that arrive together. */
  pieceBytes: number;
  /** Nothing arrives before this time; what is under way then is late, not lost. */
  silentUntilMs: number;
  /** Nobody answers a connect. */
  isDeaf: boolean;
}

export class SimulatedNetwork {
  readonly world: World;
  readonly conditions: Conditions = { delayMs: [1, 20], pieceBytes: 1_460, silentUntilMs: 0, isDeaf: false };
  readonly #listeners = new Map<number, (peer: Peer) => void>();
  readonly #connections = new Set<Connection>();
  /** The class to be handed to a station as its `io`. */
  readonly tcp: StreamConstructor;
  /** How often a socket was used against its contract, by what was done. */
  readonly misuses: string[] = [];

  constructor(world: World) {
    this.world = world;
    const network = this;
    this.tcp = class extends SimulatedSocket {
      constructor(options: StreamOptions) {
        super(network, options);
      }
    };
  }

  /** Takes connections on `port`; elsewhere they are refused. */
  listen(port: number, onConnection: (peer: Peer) => void): void {
    this.#listeners.set(port, onConnection);
  }

  refuse(port: number): void {
    this.#listeners.delete(port);
  }

  /** Ends all connections, both sides being told. */
  reset(): void {
    for (const connection of [...this.#connections]) connection.reset();
  }

  /** Loses all connections: nothing arrives any more, and nobody is told. */
  sever(): void {
    for (const connection of [...this.#connections]) connection.lose();
  }

  /** When something sent now arrives. */
  arrivalMs(): number {
    const [minimum, maximum] = this.conditions.delayMs;
    return Math.max(this.world.nowMs + this.world.between(minimum, maximum), this.conditions.silentUntilMs);
  }

  connect(socket: SimulatedSocket, port: number): void {
    if (this.conditions.isDeaf) return;
    this.world.at(this.arrivalMs(), () => {
      if (socket.isClosed) return;
      const onConnection = this.#listeners.get(port);
      if (!onConnection) return void this.world.at(this.arrivalMs(), () => socket.ended());
      const connection = new Connection(this, socket);
      this.#connections.add(connection);
      // The answer goes first: what the server says at once comes behind it.
      this.world.at(this.arrivalMs(), () => socket.opened(connection));
      onConnection(connection);
    });
  }

  forget(connection: Connection): void {
    this.#connections.delete(connection);
  }
}

/** One direction of a connection: bytes arrive in order, late, in pieces, and while the receiver has room for them. */
class Direction {
  readonly #network: SimulatedNetwork;
  readonly #roomOf: () => number;
  readonly #deliver: (bytes: Uint8Array) => void;
  readonly #queue: Uint8Array[] = [];
  #isUnderWay = false;
  #isCut = false;
  /** Called once all that was pushed has arrived. */
  onDrained: (() => void) | undefined;

  constructor(network: SimulatedNetwork, roomOf: () => number, deliver: (bytes: Uint8Array) => void) {
    this.#network = network;
    this.#roomOf = roomOf;
    this.#deliver = deliver;
  }

  get queuedBytes(): number {
    return this.#queue.reduce((sum, { length }) => sum + length, 0);
  }

  push(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#queue.push(bytes.slice());
    this.advance();
  }

  cut(): void {
    this.#isCut = true;
  }

  /** Sends the next piece on its way, if the one before it has arrived and the receiver has room. */
  advance(): void {
    if (this.#isUnderWay || this.#isCut) return;
    if (this.#queue.length === 0) return this.onDrained?.();
    this.#isUnderWay = true;
    const { world } = this.#network;
    const arrive = () => {
      if (this.#isCut) return;
      // The network fell silent while the piece was under way.
      if (world.nowMs < this.#network.conditions.silentUntilMs) return void world.at(this.#network.arrivalMs(), arrive);
      this.#isUnderWay = false;
      const piece = this.#take(Math.min(this.#roomOf(), this.#network.conditions.pieceBytes));
      if (!piece) return;
      this.#deliver(piece);
      this.advance();
    };
    world.at(this.#network.arrivalMs(), arrive);
  }

  #take(byteCount: number): Uint8Array | undefined {
    const [head] = this.#queue;
    if (!head || byteCount === 0) return undefined;
    if (head.length <= byteCount) return this.#queue.shift();
    this.#queue[0] = head.subarray(byteCount);
    return head.subarray(0, byteCount);
  }
}

/** A connection as the server has it. */
class Connection implements Peer {
  readonly #network: SimulatedNetwork;
  readonly #socket: SimulatedSocket;
  readonly #toServer: Direction;
  readonly #toClient: Direction;
  #unread: Uint8Array[] = [];
  #isPaused = false;
  #isClosed = false;
  #isLost = false;
  onBytes: (bytes: Uint8Array) => void = () => {};
  onClose: () => void = () => {};

  constructor(network: SimulatedNetwork, socket: SimulatedSocket) {
    this.#network = network;
    this.#socket = socket;
    this.#toServer = new Direction(
      network,
      () => PEER_WINDOW_BYTES - this.#unread.reduce((sum, { length }) => sum + length, 0),
      (bytes) => this.#arrived(bytes),
    );
    this.#toClient = new Direction(
      network,
      () => socket.receiveRoom,
      (bytes) => socket.received(bytes),
    );
  }

  // --- The server's side --------------------------------------------------------------------------------------------

  get unsentBytes(): number {
    return this.#toClient.queuedBytes;
  }

  send(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#toClient.push(bytes);
  }

  end(): void {
    if (this.#isClosed) return;
    this.#toClient.onDrained = () => {
      this.#toClient.cut();
      this.#network.world.at(this.#network.arrivalMs(), () => this.#socket.ended());
    };
    this.#toClient.advance();
  }

  reset(): void {
    if (this.#isClosed) return;
    this.#cut();
    const { world } = this.#network;
    if (!this.#isLost) world.at(this.#network.arrivalMs(), () => this.#socket.ended());
    world.at(this.#network.arrivalMs(), () => this.#close());
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    const unread = this.#unread;
    this.#unread = [];
    for (const bytes of unread) this.onBytes(bytes);
    this.#toServer.advance();
  }

  // --- The client's side --------------------------------------------------------------------------------------------

  write(bytes: Uint8Array): void {
    this.#toServer.push(bytes);
  }

  /** The client has read, so there is room again. */
  hasRoom(): void {
    this.#toClient.advance();
  }

  /** The client has closed: what is under way is dropped. */
  closedByClient(): void {
    this.#cut();
    if (!this.#isLost) this.#network.world.at(this.#network.arrivalMs(), () => this.#close());
  }

  // --- The network --------------------------------------------------------------------------------------------------

  /** Nothing arrives any more, in either direction, and neither side learns what the other does. */
  lose(): void {
    this.#isLost = true;
    this.#cut();
  }

  #cut(): void {
    this.#toServer.cut();
    this.#toClient.cut();
    this.#network.forget(this);
  }

  /** The server's computer acknowledges what it takes in, whether the server reads it or not. */
  #arrived(bytes: Uint8Array): void {
    this.#network.world.at(this.#network.arrivalMs(), () => this.#socket.acknowledged(bytes.length));
    if (this.#isPaused) this.#unread.push(bytes);
    else if (!this.#isClosed) this.onBytes(bytes);
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onClose();
  }
}

/** The station's socket. */
class SimulatedSocket implements StreamSocket {
  readonly #network: SimulatedNetwork;
  readonly #options: StreamOptions;
  /** Lengths of the writes that are not acknowledged in full, the oldest first. */
  readonly #writes: number[] = [];
  #connection: Connection | undefined;
  #received: Uint8Array = new Uint8Array(0);
  #room = 0;
  #hasEnded = false;
  isClosed = false;

  constructor(network: SimulatedNetwork, options: StreamOptions) {
    this.#network = network;
    this.#options = options;
    network.connect(this, options.port);
  }

  // --- The port -----------------------------------------------------------------------------------------------------

  read(buffer: Uint8Array): number {
    if (this.isClosed || buffer.length > this.#received.length) {
      throw this.#misused(`read of ${buffer.length} bytes, but ${this.#received.length} are available`);
    }
    buffer.set(this.#received.subarray(0, buffer.length));
    this.#received = this.#received.subarray(buffer.length);
    this.#connection?.hasRoom();
    if (this.#hasEnded && this.#received.length === 0) this.#network.world.after(0, () => this.#fail());
    return buffer.length;
  }

  write(buffer: Uint8Array): number {
    if (this.isClosed || !this.#connection) throw new Error('write to a socket that is not open');
    if (buffer.length > this.#room) throw this.#misused(`write of ${buffer.length} bytes, but there is room for ${this.#room}`);
    if (this.#writes.length === SEND_QUEUE_WRITES) {
      this.#misused('more writes than the queue takes');
      this.#connection.reset();
      this.ended();
      return this.#room;
    }
    this.#room -= buffer.length;
    this.#writes.push(buffer.length);
    if (!this.#hasEnded) this.#connection.write(buffer);
    return this.#room;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#connection?.closedByClient();
  }

  // --- What the network tells ---------------------------------------------------------------------------------------

  get receiveRoom(): number {
    return this.#connection ? RECEIVE_WINDOW_BYTES - this.#received.length : 0;
  }

  opened(connection: Connection): void {
    if (this.isClosed) return connection.closedByClient();
    if (this.#hasEnded) return;
    this.#connection = connection;
    this.#room = SEND_ROOM_BYTES;
    this.#options.onWritable(this.#room);
    connection.hasRoom();
  }

  received(bytes: Uint8Array): void {
    if (this.isClosed || this.#hasEnded) return;
    this.#received = this.#received.length === 0 ? bytes : joined(this.#received, bytes);
    this.#options.onReadable(this.#received.length);
  }

  /** The peer has taken `byteCount` bytes more. */
  acknowledged(byteCount: number): void {
    if (this.isClosed || this.#hasEnded) return;
    let rest = byteCount;
    while (rest > 0 && this.#writes.length > 0) {
      const taken = Math.min(rest, this.#writes[0] as number);
      (this.#writes[0] as number) -= taken;
      rest -= taken;
      if (this.#writes[0] === 0) this.#writes.shift();
    }
    this.#room += byteCount;
    this.#options.onWritable(this.#room);
  }

  /** The connection is over, or could not be made: the reader learns it when everything is read. */
  ended(): void {
    if (this.#hasEnded || this.isClosed) return;
    this.#hasEnded = true;
    if (this.#received.length === 0) this.#network.world.after(0, () => this.#fail());
  }

  #misused(what: string): RangeError {
    this.#network.misuses.push(what);
    return new RangeError(what);
  }

  #fail(): void {
    if (this.isClosed) return;
    this.close();
    this.#options.onError();
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
