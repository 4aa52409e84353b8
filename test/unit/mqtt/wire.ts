// A session on a wire in virtual time: the test plays the server, and reads both sides as short words.

import assert from 'node:assert/strict';
import { generate, type Packet, parser } from 'mqtt-packet';
import type { ConnectOptions, InboundMessage, OutboundMessage } from '../../../firmware/mqtt/protocol.js';
import {
  type Outbox,
  Session,
  type SessionFailure,
  type SessionHandler,
  type SessionOptions,
} from '../../../firmware/mqtt/session.js';
import { encodeUtf8 } from '../../../firmware/mqtt/utf8.js';

export const CONNACK_TIMEOUT_MS = 10_000;
export const ACKNOWLEDGEMENT_TIMEOUT_MS = 20_000;
export const PING_TIMEOUT_MS = 5_000;
export const KEEP_ALIVE_SECONDS = 40;
/** When a PINGREQ is due: at three quarters of the keep-alive. */
export const PING_DUE_MS = 30_000;

export class Wire implements SessionHandler, Outbox {
  readonly session: Session;
  /** Payload of the message with a tag, where it is not just the tag. */
  readonly payloads = new Map<number, string>();
  nowMs = 1_000;
  /** Called from within an event, to give a command there. */
  onEvent: (event: string) => void = () => {};
  #events: string[] = [];
  #parser = parser({ protocolVersion: 4 });
  #received: Packet[] = [];

  constructor(options: Partial<SessionOptions> = {}) {
    this.session = new Session({
      outputCapacity: 1_024,
      inputCapacity: 64,
      window: 4,
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
    this.#parser = parser({ protocolVersion: 4 });
    this.#parser.on('packet', (packet) => this.#received.push({ ...packet }));
    this.#parser.on('error', (error: Error) => assert.fail(`the server cannot read this: ${error.message}`));
    this.session.open({ clientId: 'c', cleanSession: true, keepAliveSeconds: KEEP_ALIVE_SECONDS, ...options }, this.nowMs);
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
    this.open({ cleanSession: false });
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
    this.session.receive(generate(packet), this.nowMs);
  }

  connack(sessionPresent = false, returnCode = 0): void {
    this.send({ cmd: 'connack', sessionPresent, returnCode });
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

  onAcknowledged(tag: number): void {
    this.#event(`acknowledged ${tag}`);
  }

  onSubscribed(returnCodes: Uint8Array): void {
    this.#event(`subscribed ${returnCodes.join()}`);
  }

  onMessage({ topic, payload, retain, dup }: InboundMessage): void {
    const flags = `${retain ? ' retain' : ''}${dup ? ' dup' : ''}`;
    this.#event(`message ${Buffer.from(topic)}=${Buffer.from(payload)}${flags}`);
  }

  onOversizedMessage(): void {
    this.#event('oversized message');
  }

  onFailed(failure: SessionFailure, returnCode: number): void {
    this.#event(returnCode === 0 ? `failed: ${failure}` : `failed: ${failure} ${returnCode}`);
  }

  compose(tag: number, message: OutboundMessage): void {
    message.topic = encodeUtf8('t');
    message.payload = encodeUtf8(this.payloads.get(tag) ?? String(tag));
    message.payloadLength = message.payload.length;
    message.retain = false;
  }

  #event(event: string): void {
    this.#events.push(event);
    this.onEvent(event);
  }
}

/** A packet of the client in words: `publish #1 dup 7` is the redelivery of payload 7 with packet id 1. */
export function wordsFor(packet: Packet): string {
  switch (packet.cmd) {
    case 'connect':
      return packet.clean ? 'connect clean' : 'connect';
    case 'publish':
      return `publish ${packet.qos === 0 ? 'once' : `#${packet.messageId}`}${packet.dup ? ' dup' : ''} ${packet.payload}`;
    case 'puback':
    case 'subscribe':
      return `${packet.cmd} #${packet.messageId}`;
    default:
      return packet.cmd;
  }
}
