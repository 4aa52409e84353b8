// One connection of the page to the broker: the firmware's own MQTT session, over a WebSocket of the browser.

import type { InboundMessage } from '../../../../firmware/mqtt/inbound-message.js';
import { MQTT_3_1_1, type OutboundMessage } from '../../../../firmware/mqtt/protocol.js';
import { ConnectReturnCode, FAILURE_CODES_BEGIN } from '../../../../firmware/mqtt/reason.js';
import { Session } from '../../../../firmware/mqtt/session.js';
import type { MessageStream, Outbox, SessionFailure, SessionHandler } from '../../../../firmware/mqtt/session-options.js';
import type { Message, QoS } from '../model/message.js';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** `away`: there is no connection. `busy`: too much is under way. `too-long`: the page sends no such message. `refused`: the broker says no. */
export type BrokerProblem = 'away' | 'busy' | 'too-long' | 'refused';

/** What was asked of the broker was not done. */
export class BrokerError extends Error {
  override readonly name = 'BrokerError';
  readonly problem: BrokerProblem;

  constructor(problem: BrokerProblem) {
    super(problem);
    this.problem = problem;
  }
}

export interface ConnectionListener {
  onOnline(): void;
  onMessage(message: Message): void;
  /** Once: it is over, or never came to be. `isRefused`: the broker does not take the login. */
  onEnd(isRefused: boolean): void;
}

/** A longer message than this is shown by its beginning alone: nobody reads more, and a stranger fills no memory. */
const HEAD_BYTES = 8_192;

/** All that can wait to be sent; a WebSocket takes it at once. */
const OUTPUT_BYTES = 1 << 17;

/** The longest topic and payload together that the page publishes. */
const MESSAGE_MAXIMUM_BYTES = OUTPUT_BYTES / 2;

/** Messages and requests of the page's user that are under way. */
const WINDOW = 16;

/** 3.1.1 has no word for a limit: a broker may hand over all that it has retained with QoS 2 before it is answered once. */
const RECEIVE_MAXIMUM = 65_535;

/** A browser lets the timers of a hidden page wait for up to a minute, so that a ping may be that late. */
const KEEP_ALIVE_SECONDS = 180;

const CONNECT_LIMIT_MS = 8_000;
const ANSWER_LIMIT_MS = 20_000;

const LOGIN_REFUSALS: readonly number[] = [ConnectReturnCode.badUserNameOrPassword, ConnectReturnCode.notAuthorized];

const NEVER = Number.POSITIVE_INFINITY;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

interface Waiting<Value> {
  resolve(value: Value): void;
  reject(error: BrokerError): void;
}

interface Request extends Waiting<QoS> {
  readonly filter: Uint8Array;
  /** `undefined`: unsubscribes. */
  readonly qos: QoS | undefined;
}

interface Publication extends Waiting<void> {
  readonly message: OutboundMessage;
}

export class Connection implements SessionHandler, Outbox, MessageStream {
  readonly #listener: ConnectionListener;
  readonly #socket: WebSocket;
  readonly #session: Session;
  /** The first is under way: a session has one at a time. */
  readonly #requests: Request[] = [];
  readonly #publications = new Map<number, Publication>();
  #nextTag = 0;
  #timer: number | undefined;
  #timerAtMs = NEVER;
  /** Resolves when the broker has accepted; rejects where that never comes to be. */
  readonly #accepted: Promise<void>;
  #acceptance!: Waiting<void>;
  #isOver = false;
  /** The message that comes in pieces. */
  #long: { readonly message: Message; readonly head: Uint8Array; taken: number } | undefined;

