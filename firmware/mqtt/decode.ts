// Bodies of the packets from server to client, in MQTT 3.1.1 and 5: checks each to the clause and tells the handler what it says.

import { InboundMessage } from './inbound-message.js';
import { Properties } from './properties.js';
import { type AcknowledgementType, EMPTY, MQTT_5, PacketType, type ProtocolLevel, type QoS } from './protocol.js';
import { FAILURE_CODES_BEGIN, type ProtocolViolation, ReasonCode, SUBSCRIPTION_REFUSED } from './reason.js';
import { isTopicName } from './topic.js';
import { isUtf8 } from './utf8.js';

/** Receives what was found. Views, message and properties are valid only during the call. In 3.1.1, properties are empty. */
export interface PacketHandler {
  /** `reasonCode` 1 to 5 is a refusal of 3.1.1, also as the answer to a CONNECT of MQTT 5. */
  onConnack(sessionPresent: boolean, reasonCode: number, properties: Properties): void;
  onPublish(message: InboundMessage): void;
  /** A PUBLISH whose payload does not fit in the input buffer: it follows in pieces, of `payloadLength` bytes in all. */
  onPublishStart(message: InboundMessage, payloadLength: number): void;
  onPublishPiece(piece: Uint8Array): void;
  onPublishEnd(): void;
  onAcknowledgement(type: AcknowledgementType, packetId: number, reasonCode: number, properties: Properties): void;
  /** One reason code for each filter; none in an UNSUBACK of 3.1.1. */
  onSuback(packetId: number, reasonCodes: Uint8Array, properties: Properties): void;
  onUnsuback(packetId: number, reasonCodes: Uint8Array, properties: Properties): void;
  onPingresp(): void;
  /** MQTT 5: the server ends the connection. */
  onServerDisconnect(reasonCode: number, properties: Properties): void;
}

/** Largest return code of a CONNACK in 3.1.1 (§3.2.2.3 there). */
const RETURN_CODE_MAXIMUM = 5;

export class Decoder {
  private readonly handler: PacketHandler;
  private readonly message = new InboundMessage();
  private readonly properties = new Properties();
  private level: ProtocolLevel = MQTT_5;
  /** Where the payload of the PUBLISH begins whose header was read last. */
  private payloadStart = 0;

  constructor(handler: PacketHandler) {
    this.handler = handler;
  }

  reset(level: ProtocolLevel): void {
    this.level = level;
  }

  /** Decodes the body `bytes[start..end)` of the packet whose first byte is `header`. */
  decode(header: number, bytes: Uint8Array, start: number, end: number): ProtocolViolation | undefined {
    const type = header >> 4;
    switch (type) {
      case PacketType.publish:
        return this.decodePublish(header, bytes, start, end);
      case PacketType.puback:
      case PacketType.pubrec:
      case PacketType.pubrel:
      case PacketType.pubcomp:
        return this.decodeAcknowledgement(type, bytes, start, end);
      case PacketType.connack:
        return this.decodeConnack(bytes, start, end);
      case PacketType.suback:
      case PacketType.unsuback:
        return this.decodeAnswer(type, bytes, start, end);
      case PacketType.disconnect:
        return this.decodeDisconnect(bytes, start, end);
      default:
        if (start !== end) return 'wrong-length';
        this.handler.onPingresp();
        return undefined;
    }
  }

  // --- PUBLISH (§3.3) -----------------------------------------------------------------------------------------------

  private decodePublish(header: number, bytes: Uint8Array, start: number, end: number): ProtocolViolation | undefined {
    const violation = this.readPublishHeader(header, bytes, start, end);
    if (violation) return violation;
    const message = this.message;
    message.payload = bytes.subarray(this.payloadStart, end);
    this.handler.onPublish(message);
    this.forgetMessage();
    return undefined;
  }

  /**
   * Begins a PUBLISH of which only `bytes[0..buffered)` is there, `length` bytes being its whole body. What of the payload is
   * there is handed on.
   */
  startPublish(header: number, bytes: Uint8Array, buffered: number, length: number): ProtocolViolation | undefined {
    const violation = this.readPublishHeader(header, bytes, 0, buffered);
    // What the buffer cuts is not malformed, but nothing can be made of it.
    if (violation === 'wrong-length') return 'packet-too-large';
    if (violation) return violation;
    const payloadStart = this.payloadStart;
    this.handler.onPublishStart(this.message, length - payloadStart);
    this.forgetMessage();
    if (payloadStart < buffered) this.handler.onPublishPiece(bytes.subarray(payloadStart, buffered));
    return undefined;
  }

  private readPublishHeader(header: number, bytes: Uint8Array, start: number, end: number): ProtocolViolation | undefined {
    const message = this.message;
    // Those of a message that broke the protocol lie in bytes that are others by now.
    message.properties.clear();
    const qos = ((header >> 1) & 0x03) as QoS;
    const topicStart = start + 2;
    const topicEnd = end < topicStart ? end + 1 : topicStart + uint16(bytes, start);
    let at = qos > 0 ? topicEnd + 2 : topicEnd;
    if (at > end) return 'wrong-length';
    const topic = bytes.subarray(topicStart, topicEnd);
    message.topic = topic;
    message.packetId = qos > 0 ? uint16(bytes, topicEnd) : 0;
    if (this.level === MQTT_5) {
      const violation = message.properties.load(bytes, at, end, PacketType.publish);
      if (violation) return violation;
      at = message.properties.end;
    }
    if (!isTopicName(topic)) return isUtf8(topic, 0, topic.length) ? 'invalid-topic' : 'malformed-string';
    if (qos > 0 && message.packetId === 0) return 'packet-id-zero'; // [MQTT-2.2.1-3]
    message.qos = qos;
    message.dup = (header & 0x08) !== 0;
    message.retain = (header & 0x01) !== 0;
    this.payloadStart = at;
    return undefined;
  }

