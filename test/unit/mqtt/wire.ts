// A session on a wire in virtual time: the test plays the server, and reads both sides as short words.

import assert from 'node:assert/strict';
import { generate, type IConnackPacket, type Packet, parser } from 'mqtt-packet';
import type { InboundMessage } from '../../../firmware/mqtt/inbound-message.js';
import { type Properties, PropertyId } from '../../../firmware/mqtt/properties.js';
import type { ConnectOptions, OutboundMessage, ProtocolLevel, QoS } from '../../../firmware/mqtt/protocol.js';
import { Session } from '../../../firmware/mqtt/session.js';
import type { Outbox, SessionFailure, SessionHandler, SessionOptions } from '../../../firmware/mqtt/session-options.js';
import { decodeUtf8, encodeUtf8 } from '../../../firmware/mqtt/utf8.js';

export const CONNACK_TIMEOUT_MS = 10_000;
export const ACKNOWLEDGEMENT_TIMEOUT_MS = 20_000;
export const PING_TIMEOUT_MS = 5_000;
export const KEEP_ALIVE_SECONDS = 40;
/** When a PINGREQ is due: at three quarters of the keep-alive. */
export const PING_DUE_MS = 30_000;

export class Wire implements SessionHandler, Outbox {
  readonly session: Session;
  readonly level: ProtocolLevel;
  /** QoS of each message with a tag, where it is not 1. */
  readonly qualities = new Map<number, QoS>();
  /** Payload of the message with a tag, where it is not just the tag. */
  readonly payloads = new Map<number, string>();
  nowMs = 1_000;
  /** Called from within an event, to give a command there. */
  onEvent: (event: string) => void = () => {};
  #events: string[] = [];
  #parser = parser({ protocolVersion: 4 });
  #received: Packet[] = [];

  constructor(options: Partial<SessionOptions> = {}, level: ProtocolLevel = 4) {
    this.level = level;
    this.session = new Session({
      outputCapacity: 1_024,
      inputCapacity: 64,
      window: 4,
      receiveMaximum: 8,
      connackTimeoutMs: CONNACK_TIMEOUT_MS,
      acknowledgementTimeoutMs: ACKNOWLEDGEMENT_TIMEOUT_MS,
      pingTimeoutMs: PING_TIMEOUT_MS,
      outbox: this,
      handler: this,
      ...options,
    });
  }

  // --- The client's side ----------------------------------------------------------------------------------------------

  open(options: Partial<ConnectOptions> = {}): this {
    const { level } = this;
    this.#parser = parser({ protocolVersion: options.level ?? level });
    this.#parser.on('packet', (packet) => this.#received.push({ ...packet }));
    this.#parser.on('error', (error: Error) => assert.fail(`the server cannot read this: ${error.message}`));
    this.session.open({ level, clientId: 'c', cleanStart: true, keepAliveSeconds: KEEP_ALIVE_SECONDS, ...options }, this.nowMs);
    return this;
  }

  /** A whole connection up to its CONNACK, about which nothing is left to say. */
  connected(options: Partial<ConnectOptions> = {}, sessionPresent = false): this {
    this.open(options);
    this.drain();
    this.connack(sessionPresent);
    this.takeEvents();
    return this;
  }

  /** The connection is gone, and a new one is made. */
  reconnect(sessionPresent: boolean): void {
    this.session.close();
    this.open({ cleanStart: false });
    this.drain();
    this.connack(sessionPresent);
  }

  publish(...tags: number[]): boolean[] {
    return tags.map((tag) => this.session.publish(tag, this.nowMs));
  }

  /** Lets time pass; then what is due is done. */
  tickAfter(durationMs: number): void {
    this.nowMs += durationMs;
    this.session.tick(this.nowMs);
  }

  // --- The server's side ----------------------------------------------------------------------------------------------

  send(packet: Packet): void {
    this.session.receive(generate(packet, { protocolVersion: this.session.level }), this.nowMs);
  }

  /** `code` is a return code in 3.1.1, a reason code in MQTT 5. */
  connack(sessionPresent = false, code = 0, properties: IConnackPacket['properties'] = {}): void {
    const said = this.session.level === 5 ? { reasonCode: code, properties } : { returnCode: code };
    this.send({ cmd: 'connack', sessionPresent, ...said });
  }

