// The client session of MQTT 3.1.1 and 5, without a socket and without a clock: bytes, commands and the time go in; bytes, events
// and the next deadline come out. The state that must outlive a connection (§4.1) stays here between `close` and the next `open`.

import { ContractError } from '../errors.js';
import type { PacketHandler } from './decode.js';
import {
  ACKNOWLEDGEMENT_MAXIMUM_BYTES,
  encodeAcknowledgement,
  encodeDisconnect,
  encodePingreq,
  packetLength,
  variableBytes,
} from './encode.js';
import { type ClientLimits, encodeConnect } from './encode-connect.js';
import { encodePublish, publishRemainingLength } from './encode-publish.js';
import { encodeSubscribe, encodeUnsubscribe, subscribeLength, unsubscribeLength } from './encode-subscribe.js';
import type { InboundMessage } from './inbound-message.js';
import { IncomingStream } from './incoming-stream.js';
import { Awaits, Inflight } from './inflight.js';
import { KeepAlive } from './keep-alive.js';
import { OutputBuffer } from './output.js';
import { Parser } from './parser.js';
import { type Properties, PropertyId } from './properties.js';
import {
  type AcknowledgementType,
  type ConnectOptions,
  EMPTY,
  MQTT_5,
  type OutboundMessage,
  PacketType,
  type ProtocolLevel,
  type QoS,
  type RequestProperties,
  type Subscription,
} from './protocol.js';
import { FAILURE_CODES_BEGIN, type ProtocolViolation, ReasonCode, reasonFor, type SessionViolation } from './reason.js';
import { Received } from './received.js';
import { Request } from './request.js';
import { ServerLimits } from './server-limits.js';
import {
  CONTROL_RESERVE_BYTES,
  type Outbox,
  type SessionFailure,
  type SessionHandler,
  type SessionOptions,
} from './session-options.js';
import { isSharedFilter, isTopicFilter } from './topic.js';

const NEVER = Number.POSITIVE_INFINITY;
const NO_PROPERTIES: RequestProperties = Object.freeze({});

type State = 'closed' | 'awaiting-connack' | 'connected' | 'disconnecting' | 'failed';

export class Session implements PacketHandler {
  private readonly outbox: Outbox;
  private readonly handler: SessionHandler;
  private readonly clientLimits: ClientLimits;
  private readonly connackTimeoutMs: number;
  private readonly acknowledgementTimeoutMs: number;
  private readonly output: OutputBuffer;
  private readonly parser: Parser;
  private readonly inflight: Inflight;
  private readonly received: Received;
  private readonly keepAlive: KeepAlive;
  private readonly request = new Request();
  private readonly incoming: IncomingStream;
  private readonly message: OutboundMessage = { topic: EMPTY, payload: EMPTY, payloadLength: 0, qos: 1, retain: false };
  /** What the server said that it takes. */
  readonly server = new ServerLimits();
  private state: State = 'closed';
  private _level: ProtocolLevel = MQTT_5;
  private cleanStart = true;
  /** Whether there is a session on this side: a server had accepted a connection. */
  private hasSession = false;
  private _isUnanswered = false;
  private _hasFarewell = false;
  private nowMs = 0;
  private connackDeadlineMs = NEVER;

  constructor(options: SessionOptions) {
    const { inputCapacity, receiveMaximum, stream } = options;
    this.outbox = options.outbox;
    this.handler = options.handler;
    this.clientLimits = {
      receiveMaximum,
      maximumPacketBytes: stream ? undefined : 1 + variableBytes(inputCapacity) + inputCapacity,
    };
    this.connackTimeoutMs = options.connackTimeoutMs;
    this.acknowledgementTimeoutMs = options.acknowledgementTimeoutMs;
    this.output = new OutputBuffer(options.outputCapacity);
    this.parser = new Parser({ capacity: inputCapacity, takesPieces: stream !== undefined }, this);
    this.inflight = new Inflight(options.window);
    this.received = new Received(receiveMaximum);
    this.keepAlive = new KeepAlive(options.pingTimeoutMs);
    this.incoming = new IncomingStream(stream);
  }

  get isConnected(): boolean {
    return this.state === 'connected';
  }

  /** Protocol level of the connection, or of the last one. */
  get level(): ProtocolLevel {
    return this._level;
  }

