// The way to the broker: finds its address, opens the connection, moves bytes between session and socket, and tries again
// with backoff. Every state has a deadline. Knows nothing of readings.

import type { ConnectOptions } from '../mqtt/protocol.js';
import { ReasonCode } from '../mqtt/reason.js';
import type { Session } from '../mqtt/session.js';
import type { SessionFailure } from '../mqtt/session-options.js';
import type { Random, Resolver, StreamFailure, StreamSocket, Uptime } from '../ports.js';
import { Backoff, RETRY_MAXIMUM_MS, STABLE_AFTER_MS } from './backoff.js';
import { isIpv4 } from './broker-url.js';
import type { Route } from './transport.js';

/** Why the link went down. With `connection-refused` and `server-disconnected`, the reason code is the server's. */
export type LinkFailure =
  | SessionFailure
  | StreamFailure
  | 'network-down'
  | 'name-not-found'
  | 'name-timeout'
  | 'connect-failed'
  | 'connect-timeout'
  | 'connection-lost'
  /** The server closed the connection and had not sent one byte. */
  | 'closed-unanswered'
  | 'spool-overflow'
  | 'closed';

type State =
  | 'no-network'
  | 'waiting' // for the backoff to end
  | 'resolving'
  | 'connecting'
  | 'open' // the session has the socket
  | 'lingering' // what is pending is on its way out, a DISCONNECT last
  | 'closed';

export interface LinkOptions {
  readonly route: Route;
  readonly resolver: Resolver;
  readonly random: Random;
  readonly uptime: Uptime;
  readonly session: Session;
  readonly handler: LinkHandler;
}

/** Who owns the link. An object with methods, as everywhere here: on a board, a closure takes as much memory as a reading in flight. */
export interface LinkHandler {
  /** Asked at each connection, because it depends on what is in flight. */
  connectOptions(): ConnectOptions;
  /** Something came in: the station takes its turn. */
  onActivity(): void;
  /** The connection has ended, or could not be made; the session is closed and keeps what is in flight. */
  onDown(failure: LinkFailure, reasonCode: number): void;
  /** The clean shutdown is over. */
  onClosed(): void;
}

const RESOLVE_TIMEOUT_MS = 10_000;
/** Until bytes of MQTT can go: TCP's handshake, that of TLS (seconds on a board), and the upgrade to a WebSocket. */
const CONNECT_TIMEOUT_MS = 15_000;
const LINGER_TIMEOUT_MS = 2_000;

/** lwIP keeps a short queue of segments besides its bytes: more small writes than this, unacknowledged, and the socket fails. */
export const UNACKNOWLEDGED_WRITES_MAXIMUM = 4;

/** Bytes read at once. */
const READ_CHUNK_BYTES = 256;

const NEVER = Number.POSITIVE_INFINITY;

export class Link {
  private readonly route: Route;
  private readonly resolver: Resolver;
  private readonly uptime: Uptime;
  private readonly handler: LinkHandler;
  private readonly session: Session;
  private readonly backoff: Backoff;
  private readonly input = new Uint8Array(READ_CHUNK_BYTES);
  private readonly writes = new UnacknowledgedWrites();
  private state: State = 'no-network';
  private _deadlineMs = NEVER;
  private nowMs = 0;
  private openedAtMs = 0;
  private socket: StreamSocket | undefined;
  /** Why the connection ends when it has lingered. */
  private endsAs: LinkFailure = 'closed';
  private endsWithCode = 0;
  /** Counts attempts, so that the late callbacks of an earlier one are known. */
  private attempt = 0;

  constructor(options: LinkOptions) {
    this.route = options.route;
    this.resolver = options.resolver;
    this.uptime = options.uptime;
    this.handler = options.handler;
    this.session = options.session;
    this.backoff = new Backoff(options.random);
  }

  /** When `tick` must be called at the latest, or infinity. */
  get deadlineMs(): number {
    return Math.min(this._deadlineMs, this.state === 'open' ? this.session.deadlineMs : NEVER);
  }

  networkUp(nowMs: number): void {
    if (this.state === 'no-network') this.start(nowMs);
  }

  networkDown(nowMs: number): void {
    if (this.state === 'no-network' || this.state === 'closed') return;
    this.nowMs = nowMs;
    if (this.isClosing) return this.finishClose();
    this.down('network-down', 0);
    this.state = 'no-network';
    this._deadlineMs = NEVER;
  }

