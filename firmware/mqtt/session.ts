// The MQTT 3.1.1 client session, without a socket and without a clock: bytes, commands and the time go in; bytes, events and
// the next deadline come out. The state that must outlive a connection (§4.1) stays here between `close` and the next `open`.

import { ContractError } from '../errors.js';
import {
  encodeConnect,
  encodeDisconnect,
  encodePingreq,
  encodePuback,
  encodePublish,
  encodeSubscribe,
  PUBACK_BYTES,
  publishLength,
} from './encode.js';
import { Inflight } from './inflight.js';
import { OutputBuffer } from './output.js';
import { type PacketHandler, Parser, type ProtocolViolation } from './parser.js';
import {
  type ConnectOptions,
  ConnectReturnCode,
  type InboundMessage,
  type OutboundMessage,
  type Subscription,
} from './protocol.js';
import { isTopicFilter } from './topic.js';

/** Why a session gave its connection up. */
export type SessionFailure =
  | ProtocolViolation
  | 'connack-timeout'
  | 'connection-refused'
  | 'packet-before-connack'
  | 'second-connack'
  | 'session-present-after-clean-start'
  | 'acknowledgement-timeout'
  | 'ping-timeout'
  | 'output-full';

/** Builds messages: once to send them first, and again, byte for byte the same, when they must be redelivered. */
export interface Outbox {
  /** Fills `message` with the QoS 1 message that `tag` stands for. */
  compose(tag: number, message: OutboundMessage): void;
}

/** Receives what happens; called from within `receive`, `sent` and `tick`. Commands may be given from within a call. */
export interface SessionHandler {
  /** The server accepted the connection. Where `sessionPresent` is false, `onSessionLost` came first if anything was in flight. */
  onConnected(sessionPresent: boolean): void;
  /** The server kept no session: all messages in flight are forgotten, and their tags are free. */
  onSessionLost(): void;
  /** The message with this tag is the server's now; the tag is free. */
  onAcknowledged(tag: number): void;
  /** One return code for each filter: the granted QoS, or 0x80. */
  onSubscribed(returnCodes: Uint8Array): void;
  onMessage(message: InboundMessage): void;
  /** A message longer than the input buffer was skipped. */
  onOversizedMessage(): void;
  /**
   * The connection cannot go on: the owner closes the transport, and then calls `close`. `returnCode` is that of the CONNACK
   * with `connection-refused`, else 0.
   */
  onFailed(failure: SessionFailure, returnCode: number): void;
}

export interface SessionOptions {
  /** Bytes of output that can be pending; the largest packet must fit beside `CONTROL_RESERVE_BYTES`. */
  readonly outputCapacity: number;
  /** Longest received packet that is handed on, in bytes without its fixed header. */
  readonly inputCapacity: number;
  /** Most QoS 1 messages in flight. */
  readonly window: number;
  /** How long the server may take for its CONNACK. */
  readonly connackTimeoutMs: number;
  /** How long it may take to acknowledge a PUBLISH or SUBSCRIBE. */
  readonly acknowledgementTimeoutMs: number;
  /** How long it may take for a PINGRESP. */
  readonly pingTimeoutMs: number;
  readonly outbox: Outbox;
  readonly handler: SessionHandler;
}

/** Output room that messages leave for acknowledgements and pings. */
export const CONTROL_RESERVE_BYTES = 64;

const EMPTY = new Uint8Array(0);
const NEVER = Number.POSITIVE_INFINITY;

type State = 'closed' | 'awaiting-connack' | 'connected' | 'disconnecting' | 'failed';