  /** Whether not one byte has come from the server on this connection. */
  get isUnanswered(): boolean {
    return this._isUnanswered;
  }

  /** The session has failed, and what is pending ends with a DISCONNECT that tells the server why (§4.13). */
  get hasFarewell(): boolean {
    return this._hasFarewell;
  }

  /**
   * Whether messages of an earlier connection are still to be redelivered on this one, or may be once the server has answered:
   * never after a clean start, which asks the server to forget them.
   */
  get isResuming(): boolean {
    if (this.state === 'awaiting-connack') return !this.cleanStart;
    return this.state === 'connected' && this.inflight.awaitsRedelivery;
  }

  /** QoS 1 and 2 messages that were sent and are not finished. */
  get inflightCount(): number {
    return this.inflight.count;
  }

  // --- Commands -----------------------------------------------------------------------------------------------------

  /** The transport is open: asks the server for a session. Another protocol level than before starts clean where messages are in flight. */
  open(options: ConnectOptions, nowMs: number): void {
    if (this.state !== 'closed') throw new ContractError(`open while ${this.state}`);
    const { level } = options;
    const mustStartClean = level !== this._level && this.inflight.count > 0;
    const given = mustStartClean && !options.cleanStart ? { ...options, cleanStart: true } : options;
    this.nowMs = nowMs;
    this.output.clear();
    this.parser.reset(level);
    this.inflight.connectionLost();
    this.received.connectionLost();
    this.request.clear();
    this.keepAlive.start(options.keepAliveSeconds, nowMs);
    this.cleanStart = given.cleanStart;
    this._level = level;
    this._isUnanswered = true;
    if (!encodeConnect(this.output, given, this.clientLimits)) throw new ContractError('CONNECT is longer than the output buffer');
    this.connackDeadlineMs = nowMs + this.connackTimeoutMs;
    this.state = 'awaiting-connack';
  }

  /** The transport is closed. What is in flight stays so, and is redelivered on the next connection. */
  close(): void {
    this.state = 'closed';
    this._hasFarewell = false;
    this.output.clear();
    this.incoming.abort();
  }

  /** Whether a QoS 1 or 2 message would be taken now, room for its bytes aside. */
  get canPublish(): boolean {
    const inflight = this.inflight;
    return (
      this.state === 'connected' &&
      !inflight.isFull &&
      !inflight.awaitsRedelivery &&
      inflight.sentCount < this.server.receiveMaximum &&
      !this.output.isStreaming
    );
  }

  /**
   * Sends the message that the outbox composes for `tag`, with QoS 1 or 2. False where window or output has no room: nothing was
   * done. A message that the server said it does not take, as it is too large or must not have QoS 1, ends the connection.
   */
  publish(tag: number, nowMs: number): boolean {
    if (!this.canPublish) return false;
    this.nowMs = nowMs;
    const message = this.compose(tag);
    const qos = Math.min(message.qos, this.server.maximumQoS) as QoS;
    if (qos === 0) {
      this.fail('beyond-server-limits');
      return false;
    }
    message.qos = qos;
    const remainingLength = publishRemainingLength(message, this._level);
    if (!this.canWrite(message, remainingLength)) return false;
    const packetId = this.inflight.nextPacketId(this.request.packetId);
    this.write(message, remainingLength, packetId, false);
    // A long message waits for its acknowledgement only when it has left.
    this.inflight.add(packetId, tag, qos === 1 ? Awaits.puback : Awaits.pubrec, this.output.isStreaming ? NEVER : nowMs);
    return true;
  }

  /** Sends `message` with QoS 0. False where there is no room or no connection, or the server takes no such packet: nothing was done. */
  publishOnce(message: OutboundMessage): boolean {
    if (this.state !== 'connected' || this.output.isStreaming) return false;
    const remainingLength = publishRemainingLength(message, this._level);
    const length = packetLength(remainingLength);
    if (length > this.server.maximumPacketBytes || !this.hasRoomFor(message, length)) return false;
    this.write(message, remainingLength, 0, false);
    return true;
  }