  puback(...packetIds: number[]): void {
    for (const messageId of packetIds) this.send({ cmd: 'puback', messageId });
  }

  /** Takes `byteCount` pending bytes at most, once; returns them. */
  takeBytes(byteCount: number): Uint8Array {
    const bytes = this.session.pending(byteCount).slice();
    this.session.sent(bytes.length, this.nowMs);
    this.#parser.parse(Buffer.from(bytes));
    return bytes;
  }

  /** Takes all that the client has to send; returns the packets, with those that came before. */
  drainPackets(): Packet[] {
    while (this.session.pendingBytes > 0) this.takeBytes(Number.POSITIVE_INFINITY);
    return this.takePackets();
  }

  /** The whole packets that came. */
  takePackets(): Packet[] {
    return this.#received.splice(0);
  }

  /** As `drainPackets`, in words. */
  drain(): string[] {
    return this.drainPackets().map(wordsFor);
  }

  // --- Events ---------------------------------------------------------------------------------------------------------

  takeEvents(): string[] {
    return this.#events.splice(0);
  }

  onConnected(sessionPresent: boolean): void {
    this.#event(sessionPresent ? 'connected, session present' : 'connected');
  }

  onSessionLost(): void {
    this.#event('session lost');
  }

  onAcknowledged(tag: number, reasonCode = 0): void {
    this.#event(`acknowledged ${tag}${reasonCode === 0 ? '' : ` ${reasonCode}`}`);
  }

  onRefused(tag: number, reasonCode: number, properties: Properties): void {
    this.#event(`refused ${tag} ${reasonCode}${reasonIn(properties)}`);
  }

  onSubscribed(reasonCodes: Uint8Array, properties: Properties): void {
    this.#event(`subscribed ${reasonCodes.join()}${reasonIn(properties)}`);
  }

  onUnsubscribed(reasonCodes: Uint8Array, properties: Properties): void {
    this.#event(`unsubscribed ${reasonCodes.join()}${reasonIn(properties)}`);
  }

  onMessage({ topic, payload, retain, dup }: InboundMessage): void {
    const flags = `${retain ? ' retain' : ''}${dup ? ' dup' : ''}`;
    this.#event(`message ${Buffer.from(topic)}=${Buffer.from(payload)}${flags}`);
  }

  onOversizedMessage(): void {
    this.#event('oversized message');
  }

  onFailed(failure: SessionFailure, reasonCode: number, properties: Properties | undefined): void {
    const code = reasonCode === 0 ? '' : ` ${reasonCode}`;
    this.#event(`failed: ${failure}${code}${properties ? reasonIn(properties) : ''}`);
  }

  compose(tag: number, message: OutboundMessage): void {
    message.topic = encodeUtf8('t');
    message.payload = encodeUtf8(this.payloads.get(tag) ?? String(tag));
    message.payloadLength = message.payload.length;
    message.retain = false;
    message.qos = this.qualities.get(tag) ?? 1;
  }

  #event(event: string): void {
    this.#events.push(event);
    this.onEvent(event);
  }
}

/** What is said in words beside a reason code. */
function reasonIn(properties: Properties): string {
  const reason = properties.bytes(PropertyId.reasonString);
  return reason === undefined ? '' : `: ${decodeUtf8(reason)}`;
}

/** A packet of the client in words: `publish #1 dup 7` is the redelivery of payload 7 with packet id 1. */
export function wordsFor(packet: Packet): string {
  switch (packet.cmd) {
    case 'connect':
      return packet.clean ? 'connect clean' : 'connect';
    case 'publish':
      return `publish ${packet.qos === 0 ? 'once' : `#${packet.messageId}`}${packet.dup ? ' dup' : ''} ${packet.payload}`;
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return `${packet.cmd} #${packet.messageId}${packet.reasonCode ? ` ${packet.reasonCode}` : ''}`;
    case 'subscribe':
    case 'unsubscribe':
      return `${packet.cmd} #${packet.messageId}`;
    case 'disconnect':
      return packet.reasonCode ? `disconnect ${packet.reasonCode}` : 'disconnect';
    default:
      return packet.cmd;
  }
}