  /** Gives the connection up, as `failure` says, and tries again. The server is told first where the session has a word for it. */
  restart(failure: LinkFailure, reasonCode: number, nowMs: number): void {
    this.nowMs = nowMs;
    if (this.state === 'lingering') return this.endLingering();
    if (this.state !== 'resolving' && this.state !== 'connecting' && this.state !== 'open') return;
    this.endsAs = failure;
    this.endsWithCode = reasonCode;
    if (this.session.hasFarewell) this.linger();
    else this.tryLater();
  }

  /** Somebody waits: the next try comes now, and not when the backoff ends. */
  retryNow(nowMs: number): void {
    if (this.state === 'waiting') this.start(nowMs);
  }

  /** Shuts down: with DISCONNECT where there is a session, so that the server drops the will. Ends in `onClosed`. */
  close(nowMs: number): void {
    if (this.state === 'closed' || this.isClosing) return;
    this.nowMs = nowMs;
    if (!this.session.disconnect()) return this.finishClose();
    this.endsAs = 'closed';
    this.linger();
  }

  /** Closes at once, without DISCONNECT. Ends in `onClosed`. */
  abort(): void {
    if (this.state !== 'closed') this.finishClose();
  }

  tick(nowMs: number): void {
    this.nowMs = nowMs;
    if (this.state === 'open') this.session.tick(nowMs);
    if (nowMs < this._deadlineMs) return;
    if (this.state === 'waiting') this.start(nowMs);
    else if (this.state === 'resolving') this.restart('name-timeout', 0, nowMs);
    else if (this.state === 'connecting') this.restart('connect-timeout', 0, nowMs);
    else if (this.state === 'lingering') this.endLingering();
  }

  /** Hands pending output to the socket: one write, at most as announced. Called once, at the end of a turn. */
  flush(nowMs: number): void {
    const socket = this.socket;
    if (!socket || (this.state !== 'open' && this.state !== 'lingering')) return;
    const { room } = this.writes;
    if (room > 0 && this.session.pendingBytes > 0) {
      const bytes = this.session.pending(room);
      try {
        socket.write(bytes);
      } catch {
        // The SDK's socket throws here when it has failed and its last bytes were just read.
        return this.restart('connection-lost', 0, nowMs);
      }
      this.writes.wrote(bytes.length);
      this.session.sent(bytes.length, nowMs);
    }
    // `close` drops what is not acknowledged, so the DISCONNECT is waited for.
    if (this.state === 'lingering' && this.session.pendingBytes === 0 && this.writes.areAcknowledged) this.endLingering();
  }

  // --- Opening ------------------------------------------------------------------------------------------------------

  private start(nowMs: number): void {
    this.nowMs = nowMs;
    const attempt = ++this.attempt;
    const { host } = this.route;
    if (isIpv4(host)) return this.connect(host);
    this.state = 'resolving';
    this._deadlineMs = nowMs + RESOLVE_TIMEOUT_MS;
    this.resolver.resolve({
      host,
      onResolved: (_host, address) => {
        if (attempt !== this.attempt || this.state !== 'resolving') return;
        this.nowMs = this.uptime();
        this.connect(address);
        this.handler.onActivity();
      },
      onError: () => {
        if (attempt !== this.attempt || this.state !== 'resolving') return;
        this.restart('name-not-found', 0, this.uptime());
        this.handler.onActivity();
      },
    });
  }

  private connect(address: string): void {
    this.state = 'connecting';
    this._deadlineMs = this.nowMs + CONNECT_TIMEOUT_MS;
    this.writes.reset();
    const attempt = this.attempt;
    const { io: Socket, host, port, path } = this.route;
    try {
      this.socket = new Socket({
        address,
        port,
        host,
        path,
        nodelay: true,
        onReadable: (byteCount) => {
          if (this.isCurrent(attempt)) this.onReadable(byteCount);
        },
        onWritable: (byteCount) => {
          if (this.isCurrent(attempt)) this.onWritable(byteCount);
        },
        onError: (failure) => {
          if (this.isCurrent(attempt)) this.onError(failure);
        },
      });
    } catch {
      // No socket or no memory: worth another try later.
      this.restart('connect-failed', 0, this.nowMs);
    }
  }

