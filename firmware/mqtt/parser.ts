// Incremental parser of the packets from server to client (MQTT 3.1.1 §2 and §3). Takes bytes as they come, cut anywhere;
// calls the handler once for each whole packet. Memory is fixed: one buffer for a packet that comes in parts.

import { type InboundMessage, PacketType, type QoS, SUBSCRIPTION_REFUSED } from './protocol.js';
import { isTopicName } from './topic.js';

/** Receives what the parser found. Views are valid only during the call. */
export interface PacketHandler {
  onConnack(sessionPresent: boolean, returnCode: number): void;
  onPublish(message: InboundMessage): void;
  /** A PUBLISH longer than the buffer was skipped. `packetId` is 0 with QoS 0. */
  onOversizedPublish(packetId: number): void;
  onPuback(packetId: number): void;
  onSuback(packetId: number, returnCodes: Uint8Array): void;
  onPingresp(): void;
}

/** How a server broke the protocol; the connection must be closed ([MQTT-4.8.0-1]). */
export type ProtocolViolation =
  | 'reserved-flags'
  | 'unexpected-packet-type'
  | 'malformed-remaining-length'
  | 'wrong-length'
  | 'packet-too-large'
  | 'reserved-bits'
  | 'invalid-qos'
  | 'invalid-topic'
  | 'packet-id-zero';

const EMPTY = new Uint8Array(0);

type Stage = 'header' | 'length' | 'body' | 'skip' | 'broken';

/** One parser serves one connection; `reset` makes it ready for the next. */
export class Parser {
  readonly #handler: PacketHandler;
  readonly #buffer: Uint8Array;
  readonly #message: InboundMessage = { topic: EMPTY, payload: EMPTY, qos: 0, retain: false, dup: false, packetId: 0 };
  #stage: Stage = 'header';
  #violation: ProtocolViolation | undefined;
  #header = 0;
  #remainingLength = 0;
  #lengthShift = 0;
  /** Bytes of the body that are in the buffer. */
  #buffered = 0;
  /** Bytes of an oversized body that are still to be skipped. */
  #toSkip = 0;

  /** @param capacity longest packet body (remaining length) that is handed on, in bytes. */
  constructor(capacity: number, handler: PacketHandler) {
    this.#buffer = new Uint8Array(capacity);
    this.#handler = handler;
  }

  reset(): void {
    this.#stage = 'header';
    this.#violation = undefined;
    this.#buffered = 0;
  }

  /** Parses `bytes`. Returns the first violation, if there was one; from then on everything is ignored until `reset`. */
  push(bytes: Uint8Array): ProtocolViolation | undefined {
    let at = 0;
    while (at < bytes.length && this.#stage !== 'broken') {
      switch (this.#stage) {
        case 'header':
          this.#takeHeader(bytes[at++] as number);
          break;
        case 'length':
          this.#takeLength(bytes[at++] as number);
          break;
        case 'body':
          at = this.#takeBody(bytes, at);
          break;
        case 'skip':
          at = this.#skip(bytes, at);
          break;
      }
    }
    return this.#violation;
  }