  /**
   * Subscribes; one request can be under way. False where there is no room: nothing was done. A request that is larger than the server said
   * that it takes ends the connection. Throws for what is no topic filter.
   */
  subscribe(subscriptions: readonly Subscription[], nowMs: number, properties = NO_PROPERTIES): boolean {
    for (const { filter, noLocal } of subscriptions) {
      checkFilter(filter);
      // [MQTT-3.8.3-4]
      if (noLocal && isSharedFilter(filter))
        throw new ContractError('no shared subscription without local messages [MQTT-3.8.3-4]');
    }
    if (subscriptions.length === 0) throw new ContractError('no subscription [MQTT-3.8.3-2]');
    const packetId = this.requestPacketId();
    // An identifier that the server does not know how to keep must not be sent (§3.2.2.3.12).
    const { identifier, userProperties } = properties;
    const sent = this.server.subscriptionIdentifiersAvailable || identifier === undefined ? properties : { userProperties };
    if (packetId === 0 || this.isTooLong(subscribeLength(subscriptions, sent, this._level))) return false;
    if (!encodeSubscribe(this.output, subscriptions, sent, packetId, this._level)) return false;
    this.request.begin(packetId, PacketType.suback, subscriptions.length, nowMs + this.acknowledgementTimeoutMs);
    return true;
  }

  /** As `subscribe`, the other way round. */
  unsubscribe(filters: readonly Uint8Array[], nowMs: number, properties = NO_PROPERTIES): boolean {
    for (const filter of filters) checkFilter(filter);
    if (filters.length === 0) throw new ContractError('no filter [MQTT-3.10.3-2]');
    const packetId = this.requestPacketId();
    if (packetId === 0 || this.isTooLong(unsubscribeLength(filters, properties, this._level))) return false;
    if (!encodeUnsubscribe(this.output, filters, properties, packetId, this._level)) return false;
    const codeCount = this._level === MQTT_5 ? filters.length : 0;
    this.request.begin(packetId, PacketType.unsuback, codeCount, nowMs + this.acknowledgementTimeoutMs);
    return true;
  }

  /**
   * Says good-bye, in MQTT 5 with a reason: with 0 the server drops the will (§3.14). Nothing can be sent behind it ([MQTT-3.14.4-2]).
   */
  disconnect(reasonCode: number = ReasonCode.success): boolean {
    if (this.state !== 'connected' || !encodeDisconnect(this.output, reasonCode, this._level)) return false;
    this.state = 'disconnecting';
    return true;
  }

  // --- Transport ----------------------------------------------------------------------------------------------------

  /** Bytes that wait to be sent. */
  get pendingBytes(): number {
    return this.output.length;
  }

  /** The first of them, `byteCount` at most, and perhaps fewer. A view: valid until the next call. */
  pending(byteCount: number): Uint8Array {
    return this.output.peek(byteCount);
  }

  /** The transport took the first `byteCount` of the bytes that `pending` gave last. */
  sent(byteCount: number, nowMs: number): void {
    const wasStreaming = this.output.isStreaming;
    this.output.consume(byteCount);
    this.received.sent(byteCount);
    this.keepAlive.sent(nowMs);
    this.nowMs = nowMs;
    if (wasStreaming && !this.output.isStreaming) this.inflight.lastLeftAt(nowMs);
    if (this.inflight.awaitsRedelivery) this.redeliver();
  }

  /** Bytes came from the server. */
  receive(bytes: Uint8Array, nowMs: number): void {
    if (this.state === 'closed' || this.state === 'failed') return;
    this.nowMs = nowMs;
    this._isUnanswered = false;
    this.keepAlive.received(nowMs);
    const violation = this.parser.push(bytes);
    if (violation) this.violated(violation);
  }

  // --- Time ---------------------------------------------------------------------------------------------------------

  /** When `tick` must be called at the latest, or infinity. */
  get deadlineMs(): number {
    if (this.state === 'awaiting-connack') return this.connackDeadlineMs;
    if (this.state !== 'connected') return NEVER;
    const keepAlive = this.keepAlive;
    const { acknowledgementTimeoutMs } = this;
    return Math.min(
      this.inflight.oldestSentAtMs + acknowledgementTimeoutMs,
      this.request.deadlineMs,
      // Nothing can be asked in the middle of a long message: then it must go on.
      this.output.isStreaming ? keepAlive.lastSentMs + acknowledgementTimeoutMs : Math.min(keepAlive.deadlineMs, keepAlive.dueMs),
    );
  }