export class Session implements PacketHandler {
  readonly #options: SessionOptions;
  readonly #output: OutputBuffer;
  readonly #parser: Parser;
  readonly #inflight: Inflight;
  readonly #message: OutboundMessage = { topic: EMPTY, payload: EMPTY, payloadLength: 0, qos: 1, retain: false };
  #state: State = 'closed';
  #cleanSession = true;
  #nowMs = 0;
  #keepAliveMs = 0;
  #lastSentMs = 0;
  #lastReceivedMs = 0;
  #connackDeadlineMs = NEVER;
  #pingDeadlineMs = NEVER;
  #subscribePacketId = 0;
  #subscribeDeadlineMs = NEVER;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#output = new OutputBuffer(options.outputCapacity);
    this.#parser = new Parser(options.inputCapacity, this);
    this.#inflight = new Inflight(options.window);
  }

  get isConnected(): boolean {
    return this.#state === 'connected';
  }

  /**
   * Whether messages of an earlier connection are still to be redelivered on this one, or may be once the server has answered:
   * never after a clean start, which asks the server to forget them.
   */
  get isResuming(): boolean {
    if (this.#state === 'awaiting-connack') return !this.#cleanSession;
    return this.#state === 'connected' && this.#inflight.awaitsRedelivery;
  }

  /** QoS 1 messages that were sent and not acknowledged. */
  get inflightCount(): number {
    return this.#inflight.count;
  }

  // --- Commands -----------------------------------------------------------------------------------------------------

  /** The transport is open: asks the server for a session. */
  open(options: ConnectOptions, nowMs: number): void {
    if (this.#state !== 'closed') throw new ContractError(`open while ${this.#state}`);
    this.#nowMs = nowMs;
    this.#output.clear();
    this.#parser.reset();
    this.#inflight.connectionLost();
    this.#cleanSession = options.cleanSession;
    this.#keepAliveMs = options.keepAliveSeconds * 1000;
    this.#lastSentMs = nowMs;
    this.#lastReceivedMs = nowMs;
    this.#pingDeadlineMs = NEVER;
    this.#subscribePacketId = 0;
    this.#subscribeDeadlineMs = NEVER;
    if (!encodeConnect(this.#output, options)) throw new ContractError('CONNECT is longer than the output buffer');
    this.#connackDeadlineMs = nowMs + this.#options.connackTimeoutMs;
    this.#state = 'awaiting-connack';
  }

  /** The transport is closed. What is in flight stays so, and is redelivered on the next connection. */
  close(): void {
    this.#state = 'closed';
    this.#output.clear();
  }

  /** Whether a QoS 1 message would be taken now, room for its bytes aside. */
  get canPublish(): boolean {
    return this.#state === 'connected' && !this.#inflight.isFull && !this.#inflight.awaitsRedelivery;
  }

  /** Sends the message that the outbox composes for `tag`, with QoS 1. False where window or output has no room: nothing was done. */
  publish(tag: number, nowMs: number): boolean {
    if (!this.canPublish) return false;
    this.#nowMs = nowMs;
    const message = this.#compose(tag);
    if (!this.#hasRoomFor(message)) return false;
    const packetId = this.#inflight.nextPacketId(this.#subscribePacketId);
    encodePublish(this.#output, message, packetId, false);
    this.#inflight.add(packetId, tag, nowMs);
    return true;
  }

  /** Sends `message` with QoS 0. False where there is no room or no connection: nothing was done. */
  publishOnce(message: OutboundMessage): boolean {
    if (this.#state !== 'connected' || !this.#hasRoomFor(message)) return false;
    return encodePublish(this.#output, message, 0, false);
  }

  /** Subscribes; one SUBSCRIBE can be under way. False where it has no room: nothing was done. Throws for what is no topic filter. */
  subscribe(subscriptions: readonly Subscription[], nowMs: number): boolean {
    if (!subscriptions.every(({ filter }) => isTopicFilter(filter))) throw new ContractError('not a topic filter [MQTT-4.7.1-1]');
    if (this.#state !== 'connected' || this.#subscribePacketId !== 0) return false;
    const packetId = this.#inflight.nextPacketId(0);
    if (!encodeSubscribe(this.#output, subscriptions, packetId)) return false;
    this.#subscribePacketId = packetId;
    this.#subscribeDeadlineMs = nowMs + this.#options.acknowledgementTimeoutMs;
    return true;
  }

  /** Says good-bye: the server drops the will (§3.14). Nothing can be sent behind it ([MQTT-3.14.4-2]). */
  disconnect(): boolean {
    if (this.#state !== 'connected' || !encodeDisconnect(this.#output)) return false;
    this.#state = 'disconnecting';
    return true;
  }

  // --- Transport ----------------------------------------------------------------------------------------------------

  /** Bytes that wait to be sent. */
  get pendingBytes(): number {
    return this.#output.length;
  }

  /** The first of them, `byteCount` at most. A view: valid until the next call. */
  pending(byteCount: number): Uint8Array {
    return this.#output.peek(byteCount);
  }

  /** The transport took the first `byteCount` pending bytes. */
  sent(byteCount: number, nowMs: number): void {
    this.#output.consume(byteCount);
    this.#lastSentMs = nowMs;
    this.#nowMs = nowMs;
    if (this.#state === 'connected') this.#redeliver();
  }

  /** Bytes came from the server. */
  receive(bytes: Uint8Array, nowMs: number): void {
    if (this.#state === 'closed' || this.#state === 'failed') return;
    this.#nowMs = nowMs;
    this.#lastReceivedMs = nowMs;
    const violation = this.#parser.push(bytes);
    if (violation) this.#fail(violation);
  }

  // --- Time ---------------------------------------------------------------------------------------------------------

  /** When `tick` must be called at the latest, or infinity. */
  get deadlineMs(): number {
    if (this.#state === 'awaiting-connack') return this.#connackDeadlineMs;
    if (this.#state !== 'connected') return NEVER;
    return Math.min(
      this.#inflight.oldestSentAtMs + this.#options.acknowledgementTimeoutMs,
      this.#subscribeDeadlineMs,
      this.#pingDeadlineMs,
      this.#pingDueMs,
    );
  }

  /** Does what is due at `nowMs`. */
  tick(nowMs: number): void {
    this.#nowMs = nowMs;
    if (this.#state === 'awaiting-connack') {
      if (nowMs >= this.#connackDeadlineMs) this.#fail('connack-timeout');
      return;
    }
    if (this.#state !== 'connected') return;
    if (nowMs >= this.#pingDeadlineMs) return this.#fail('ping-timeout');
    const { acknowledgementTimeoutMs } = this.#options;
    if (nowMs >= this.#inflight.oldestSentAtMs + acknowledgementTimeoutMs || nowMs >= this.#subscribeDeadlineMs) {
      return this.#fail('acknowledgement-timeout');
    }
    if (nowMs >= this.#pingDueMs) {
      // Where even two bytes have no room, nothing comes back: the deadline below then ends the connection as it should.
      encodePingreq(this.#output);
      this.#pingDeadlineMs = nowMs + this.#options.pingTimeoutMs;
    }
  }

  /**
   * When a PINGREQ is due: silence from either side counts. Ours, because the server closes after 1.5 keep-alives ([MQTT-3.1.2-24]);
   * the server's, because a peer that vanished lets us write for minutes. Three quarters leave room for a slow turn.
   */
  get #pingDueMs(): number {
    if (this.#keepAliveMs === 0 || this.#pingDeadlineMs !== NEVER) return NEVER;
    return Math.min(this.#lastSentMs, this.#lastReceivedMs) + (this.#keepAliveMs * 3) / 4;
  }

  // --- Packets from the server --------------------------------------------------------------------------------------

  onConnack(sessionPresent: boolean, returnCode: number): void {
    if (this.#state !== 'awaiting-connack') return this.#fail('second-connack');
    if (returnCode !== ConnectReturnCode.accepted) return this.#fail('connection-refused', returnCode);
    if (sessionPresent && this.#cleanSession) return this.#fail('session-present-after-clean-start'); // [MQTT-3.2.2-1]
    this.#state = 'connected';
    this.#connackDeadlineMs = NEVER;
    if (!sessionPresent && this.#inflight.count > 0) {
      this.#inflight.clear();
      this.#options.handler.onSessionLost();
    }
    this.#redeliver();
    this.#options.handler.onConnected(sessionPresent);
  }

  onPublish(message: InboundMessage): void {
    if (!this.#isAfterConnack()) return;
    this.#options.handler.onMessage(message);
    this.#acknowledge(message.packetId);
  }

  onOversizedPublish(packetId: number): void {
    if (!this.#isAfterConnack()) return;
    this.#options.handler.onOversizedMessage();
    this.#acknowledge(packetId);
  }

  onPuback(packetId: number): void {
    if (!this.#isAfterConnack()) return;
    const tag = this.#inflight.remove(packetId);
    // An id that is not in flight is an acknowledgement that came twice: harmless.
    if (tag >= 0) this.#options.handler.onAcknowledged(tag);
  }

  onSuback(packetId: number, returnCodes: Uint8Array): void {
    if (!this.#isAfterConnack() || packetId !== this.#subscribePacketId) return;
    this.#subscribePacketId = 0;
    this.#subscribeDeadlineMs = NEVER;
    this.#options.handler.onSubscribed(returnCodes);
  }

  onPingresp(): void {
    if (!this.#isAfterConnack()) return;
    this.#pingDeadlineMs = NEVER;
  }

  // --- Inside -------------------------------------------------------------------------------------------------------

  /** Sends again, in the first order and with DUP, what was in flight when the connection broke ([MQTT-4.4.0-1], [MQTT-4.6.0-1]). */
  #redeliver(): void {
    const inflight = this.#inflight;
    while (inflight.awaitsRedelivery) {
      const message = this.#compose(inflight.redeliveryTag);
      if (!this.#hasRoomFor(message)) return; // `sent` comes back here
      encodePublish(this.#output, message, inflight.redeliveryPacketId, true);
      inflight.redelivered(this.#nowMs);
    }
  }

  #compose(tag: number): OutboundMessage {
    const message = this.#message;
    message.qos = 1;
    this.#options.outbox.compose(tag, message);
    return message;
  }

  #hasRoomFor(message: OutboundMessage): boolean {
    const needed = publishLength(message) + CONTROL_RESERVE_BYTES;
    if (needed > this.#output.capacity) {
      throw new ContractError(
        `a message of ${needed - CONTROL_RESERVE_BYTES} bytes can never be sent from ${this.#output.capacity} bytes`,
      );
    }
    return needed <= this.#output.free;
  }

  #acknowledge(packetId: number): void {
    if (packetId === 0 || this.#state !== 'connected') return;
    // A server that sends without reading our acknowledgements is bounded here.
    if (this.#output.free < PUBACK_BYTES) return this.#fail('output-full');
    encodePuback(this.#output, packetId);
  }

  /** Whether a packet may come now; one before CONNACK breaks the protocol ([MQTT-3.2.0-1]). */
  #isAfterConnack(): boolean {
    if (this.#state === 'awaiting-connack') this.#fail('packet-before-connack');
    return this.#state === 'connected' || this.#state === 'disconnecting';
  }

  #fail(failure: SessionFailure, returnCode = 0): void {
    if (this.#state === 'closed' || this.#state === 'failed') return;
    this.#state = 'failed';
    this.#options.handler.onFailed(failure, returnCode);
  }
}
