// The session of the firmware on a socket of Node: a client that remembers what happens to it, in words, and can wait for it.

import { connect, type Socket } from 'node:net';
import type { InboundMessage } from '../../../firmware/mqtt/inbound-message.js';
import { type Properties, PropertyId } from '../../../firmware/mqtt/properties.js';
import type { ConnectOptions, OutboundMessage, Subscription } from '../../../firmware/mqtt/protocol.js';
import { Session } from '../../../firmware/mqtt/session.js';
import type { MessageStream, Outbox, SessionFailure, SessionHandler } from '../../../firmware/mqtt/session-options.js';
import { decodeUtf8, encodeUtf8 } from '../../../firmware/mqtt/utf8.js';
import { LOOPBACK } from './port.js';
import { until } from './until.js';

const WAIT_LIMIT_MS = 10_000;

/** A message as it was heard. */
export interface HeardMessage {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly responseTopic: string | undefined;
  readonly correlationData: string | undefined;
  readonly contentType: string | undefined;
  readonly userProperties: readonly string[];
  readonly subscriptionIdentifiers: readonly number[];
}

export class SessionClient implements SessionHandler, Outbox {
  readonly session: Session;
  readonly heard: HeardMessage[] = [];
  /** What happened, but for messages. */
  readonly events: string[] = [];
  /** What is published, by tag. */
  readonly messages = new Map<number, Partial<OutboundMessage>>();
  #socket: Socket | undefined;

  constructor(stream?: MessageStream) {
    this.session = new Session({
      outputCapacity: 4_096,
      inputCapacity: 1_024,
      window: 10,
      receiveMaximum: 10,
      connackTimeoutMs: WAIT_LIMIT_MS,
      acknowledgementTimeoutMs: WAIT_LIMIT_MS,
      pingTimeoutMs: WAIT_LIMIT_MS,
      outbox: this,
      handler: this,
      stream,
    });
  }

  /** Resolves when the broker has accepted the connection. */
  async connect(port: number, options: Omit<ConnectOptions, 'keepAliveSeconds'>): Promise<this> {
    const before = this.events.length;
    const socket = connect(port, LOOPBACK);
    this.#socket = socket;
    socket.once('connect', () => {
      this.session.open({ keepAliveSeconds: 60, ...options }, performance.now());
      this.#flush();
    });
    socket.on('data', (bytes) => {
      this.session.receive(bytes, performance.now());
      this.#flush();
    });
    socket.on('drain', () => this.#flush());
    socket.on('error', () => {});
    await this.until(() => this.events.slice(before).some((event) => event.startsWith('connected')), 'connected');
    return this;
  }

  /** Publishes with QoS 1 or 2; the caller knows that there is room. */
  publish(tag: number, message: Partial<OutboundMessage>): void {
    this.messages.set(tag, message);
    if (!this.session.publish(tag, performance.now())) throw new Error('there was no room');
    this.#flush();
  }

  /** Resolves with the reason codes. */
  async subscribe(subscriptions: readonly Subscription[], identifier?: number): Promise<string> {
    this.session.subscribe(subscriptions, performance.now(), { identifier });
    return this.#answer('subscribed');
  }

  async unsubscribe(...filters: string[]): Promise<string> {
    this.session.unsubscribe(filters.map(encodeUtf8), performance.now());
    return this.#answer('unsubscribed');
  }

  /** Says good-bye; resolves when the broker has closed. */
  async leave(reasonCode = 0): Promise<void> {
    this.session.disconnect(reasonCode);
    this.#flush();
    await new Promise((resolve) => this.#socket?.once('close', resolve).end());
    this.session.close();
  }

  /** The connection is gone without a word. */
  cut(): void {
    this.#socket?.destroy();
    this.session.close();
  }

  until(isSo: () => boolean, what: string): Promise<void> {
    return until(isSo, `${what}; ${this.events.join(', ')}`, WAIT_LIMIT_MS);
  }

  async #answer(word: string): Promise<string> {
    this.#flush();
    const before = this.events.length;
    await this.until(() => this.events.slice(before).some((event) => event.startsWith(word)), word);
    return this.events.findLast((event) => event.startsWith(word)) as string;
  }

  /** Hands on what is pending, as long as the socket takes it. */
  #flush(): void {
    const socket = this.#socket;
    while (socket && !socket.destroyed && !socket.writableNeedDrain && this.session.pendingBytes > 0) {
      const bytes = this.session.pending(Number.POSITIVE_INFINITY);
      socket.write(bytes.slice());
      this.session.sent(bytes.length, performance.now());
    }
  }

  // --- Outbox and handler ---------------------------------------------------------------------------------------------

  compose(tag: number, message: OutboundMessage): void {
    message.retain = false;
    Object.assign(message, this.messages.get(tag));
    if (message.source === undefined) message.payloadLength = message.payload.length;
  }

  onConnected(sessionPresent: boolean, properties: Properties): void {
    const assigned = properties.bytes(PropertyId.assignedClientIdentifier);
    this.events.push(`connected${sessionPresent ? ', session present' : ''}${assigned ? ` as ${decodeUtf8(assigned)}` : ''}`);
  }

  onSessionLost(): void {
    this.events.push('session lost');
  }

  onAcknowledged(tag: number, reasonCode: number): void {
    this.events.push(`acknowledged ${tag} ${reasonCode}`);
  }

  onRefused(tag: number, reasonCode: number): void {
    this.events.push(`refused ${tag} ${reasonCode}`);
  }

  onSubscribed(reasonCodes: Uint8Array): void {
    this.events.push(`subscribed ${reasonCodes.join()}`);
  }

  onUnsubscribed(reasonCodes: Uint8Array): void {
    this.events.push(`unsubscribed ${reasonCodes.join()}`);
  }

  onMessage(message: InboundMessage): void {
    const { topic, payload, qos, retain, properties } = message;
    const text = (bytes: Uint8Array | undefined) => bytes && decodeUtf8(bytes);
    const userProperties: string[] = [];
    properties.eachUserProperty((name, value) => userProperties.push(`${decodeUtf8(name)}=${decodeUtf8(value)}`));
    const subscriptionIdentifiers: number[] = [];
    properties.eachSubscriptionIdentifier((identifier) => subscriptionIdentifiers.push(identifier));
    this.heard.push({
      ...{ topic: decodeUtf8(topic), payload: decodeUtf8(payload), qos, retain },
      responseTopic: text(message.responseTopic),
      correlationData: text(message.correlationData),
      contentType: text(message.contentType),
      userProperties,
      subscriptionIdentifiers,
    });
  }

  onOversizedMessage(): void {
    this.events.push('oversized message');
  }

  onFailed(failure: SessionFailure, reasonCode: number): void {
    this.events.push(`failed: ${failure} ${reasonCode}`);
  }
}