  /** Does what is due at `nowMs`. */
  tick(nowMs: number): void {
    if (nowMs < this.deadlineMs) return;
    this.nowMs = nowMs;
    if (this.state === 'awaiting-connack') return this.fail('connack-timeout');
    const keepAlive = this.keepAlive;
    const { acknowledgementTimeoutMs } = this;
    if (nowMs >= this.inflight.oldestSentAtMs + acknowledgementTimeoutMs || nowMs >= this.request.deadlineMs) {
      return this.fail('acknowledgement-timeout');
    }
    if (this.output.isStreaming) return this.fail('send-timeout');
    if (nowMs >= keepAlive.deadlineMs) return this.fail('ping-timeout');
    // Where even two bytes have no room, nothing comes back: the deadline then ends the connection as it should.
    encodePingreq(this.output);
    keepAlive.asked(nowMs);
  }

  // --- Packets from the server --------------------------------------------------------------------------------------

  onConnack(sessionPresent: boolean, reasonCode: number, properties: Properties): void {
    if (this.state !== 'awaiting-connack') return this.violated('second-connack');
    if (reasonCode !== ReasonCode.success) return this.fail('connection-refused', reasonCode, properties);
    // [MQTT-3.2.2-4]; 3.1.1 asks for less: [MQTT-3.2.2-1] there.
    const hasSession = !this.cleanStart && (this.hasSession || this._level !== MQTT_5);
    if (sessionPresent && !hasSession) return this.violated('session-present-after-clean-start');
    this.server.load(properties);
    // Nothing that comes could be answered, and the rest of what is sent without a measure is no longer than an answer.
    if (this.isTooLong(ACKNOWLEDGEMENT_MAXIMUM_BYTES)) return;
    const keepAliveSeconds = properties.number(PropertyId.serverKeepAlive);
    if (keepAliveSeconds !== undefined) this.keepAlive.interval(keepAliveSeconds);
    this.state = 'connected';
    this.hasSession = true;
    if (!sessionPresent) this.loseSession();
    this.redeliver();
    if (this.state === 'connected') this.handler.onConnected(sessionPresent, properties);
  }

  onPublish(message: InboundMessage): void {
    if (!this.isAfterConnack() || !this.takesIn(message.qos, message.packetId)) return;
    const { qos, packetId } = message;
    // What was handed on already comes again, because our PUBREC did not arrive ([MQTT-4.3.3-10]).
    if (qos !== 2 || !this.received.has(packetId)) {
      if (qos === 2) this.received.add(packetId);
      this.handler.onMessage(message);
    }
    this.acknowledge(qos, packetId);
  }

  onPublishStart(message: InboundMessage, payloadLength: number): void {
    if (!this.isAfterConnack() || !this.takesIn(message.qos, message.packetId)) return;
    const isKnown = message.qos === 2 && this.received.has(message.packetId);
    this.incoming.begin(message, payloadLength, isKnown);
  }

  onPublishPiece(piece: Uint8Array): void {
    if (this.isAfterConnack()) this.incoming.piece(piece);
  }

  onPublishEnd(): void {
    if (!this.isAfterConnack()) return;
    const { qos, packetId } = this.incoming;
    if (qos === 2 && !this.received.has(packetId)) this.received.add(packetId);
    if (!this.incoming.end()) this.handler.onOversizedMessage();
    this.acknowledge(qos, packetId);
  }

  onAcknowledgement(type: AcknowledgementType, packetId: number, reasonCode: number, properties: Properties): void {
    if (!this.isAfterConnack()) return;
    if (type === PacketType.pubrel) return this.onPubrel(packetId);
    const index = this.inflight.indexOf(packetId);
    const awaits = this.inflight.awaits(index);
    // An id that is not in flight is an acknowledgement that came twice: harmless.
    if (awaits === Awaits.none && type !== PacketType.pubrec) return;
    if (type === PacketType.puback) {
      if (awaits !== Awaits.puback) return this.violated('unexpected-acknowledgement');
      this.finish(index, reasonCode, properties);
    } else if (type === PacketType.pubcomp) {
      if (awaits !== Awaits.pubcomp) return this.violated('unexpected-acknowledgement');
      // 0x92 says that the server had finished before (§4.13, table 2-6).
      this.finish(index, ReasonCode.success, properties);
    } else {
      this.onPubrec(packetId, index, reasonCode, properties);
    }
  }

