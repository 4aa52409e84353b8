// The firmware's MQTT session on its own, over a transport of the simulator: a client that publishes, subscribes, and remembers what
// it hears.

import type { ProtocolLevel, QoS } from '../../../firmware/mqtt/protocol.js';
import { Session } from '../../../firmware/mqtt/session.js';
import type { SessionHandler } from '../../../firmware/mqtt/session-options.js';
import type { StreamSocket } from '../../../firmware/ports.js';
import { routeTo } from '../../../firmware/station/transport.js';
import type { Credentials } from '../../../host-sim/ports/node-tls.js';
import { nodeTransports } from '../../../host-sim/ports/node-transports.js';
import type { PeerMessage } from './paho-peer.js';
import { until } from './until.js';

const WAIT_LIMIT_MS = 15_000;
const LOOPBACK = '127.0.0.1';

export interface TransportClientOptions {
  readonly url: string;
  readonly credentials?: Credentials;
  readonly level: ProtocolLevel;
  readonly id: string;
  readonly cleanStart?: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly will?: PeerMessage;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (view: Uint8Array) => new TextDecoder().decode(view);

export class TransportClient {
  readonly heard: PeerMessage[] = [];
  readonly #session: Session;
  readonly #socket: StreamSocket;
  readonly #messages: PeerMessage[] = [];
  readonly #acknowledged = new Set<number>();
  #granted: readonly number[] | undefined;
  #sessionPresent: boolean | undefined;
  #failure: string | undefined;
  #room = 0;

  private constructor(options: TransportClientOptions) {
    this.#session = this.#createSession();
    const { io, host, port, path } = routeTo(options.url, nodeTransports(options.credentials ?? {}));
    let isOpen = false;
    this.#socket = new io({
      address: LOOPBACK,
      host,
      port,
      path,
      nodelay: true,
      onWritable: (byteCount) => {
        this.#room = byteCount;
        if (!isOpen) this.#open(options);
        isOpen = true;
        this.#flush();
      },
      onReadable: (byteCount) => {
        const received = new Uint8Array(byteCount);
        this.#socket.read(received);
        this.#session.receive(received, performance.now());
        this.#flush();
      },
      onError: (failure) => {
        this.#failure ??= failure ?? 'the connection ended';
      },
    });
  }

  /** Resolves once the broker has accepted the connection; rejects with its reason where it does not. */
  static async connect(options: TransportClientOptions): Promise<TransportClient> {
    const client = new TransportClient(options);
    await client.#until(() => client.#sessionPresent !== undefined, 'CONNACK');
    return client;
  }

  get sessionPresent(): boolean {
    return this.#sessionPresent ?? false;
  }

  /** Resolves to the reason codes of the SUBACK. */
  async subscribe(...filters: readonly (readonly [filter: string, qos: QoS])[]): Promise<readonly number[]> {
    this.#granted = undefined;
    const subscriptions = filters.map(([filter, qos]) => ({ filter: bytes(filter), qos }));
    if (!this.#session.subscribe(subscriptions, performance.now())) throw new Error('SUBSCRIBE is not taken');
    this.#flush();
    await this.#until(() => this.#granted !== undefined, 'SUBACK');
    return this.#granted as unknown as readonly number[];
  }

  /** Resolves once the broker has acknowledged it; with QoS 0, once it has left. */
  async publish(message: PeerMessage): Promise<void> {
    const tag = this.#messages.push(message) - 1;
    const isTaken = () =>
      message.qos === 0 ? this.#session.publishOnce(outbound(message)) : this.#session.publish(tag, performance.now());
    await this.#until(isTaken, 'the session takes a message');
    this.#flush();
    const isDone = () => (message.qos === 0 ? this.#session.pendingBytes === 0 : this.#acknowledged.has(tag));
    await this.#until(isDone, `QoS ${message.qos} is finished`);
  }

  /** Resolves once it has heard `count` messages. */
  hears(count: number): Promise<void> {
    return this.#until(() => this.heard.length >= count, `${count} messages`);
  }

  /** Says good-bye. */
  async leave(): Promise<void> {
    this.#session.disconnect();
    this.#flush();
    await until(() => this.#session.pendingBytes === 0, 'DISCONNECT leaves', WAIT_LIMIT_MS);
    this.#socket.close();
  }

  /** Goes without a word, as when the power fails: the broker publishes the will. */
  vanish(): void {
    this.#socket.close();
  }

  #createSession(): Session {
    const fail = (what: string) => () => {
      this.#failure ??= what;
    };
    const handler: SessionHandler = {
      onConnected: (sessionPresent) => {
        this.#sessionPresent = sessionPresent;
      },
      onMessage: ({ topic, payload, qos, retain }) => {
        this.heard.push({ topic: text(topic), payload: text(payload), qos, retain });
      },
      onAcknowledged: (tag) => this.#acknowledged.add(tag),
      onSubscribed: (reasonCodes) => {
        this.#granted = [...reasonCodes];
      },
      onFailed: (failure, reasonCode) => fail(reasonCode === 0 ? failure : `${failure} ${reasonCode}`)(),
      onRefused: (_tag, reasonCode) => fail(`refused ${reasonCode}`)(),
      onOversizedMessage: fail('oversized message'),
      onUnsubscribed: () => {},
      onSessionLost: () => {},
    };
    return new Session({
      outputCapacity: 4_096,
      inputCapacity: 1_024,
      window: 8,
      receiveMaximum: 8,
      connackTimeoutMs: WAIT_LIMIT_MS,
      acknowledgementTimeoutMs: WAIT_LIMIT_MS,
      pingTimeoutMs: WAIT_LIMIT_MS,
      outbox: { compose: (tag, message) => Object.assign(message, outbound(this.#messages[tag] as PeerMessage)) },
      handler,
    });
  }

  #open({ level, id, cleanStart = true, user, password, will }: TransportClientOptions): void {
    const connect = {
      level,
      clientId: id,
      cleanStart,
      keepAliveSeconds: 60,
      sessionExpirySeconds: cleanStart ? 0 : 60,
      user,
      password,
    };
    const last = will && { topic: bytes(will.topic), payload: bytes(will.payload), qos: will.qos, retain: will.retain };
    this.#session.open({ ...connect, will: last }, performance.now());
  }

  /** One write, as announced; the next follows when there is room again. */
  #flush(): void {
    const byteCount = Math.min(this.#session.pendingBytes, this.#room);
    if (byteCount === 0) return;
    const pending = this.#session.pending(byteCount);
    this.#room = 0;
    this.#socket.write(pending);
    this.#session.sent(pending.length, performance.now());
  }

  async #until(isSo: () => boolean, what: string): Promise<void> {
    await until(() => this.#failure !== undefined || isSo(), what, WAIT_LIMIT_MS);
    if (this.#failure === undefined) return;
    this.#socket.close();
    throw new Error(this.#failure);
  }
}

function outbound({ topic, payload, qos, retain }: PeerMessage) {
  const encoded = bytes(payload);
  return { topic: bytes(topic), payload: encoded, payloadLength: encoded.length, qos, retain };
}