  constructor(url: string, clientId: string, login: Login | undefined, listener: ConnectionListener) {
    this.#listener = listener;
    this.#accepted = new Promise((resolve, reject) => {
      this.#acceptance = { resolve, reject };
    });
    // Who asks for nothing meanwhile need not know.
    this.#accepted.catch(() => {});
    this.#session = new Session({
      outputCapacity: OUTPUT_BYTES,
      inputCapacity: HEAD_BYTES,
      window: WINDOW,
      receiveMaximum: RECEIVE_MAXIMUM,
      connackTimeoutMs: CONNECT_LIMIT_MS,
      acknowledgementTimeoutMs: ANSWER_LIMIT_MS,
      pingTimeoutMs: ANSWER_LIMIT_MS,
      outbox: this,
      handler: this,
      stream: this,
    });
    this.#socket = new WebSocket(url, 'mqtt');
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.onopen = () => {
      // Every broker knows it.
      const connect = { level: MQTT_3_1_1, clientId, cleanStart: true, keepAliveSeconds: KEEP_ALIVE_SECONDS } as const;
      this.#do(() => this.#session.open({ ...connect, user: login?.user, password: login?.password }, performance.now()));
    };
    this.#socket.onmessage = ({ data }) => {
      this.#do(() => this.#session.receive(new Uint8Array(data as ArrayBuffer), performance.now()));
    };
    this.#socket.onclose = () => this.#end(false);
  }

  /** Resolves when the broker has it; with QoS 0, when it has left. Rejects with `BrokerError`. */
  async publish(topic: string, payload: string, qos: QoS, retain: boolean): Promise<void> {
    const bytes = encoder.encode(payload);
    const message = { topic: encoder.encode(topic), payload: bytes, payloadLength: bytes.length, qos, retain };
    if (message.topic.length + bytes.length > MESSAGE_MAXIMUM_BYTES) throw new BrokerError('too-long');
    await this.#accepted;
    await new Promise<void>((resolve, reject) => {
      if (!this.#session.isConnected) return reject(new BrokerError('away'));
      const tag = this.#nextTag;
      this.#publications.set(tag, { message, resolve, reject });
      const isTaken = () => (qos === 0 ? this.#session.publishOnce(message) : this.#session.publish(tag, performance.now()));
      const wasTaken = this.#do(isTaken);
      if (wasTaken) this.#nextTag = (tag + 1) & 0xffff;
      if (!wasTaken || qos === 0) this.#publications.delete(tag);
      if (!wasTaken) reject(new BrokerError('busy'));
      else if (qos === 0) resolve();
    });
  }

  /** Resolves to the QoS that the broker grants. Rejects with `BrokerError`. */
  subscribe(filter: string, qos: QoS): Promise<QoS> {
    return this.#ask(filter, qos);
  }

  async unsubscribe(filter: string): Promise<void> {
    await this.#ask(filter, undefined);
  }

  /** Says good-bye; no more is heard of this connection. */
  close(): void {
    if (this.#isOver) return;
    this.#session.disconnect();
    this.#flush();
    this.#release();
  }

  // --- What the session says ------------------------------------------------------------------------------------------

  onConnected(): void {
    this.#acceptance.resolve();
    this.#listener.onOnline();
  }

  onMessage(message: InboundMessage): void {
    this.#listener.onMessage({ ...described(message), payload: message.payload, bytes: message.payload.length });
  }

  onAcknowledged(tag: number): void {
    this.#publications.get(tag)?.resolve();
    this.#publications.delete(tag);
  }

  onSubscribed([code = FAILURE_CODES_BEGIN]: Uint8Array): void {
    const request = this.#requests.shift();
    if (code >= FAILURE_CODES_BEGIN) request?.reject(new BrokerError('refused'));
    else request?.resolve(code as QoS);
    this.#sendRequest();
  }

  onUnsubscribed(): void {
    this.#requests.shift()?.resolve(0);
    this.#sendRequest();
  }

  onFailed(_failure: SessionFailure, returnCode: number): void {
    this.#end(LOGIN_REFUSALS.includes(returnCode));
  }

  /** 3.1.1 refuses no message, each connection is a session of its own, and what is long is taken in pieces. */
  onRefused(): void {}
  onSessionLost(): void {}
  onOversizedMessage(): void {}

  compose(tag: number, message: OutboundMessage): void {
    Object.assign(message, this.#publications.get(tag)?.message);
  }

  begin(message: InboundMessage, payloadLength: number): boolean {
    const head = new Uint8Array(Math.min(payloadLength, HEAD_BYTES));
    this.#long = { message: { ...described(message), payload: head, bytes: payloadLength }, head, taken: 0 };
    return true;
  }

  piece(bytes: Uint8Array): void {
    const long = this.#long;
    if (!long) return;
    const part = bytes.subarray(0, long.head.length - long.taken);
    long.head.set(part, long.taken);
    long.taken += part.length;
  }

  end(): void {
    if (this.#long) this.#listener.onMessage(this.#long.message);
    this.#long = undefined;
  }

  abort(): void {
    this.#long = undefined;
  }

  // --- Inside ---------------------------------------------------------------------------------------------------------

  async #ask(filter: string, qos: QoS | undefined): Promise<QoS> {
    await this.#accepted;
    return new Promise((resolve, reject) => {
      if (!this.#session.isConnected) return reject(new BrokerError('away'));
      if (this.#requests.length >= WINDOW) return reject(new BrokerError('busy'));
      this.#requests.push({ filter: encoder.encode(filter), qos, resolve, reject });
      if (this.#requests.length === 1) this.#do(() => this.#sendRequest());
    });
  }

  #sendRequest(): void {
    const [request] = this.#requests;
    if (!request) return;
    const { filter, qos } = request;
    if (qos === undefined) this.#session.unsubscribe([filter], performance.now());
    else this.#session.subscribe([{ filter, qos }], performance.now());
  }

  /** Gives the session something to do, then sends what it has to say, and sees to it that it is woken in time. */
  #do<Result>(act: () => Result): Result {
    const result = act();
    this.#flush();
    this.#wakeInTime();
    return result;
  }

  #flush(): void {
    const session = this.#session;
    while (!this.#isOver && session.pendingBytes > 0) {
      const bytes = session.pending(OUTPUT_BYTES);
      // The session lives in memory that is not shared.
      this.#socket.send(bytes as Uint8Array<ArrayBuffer>);
      session.sent(bytes.length, performance.now());
    }
  }

  #wakeInTime(): void {
    const { deadlineMs } = this.#session;
    if (this.#isOver || deadlineMs >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = deadlineMs;
    this.#timer = window.setTimeout(
      () => {
        this.#timerAtMs = NEVER;
        this.#do(() => this.#session.tick(performance.now()));
      },
      Math.max(0, deadlineMs - performance.now()),
    );
  }

  #end(isRefused: boolean): void {
    if (this.#isOver) return;
    this.#release();
    this.#listener.onEnd(isRefused);
  }

  #release(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#socket.close();
    this.#session.close();
    for (const { reject } of [this.#acceptance, ...this.#requests, ...this.#publications.values()]) reject(new BrokerError('away'));
  }
}

function described({ topic, qos, retain, dup }: InboundMessage): Omit<Message, 'payload' | 'bytes'> {
  return { topic: decoder.decode(topic), qos, isRetained: retain, isDuplicate: dup };
}