  #takeHeader(byte: number): void {
    this.#header = byte;
    this.#remainingLength = 0;
    this.#lengthShift = 0;
    this.#stage = 'length';
    const type = byte >> 4;
    const flags = byte & 0x0f;
    switch (type) {
      case PacketType.publish:
        if ((flags & 0x06) === 0x06)
          this.#fail('invalid-qos'); // [MQTT-3.3.1-4]
        // QoS 2 was never granted: this client subscribes at 0 or 1 ([MQTT-3.8.4-6]).
        else if ((flags & 0x06) === 0x04) this.#fail('invalid-qos');
        else if ((flags & 0x0e) === 0x08) this.#fail('reserved-flags'); // DUP with QoS 0 [MQTT-3.3.1-2]
        break;
      case PacketType.connack:
      case PacketType.puback:
      case PacketType.suback:
      case PacketType.pingresp:
        if (flags !== 0) this.#fail('reserved-flags'); // [MQTT-2.2.2-2]
        break;
      default:
        this.#fail('unexpected-packet-type');
    }
  }

  #takeLength(byte: number): void {
    this.#remainingLength |= (byte & 0x7f) << this.#lengthShift;
    if (byte & 0x80) {
      this.#lengthShift += 7;
      if (this.#lengthShift > 21) this.#fail('malformed-remaining-length'); // §2.2.3: four bytes at most
      return;
    }
    this.#buffered = 0;
    if (this.#remainingLength > this.#buffer.length && this.#header >> 4 !== PacketType.publish) {
      this.#fail('packet-too-large');
    } else if (this.#remainingLength === 0) {
      this.#finish(EMPTY);
    } else {
      this.#stage = 'body';
    }
  }

  #takeBody(bytes: Uint8Array, at: number): number {
    const wanted = this.#remainingLength - this.#buffered;
    if (this.#buffered === 0 && bytes.length - at >= wanted && this.#remainingLength <= this.#buffer.length) {
      // The usual case: the whole body is here, and need not be copied.
      this.#finish(bytes.subarray(at, at + wanted));
      return at + wanted;
    }
    const taken = Math.min(wanted, bytes.length - at, this.#buffer.length - this.#buffered);
    this.#buffer.set(bytes.subarray(at, at + taken), this.#buffered);
    this.#buffered += taken;
    if (this.#buffered === this.#remainingLength) {
      this.#finish(this.#buffer.subarray(0, this.#buffered));
    } else if (this.#buffered === this.#buffer.length) {
      this.#toSkip = this.#remainingLength - this.#buffered;
      this.#stage = 'skip';
    }
    return at + taken;
  }

  #skip(bytes: Uint8Array, at: number): number {
    const skipped = Math.min(this.#toSkip, bytes.length - at);
    this.#toSkip -= skipped;
    if (this.#toSkip === 0) {
      this.#stage = 'header';
      const headerLength = this.#readPublishHeader(this.#buffer);
      if (headerLength > 0) this.#handler.onOversizedPublish(this.#message.packetId);
    }
    return at + skipped;
  }

  #finish(body: Uint8Array): void {
    this.#stage = 'header';
    switch (this.#header >> 4) {
      case PacketType.connack:
        return this.#finishConnack(body);
      case PacketType.publish:
        return this.#finishPublish(body);
      case PacketType.puback:
        return this.#finishPuback(body);
      case PacketType.suback:
        return this.#finishSuback(body);
      case PacketType.pingresp:
        if (body.length !== 0) return this.#fail('wrong-length');
        return this.#handler.onPingresp();
    }
  }

  #finishConnack(body: Uint8Array): void {
    if (body.length !== 2) return this.#fail('wrong-length');
    const flags = body[0] as number;
    const returnCode = body[1] as number;
    if (flags > 1) return this.#fail('reserved-bits'); // §3.2.2.1
    if (returnCode !== 0 && flags !== 0) return this.#fail('reserved-bits'); // [MQTT-3.2.2-4]
    if (returnCode > 5) return this.#fail('reserved-bits'); // §3.2.2.3: 6 to 255 are reserved
    this.#handler.onConnack(flags === 1, returnCode);
  }

  #finishPublish(body: Uint8Array): void {
    const headerLength = this.#readPublishHeader(body);
    if (headerLength === 0) return;
    this.#message.payload = body.subarray(headerLength);
    this.#handler.onPublish(this.#message);
    this.#message.topic = EMPTY;
    this.#message.payload = EMPTY;
  }

  /** Fills topic, flags and packet id of the message from `body`; returns the length of that part, or 0 after a violation. */
  #readPublishHeader(body: Uint8Array): number {
    const message = this.#message;
    const qos = ((this.#header >> 1) & 0x03) as QoS;
    const topicEnd = body.length < 2 ? body.length + 1 : 2 + uint16(body, 0);
    const headerLength = topicEnd + (qos > 0 ? 2 : 0);
    if (headerLength > body.length) {
      // An oversized packet whose topic alone fills the buffer is well-formed, but nothing can be made of it.
      this.#fail(this.#remainingLength > body.length ? 'packet-too-large' : 'wrong-length');
      return 0;
    }
    message.topic = body.subarray(2, topicEnd);
    if (!isTopicName(message.topic)) {
      this.#fail('invalid-topic');
      return 0;
    }
    message.packetId = qos > 0 ? uint16(body, topicEnd) : 0;
    if (qos > 0 && message.packetId === 0) {
      this.#fail('packet-id-zero'); // [MQTT-2.3.1-1]
      return 0;
    }
    message.qos = qos;
    message.dup = (this.#header & 0x08) !== 0;
    message.retain = (this.#header & 0x01) !== 0;
    return headerLength;
  }

  #finishPuback(body: Uint8Array): void {
    if (body.length !== 2) return this.#fail('wrong-length');
    const packetId = uint16(body, 0);
    if (packetId === 0) return this.#fail('packet-id-zero');
    this.#handler.onPuback(packetId);
  }

  #finishSuback(body: Uint8Array): void {
    if (body.length < 3) return this.#fail('wrong-length');
    const packetId = uint16(body, 0);
    if (packetId === 0) return this.#fail('packet-id-zero');
    const returnCodes = body.subarray(2);
    for (const code of returnCodes) if (code > 2 && code !== SUBSCRIPTION_REFUSED) return this.#fail('reserved-bits'); // [MQTT-3.9.3-2]
    this.#handler.onSuback(packetId, returnCodes);
  }

  #fail(violation: ProtocolViolation): void {
    this.#stage = 'broken';
    this.#violation = violation;
  }
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
