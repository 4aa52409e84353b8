// The MQTT session against a scripted broker in the same engine: CONNECT and CONNACK, then QoS 1 messages, each acknowledged.

import type { InboundMessage } from '../../firmware/mqtt/inbound-message.js';
import { MQTT_5, type OutboundMessage, type ProtocolLevel } from '../../firmware/mqtt/protocol.js';
import { Session } from '../../firmware/mqtt/session.js';
import type { Outbox, SessionFailure, SessionHandler } from '../../firmware/mqtt/session-options.js';
import { encodeUtf8 } from '../../firmware/mqtt/utf8.js';
import { MESSAGE_PAYLOAD, MESSAGE_TOPIC } from '../bench/mqtt-message.js';
import { toHex } from './hex.js';

const CONNACK_5 = Uint8Array.of(0x20, 3, 0, 0, 0);
const CONNACK_3_1_1 = Uint8Array.of(0x20, 2, 0, 0);

const TOPIC = encodeUtf8(MESSAGE_TOPIC);
const PUBACK_BYTES = 4;

/** All that a transport may take at once. */
const ALL = 0xffff;

export class Exchange implements SessionHandler, Outbox {
  readonly session: Session;
  readonly #window: number;
  readonly #pubacks: Uint8Array;
  #packetId = 0;
  #nowMs = 0;
  #acknowledged = 0;
  /** Messages that came, and how many of their payload bytes were what was sent. */
  received = 0;

  /** @param window messages that are sent before the broker answers them all at once. */
  constructor(level: ProtocolLevel, window: number) {
    this.#window = window;
    this.#pubacks = new Uint8Array(PUBACK_BYTES * window);
    this.session = new Session({
      outputCapacity: 4_096,
      inputCapacity: 512,
      window,
      receiveMaximum: 8,
      connackTimeoutMs: 10_000,
      acknowledgementTimeoutMs: 10_000,
      pingTimeoutMs: 10_000,
      outbox: this,
      handler: this,
    });
    this.session.open({ level, clientId: 'xs', cleanStart: true, keepAliveSeconds: 60 }, 0);
  }

  /** Has `count` messages acknowledged; returns how many were. */
  publish(count: number): string {
    this.connect();
    for (let done = 0; done < count; done += this.#window) this.publishWindow();
    return String(this.#acknowledged);
  }

  /** The same, but returns all bytes of the client, in hex, and how many were acknowledged behind them. */
  transcript(count: number): string {
    let text = toHex(this.connect());
    for (let done = 0; done < count; done += this.#window) text += toHex(this.publishWindow());
    return `${text} ${this.#acknowledged}`;
  }

  /** Takes the CONNECT and answers it; returns a copy of it. */
  connect(): Uint8Array {
    const { session } = this;
    const bytes = session.pending(ALL).slice();
    session.sent(bytes.length, this.#nowMs);
    session.receive(session.level === MQTT_5 ? CONNACK_5 : CONNACK_3_1_1, this.#nowMs);
    return bytes;
  }

  /** As a station's link in one turn: publishes what can be published, writes once, and hears the broker. Returns what was written. */
  private publishWindow(): Uint8Array {
    const { session } = this;
    const nowMs = ++this.#nowMs;
    let sent = 0;
    while (session.publish(sent, nowMs)) sent++;
    const bytes = session.pending(ALL);
    session.sent(bytes.length, nowMs);
    session.receive(this.acknowledgeNext(sent), nowMs);
    return bytes;
  }

  /** The broker: packet ids count from 1. */
  private acknowledgeNext(count: number): Uint8Array {
    const pubacks = this.#pubacks;
    for (let at = 0; at < PUBACK_BYTES * count; at += PUBACK_BYTES) {
      const packetId = ++this.#packetId;
      pubacks[at] = 0x40;
      pubacks[at + 1] = 2;
      pubacks[at + 2] = packetId >> 8;
      pubacks[at + 3] = packetId;
    }
    return pubacks;
  }

  compose(_tag: number, message: OutboundMessage): void {
    message.topic = TOPIC;
    message.payload = MESSAGE_PAYLOAD;
    message.payloadLength = MESSAGE_PAYLOAD.length;
  }

  onAcknowledged(): void {
    this.#acknowledged++;
  }

  onMessage(message: InboundMessage): void {
    if (message.payload.length === MESSAGE_PAYLOAD.length) this.received++;
  }

  onFailed(failure: SessionFailure): void {
    throw new Error(failure);
  }

  onConnected(): void {}
  onSessionLost(): void {}
  onRefused(): void {}
  onSubscribed(): void {}
  onUnsubscribed(): void {}
  onOversizedMessage(): void {}
}