  /** Lets go of the views. */
  private forgetMessage(): void {
    const message = this.message;
    message.topic = EMPTY;
    message.payload = EMPTY;
    message.properties.clear();
  }

  // --- The others ---------------------------------------------------------------------------------------------------

  private decodeConnack(bytes: Uint8Array, start: number, end: number): ProtocolViolation | undefined {
    const length = end - start;
    if (length < 2) return 'wrong-length';
    const flags = bytes[start] as number;
    const reasonCode = bytes[start + 1] as number;
    if (flags > 1) return 'reserved-bits'; // [MQTT-3.2.2-1]
    if (reasonCode !== 0 && flags !== 0) return 'reserved-bits'; // [MQTT-3.2.2-6]
    const properties = this.properties;
    properties.clear();
    // A server that knows 3.1.1 alone says so in a CONNACK of its own.
    const isOfOldVersion = this.level !== MQTT_5 || (length === 2 && reasonCode !== 0);
    if (isOfOldVersion) {
      if (length !== 2) return 'wrong-length';
      if (reasonCode > RETURN_CODE_MAXIMUM) return 'reserved-reason-code';
    } else {
      if (length < 3) return 'wrong-length';
      if (reasonCode !== 0 && reasonCode < FAILURE_CODES_BEGIN) return 'reserved-reason-code'; // [MQTT-3.2.2-8]
      const violation = this.loadLast(bytes, start + 2, end, PacketType.connack);
      if (violation) return violation;
    }
    this.handler.onConnack(flags === 1, reasonCode, properties);
    return undefined;
  }

  /** PUBACK, PUBREC, PUBREL, PUBCOMP (§3.4 to §3.7). */
  private decodeAcknowledgement(
    type: AcknowledgementType,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): ProtocolViolation | undefined {
    const length = end - start;
    if (length < 2 || (length > 2 && this.level !== MQTT_5)) return 'wrong-length';
    const packetId = uint16(bytes, start);
    if (packetId === 0) return 'packet-id-zero';
    const properties = this.properties;
    properties.clear();
    let reasonCode: number = ReasonCode.success;
    if (length > 2) {
      reasonCode = bytes[start + 2] as number;
      if (!isReasonOf(type, reasonCode)) return 'reserved-reason-code';
      const violation = length > 3 ? this.loadLast(bytes, start + 3, end, type) : undefined;
      if (violation) return violation;
    }
    this.handler.onAcknowledgement(type, packetId, reasonCode, properties);
    return undefined;
  }

  /** SUBACK, UNSUBACK (§3.9, §3.11). */
  private decodeAnswer(type: number, bytes: Uint8Array, start: number, end: number): ProtocolViolation | undefined {
    if (end - start < 2) return 'wrong-length';
    const packetId = uint16(bytes, start);
    if (packetId === 0) return 'packet-id-zero';
    const properties = this.properties;
    properties.clear();
    let at = start + 2;
    if (this.level === MQTT_5) {
      const violation = properties.load(bytes, at, end, type);
      if (violation) return violation;
      at = properties.end;
    }
    const hasCodes = type === PacketType.suback || this.level === MQTT_5;
    if (hasCodes !== at < end) return 'wrong-length';
    for (let index = at; index < end; index++) {
      const code = bytes[index] as number;
      if (!isReasonOf(type, code)) return 'reserved-reason-code';
      if (this.level !== MQTT_5 && code > SUBSCRIPTION_REFUSED) return 'reserved-reason-code'; // 3.1.1 [MQTT-3.9.3-2]
    }
    const reasonCodes = bytes.subarray(at, end);
    if (type === PacketType.suback) this.handler.onSuback(packetId, reasonCodes, properties);
    else this.handler.onUnsuback(packetId, reasonCodes, properties);
    return undefined;
  }

  /** DISCONNECT (§3.14). */
  private decodeDisconnect(bytes: Uint8Array, start: number, end: number): ProtocolViolation | undefined {
    const reasonCode = start < end ? (bytes[start] as number) : ReasonCode.success;
    if (!isReasonOf(PacketType.disconnect, reasonCode)) return 'reserved-reason-code';
    const properties = this.properties;
    properties.clear();
    if (end - start > 1) {
      const violation = this.loadLast(bytes, start + 1, end, PacketType.disconnect);
      if (violation) return violation;
    }
    this.handler.onServerDisconnect(reasonCode, properties);
    return undefined;
  }

  /** Properties that the packet ends with. */
  private loadLast(bytes: Uint8Array, at: number, end: number, type: number): ProtocolViolation | undefined {
    const violation = this.properties.load(bytes, at, end, type);
    return violation ?? (this.properties.end === end ? undefined : 'wrong-length');
  }
}

/** Whether a server may say `code` in a packet of `type` (§2.4); every code that means no is taken as one. */
function isReasonOf(type: number, code: number): boolean {
  if (code === ReasonCode.success || code >= FAILURE_CODES_BEGIN) return true;
  switch (type) {
    case PacketType.puback:
    case PacketType.pubrec:
      return code === ReasonCode.noMatchingSubscribers;
    case PacketType.suback:
      return code <= 2;
    case PacketType.unsuback:
      return code === ReasonCode.noSubscriptionExisted;
    default:
      return false;
  }
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