  onSuback(packetId: number, reasonCodes: Uint8Array, properties: Properties): void {
    if (this.isAnswer(PacketType.suback, packetId, reasonCodes.length)) {
      this.handler.onSubscribed(reasonCodes, properties);
    }
  }

  onUnsuback(packetId: number, reasonCodes: Uint8Array, properties: Properties): void {
    if (this.isAnswer(PacketType.unsuback, packetId, reasonCodes.length)) {
      this.handler.onUnsubscribed(reasonCodes, properties);
    }
  }

  onPingresp(): void {
    if (this.isAfterConnack()) this.keepAlive.answered();
  }

  onServerDisconnect(reasonCode: number, properties: Properties): void {
    if (this.isAfterConnack()) this.fail('server-disconnected', reasonCode, properties);
  }

  // --- Quality of service -------------------------------------------------------------------------------------------

  private onPubrec(packetId: number, index: number, reasonCode: number, properties: Properties): void {
    const awaits = this.inflight.awaits(index);
    if (awaits === Awaits.puback) return this.violated('unexpected-acknowledgement');
    if (reasonCode >= FAILURE_CODES_BEGIN) {
      // The exchange ends here, without PUBREL (§4.3.3).
      if (awaits === Awaits.pubrec) this.finish(index, reasonCode, properties);
      return;
    }
    if (awaits === Awaits.pubrec) this.inflight.release(index);
    this.reply(PacketType.pubrel, packetId, awaits === Awaits.none ? ReasonCode.packetIdentifierNotFound : ReasonCode.success);
  }

  private onPubrel(packetId: number): void {
    const isKnown = this.received.release(packetId);
    if (this.state !== 'connected') return;
    if (isKnown) this.received.answered(this.output.length);
    this.reply(PacketType.pubcomp, packetId, isKnown ? ReasonCode.success : ReasonCode.packetIdentifierNotFound);
  }

  private finish(index: number, reasonCode: number, properties: Properties): void {
    const tag = this.inflight.remove(index);
    const handler = this.handler;
    if (reasonCode < FAILURE_CODES_BEGIN) handler.onAcknowledged(tag, reasonCode);
    else handler.onRefused(tag, reasonCode, properties);
    if (this.inflight.awaitsRedelivery) this.redeliver();
  }

  /** Whether one more message may come: the server must keep to what was announced ([MQTT-3.3.4-9]). */
  private takesIn(qos: QoS, packetId: number): boolean {
    if (qos === 0 || (qos === 2 && this.received.has(packetId))) return true;
    // 3.1.1 has no word for a maximum: there only the table of ids is a limit, and the output buffer.
    const isTooMuch = this._level === MQTT_5 ? this.received.isFull : qos === 2 && this.received.hasNoPlace;
    if (isTooMuch) this.violated('receive-maximum-exceeded');
    return !isTooMuch;
  }

  private acknowledge(qos: QoS, packetId: number): void {
    if (qos === 0 || this.state !== 'connected') return;
    if (qos === 1) this.received.answered(this.output.length);
    this.reply(qos === 1 ? PacketType.puback : PacketType.pubrec, packetId, ReasonCode.success);
  }

  private reply(type: AcknowledgementType, packetId: number, reasonCode: number): void {
    if (this.state !== 'connected') return;
    // A server that sends without reading our acknowledgements is bounded here.
    if (!encodeAcknowledgement(this.output, type, packetId, reasonCode, this._level)) this.fail('output-full');
  }

  /** Sends again, in the first order and with DUP, what was in flight when the connection broke ([MQTT-4.4.0-1], [MQTT-4.6.0-1]). */
  private redeliver(): void {
    const inflight = this.inflight;
    // What stops here goes on from `sent`, or when an acknowledgement frees a place.
    while (this.state === 'connected' && inflight.awaitsRedelivery && !this.output.isStreaming) {
      const packetId = inflight.redeliveryPacketId;
      if (inflight.redeliveryAwaits === Awaits.pubcomp) {
        if (!encodeAcknowledgement(this.output, PacketType.pubrel, packetId, ReasonCode.success, this._level)) return;
        inflight.redelivered(this.nowMs);
        continue;
      }
      if (inflight.sentCount >= this.server.receiveMaximum) return;
      const message = this.compose(inflight.redeliveryTag);
      message.qos = inflight.redeliveryAwaits === Awaits.puback ? 1 : 2;
      if (message.qos > this.server.maximumQoS) return this.fail('beyond-server-limits');
      const remainingLength = publishRemainingLength(message, this._level);
      if (!this.canWrite(message, remainingLength)) return;
      this.write(message, remainingLength, packetId, true);
      inflight.redelivered(this.output.isStreaming ? NEVER : this.nowMs);
    }
  }