  // --- Socket events ------------------------------------------------------------------------------------------------

  private isCurrent(attempt: number): boolean {
    return attempt === this.attempt && this.socket !== undefined;
  }

  private onWritable(byteCount: number): void {
    this.nowMs = this.uptime();
    this.writes.announced(byteCount);
    if (this.state === 'connecting') {
      this.state = 'open';
      this._deadlineMs = NEVER;
      this.openedAtMs = this.nowMs;
      this.session.open(this.handler.connectOptions(), this.nowMs);
    }
    this.handler.onActivity();
  }

  private onReadable(byteCount: number): void {
    this.nowMs = this.uptime();
    let rest = byteCount;
    while (rest > 0 && this.socket) {
      const bytes = rest < READ_CHUNK_BYTES ? this.input.subarray(0, rest) : this.input;
      this.socket.read(bytes);
      rest -= bytes.length;
      this.session.receive(bytes, this.nowMs);
    }
    this.handler.onActivity();
  }

  private onError(failure: StreamFailure | undefined): void {
    const lost = this.session.isUnanswered ? 'closed-unanswered' : 'connection-lost';
    const unknown = this.state === 'connecting' ? 'connect-failed' : lost;
    this.restart(failure ?? unknown, 0, this.uptime());
    this.handler.onActivity();
  }

  // --- Closing ------------------------------------------------------------------------------------------------------

  /** The clean shutdown is under way, not the end of one connection. */
  private get isClosing(): boolean {
    return this.state === 'lingering' && this.endsAs === 'closed';
  }

  /** Lets what is pending go out before the connection ends. */
  private linger(): void {
    this.state = 'lingering';
    this._deadlineMs = this.nowMs + LINGER_TIMEOUT_MS;
  }

  private endLingering(): void {
    if (this.isClosing) this.finishClose();
    else this.tryLater();
  }

  /** Ends the connection, and waits for the time to try again. */
  private tryLater(): void {
    const isTwin = this.endsAs === 'server-disconnected' && this.endsWithCode === ReasonCode.sessionTakenOver;
    this.down(this.endsAs, this.endsWithCode);
    this.state = 'waiting';
    // Two stations with one client id would evict each other for ever: this one is as slow as it gets.
    this._deadlineMs = this.nowMs + (isTwin ? RETRY_MAXIMUM_MS : this.backoff.nextDelayMs());
  }

  private down(failure: LinkFailure, reasonCode: number): void {
    const wasOpen = this.state === 'open' || this.state === 'lingering';
    if (wasOpen && this.nowMs - this.openedAtMs >= STABLE_AFTER_MS) this.backoff.reset();
    this.attempt++;
    this.socket?.close();
    this.socket = undefined;
    this.session.close();
    this.handler.onDown(failure, reasonCode);
  }

  private finishClose(): void {
    this.down('closed', 0);
    this.state = 'closed';
    this._deadlineMs = NEVER;
    this.handler.onClosed();
  }
}

/** Knows how much may be written: the announced room, and a place among the writes that the peer has not acknowledged. */
class UnacknowledgedWrites {
  private readonly lengths: number[] = [];
  private capacity = 0;
  private _announced = 0;

  /** Bytes that may be written now. */
  get room(): number {
    return this.lengths.length < UNACKNOWLEDGED_WRITES_MAXIMUM ? this._announced : 0;
  }

  get areAcknowledged(): boolean {
    return this.lengths.length === 0;
  }

  reset(): void {
    this.lengths.length = 0;
    this.capacity = 0;
    this._announced = 0;
  }

  /** The socket has room for `byteCount`: what is missing to its full room is unacknowledged, the last writes first. */
  announced(byteCount: number): void {
    this._announced = byteCount;
    if (byteCount > this.capacity) this.capacity = byteCount;
    let earlier = 0;
    for (const length of this.lengths) earlier += length;
    const unacknowledged = this.capacity - byteCount;
    while (this.lengths.length > 0 && earlier - (this.lengths[0] as number) >= unacknowledged) {
      earlier -= this.lengths.shift() as number;
    }
  }

  wrote(byteCount: number): void {
    this._announced -= byteCount;
    this.lengths.push(byteCount);
  }
}