  private loseSession(): void {
    this.received.clear();
    if (this.inflight.count === 0) return;
    this.inflight.clear();
    this.handler.onSessionLost();
  }

  // --- Output -------------------------------------------------------------------------------------------------------

  private compose(tag: number): OutboundMessage {
    const message = this.message;
    message.qos = 1;
    message.source = undefined;
    message.isText = undefined;
    message.messageExpirySeconds = undefined;
    message.contentType = undefined;
    message.responseTopic = undefined;
    message.correlationData = undefined;
    message.userProperties = undefined;
    this.outbox.compose(tag, message);
    return message;
  }

  private canWrite(message: OutboundMessage, remainingLength: number): boolean {
    const length = packetLength(remainingLength);
    return !this.isTooLong(length) && this.hasRoomFor(message, length);
  }

  /** Whether the server said that it takes no packet of `byteCount` bytes ([MQTT-3.2.2-15]): this ends the connection. */
  private isTooLong(byteCount: number): boolean {
    const isTooLong = byteCount > this.server.maximumPacketBytes;
    if (isTooLong) this.fail('beyond-server-limits');
    return isTooLong;
  }

  private hasRoomFor(message: OutboundMessage, length: number): boolean {
    // A payload that comes from a source does not go through the buffer.
    const streamed = message.source === undefined ? 0 : message.payloadLength;
    const needed = length - streamed + CONTROL_RESERVE_BYTES;
    if (needed > this.output.capacity) {
      throw new ContractError(
        `a message of ${needed - CONTROL_RESERVE_BYTES} bytes can never be sent from ${this.output.capacity} bytes`,
      );
    }
    return needed <= this.output.free;
  }

  private write(message: OutboundMessage, remainingLength: number, packetId: number, dup: boolean): void {
    // [MQTT-3.2.2-14]
    if (!this.server.retainAvailable) message.retain = false;
    encodePublish(this.output, message, packetId, dup, this._level, remainingLength);
  }

  /** What MQTT 5 tells the server. */
  // --- Inside -------------------------------------------------------------------------------------------------------

  /** A packet id for a request; 0 where none can be made now. */
  private requestPacketId(): number {
    if (this.state !== 'connected' || this.request.packetId !== 0 || this.output.isStreaming) return 0;
    return this.inflight.nextPacketId(0);
  }

  private isAnswer(type: number, packetId: number, codeCount: number): boolean {
    const request = this.request;
    if (!this.isAfterConnack() || packetId !== request.packetId) return false;
    const isRight = request.isAnsweredBy(type, codeCount);
    if (isRight) request.clear();
    else this.violated('unexpected-acknowledgement');
    return isRight;
  }

  /** Whether a packet may come now; one before CONNACK breaks the protocol ([MQTT-3.2.0-1]). */
  private isAfterConnack(): boolean {
    if (this.state === 'connected') return true;
    if (this.state === 'awaiting-connack') this.violated('packet-before-connack');
    return this.state === 'disconnecting';
  }

  /** The server broke the protocol: MQTT 5 tells it how (§4.13.1). */
  private violated(violation: ProtocolViolation | SessionViolation): void {
    // In the middle of a long message nothing can be said.
    const canSpeak = this._level === MQTT_5 && (this.state === 'connected' || this.state === 'awaiting-connack');
    if (canSpeak && !this.output.isStreaming) {
      this._hasFarewell = encodeDisconnect(this.output, reasonFor(violation), this._level);
    }
    this.fail(violation);
  }

  private fail(failure: SessionFailure, reasonCode = 0, properties?: Properties): void {
    if (this.state === 'closed' || this.state === 'failed') return;
    this.state = 'failed';
    this.incoming.abort();
    this.handler.onFailed(failure, reasonCode, properties);
  }
}

function checkFilter(filter: Uint8Array): void {
  if (!isTopicFilter(filter)) throw new ContractError('not a topic filter [MQTT-4.7.1-1], [MQTT-4.8.2-1]');
}
