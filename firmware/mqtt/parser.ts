// Cuts what comes from the server into packets (§2.1). Takes bytes as they come, cut anywhere. Memory is fixed: one buffer for a
// packet that comes in parts; a PUBLISH that is longer than it is handed on in pieces.

import { Decoder, type PacketHandler } from './decode.js';
import { MQTT_5, PacketType, type ProtocolLevel } from './protocol.js';
import type { ProtocolViolation } from './reason.js';

type Stage = 'header' | 'length' | 'body' | 'payload' | 'broken';

export interface ParserOptions {
  /** Longest packet body (remaining length) that is handed on whole, in bytes. */
  readonly capacity: number;
  /** Whether a longer PUBLISH is welcome. In MQTT 5 the server was told; 3.1.1 has no word for it, so there it always comes in pieces. */
  readonly takesPieces: boolean;
}

/** One parser serves one connection; `reset` makes it ready for the next. */
export class Parser {
  private readonly handler: PacketHandler;
  private readonly decoder: Decoder;
  private readonly buffer: Uint8Array;
  private readonly takesPieces: boolean;
  private level: ProtocolLevel = MQTT_5;
  private stage: Stage = 'header';
  private violation: ProtocolViolation | undefined;
  private header = 0;
  private remainingLength = 0;
  private lengthShift = 0;
  /** Bytes of the body that have come. */
  private received = 0;

  constructor(options: ParserOptions, handler: PacketHandler) {
    this.buffer = new Uint8Array(options.capacity);
    this.takesPieces = options.takesPieces;
    this.handler = handler;
    this.decoder = new Decoder(handler);
  }

  /** Forgets everything; the next bytes are those of a server that is spoken to in `level`. */
  reset(level: ProtocolLevel): void {
    this.level = level;
    this.decoder.reset(level);
    this.stage = 'header';
    this.violation = undefined;
  }

  /** Parses `bytes`. Returns the first violation, if there was one; from then on everything is ignored until `reset`. */
  push(bytes: Uint8Array): ProtocolViolation | undefined {
    let at = 0;
    while (at < bytes.length && this.stage !== 'broken') {
      switch (this.stage) {
        case 'header':
          this.takeHeader(bytes[at++] as number);
          break;
        case 'length':
          this.takeLength(bytes[at++] as number);
          break;
        case 'body':
          at = this.takeBody(bytes, at);
          break;
        case 'payload':
          at = this.takePiece(bytes, at);
          break;
      }
    }
    return this.violation;
  }

  private takeHeader(byte: number): void {
    this.header = byte;
    this.remainingLength = 0;
    this.lengthShift = 0;
    this.stage = 'length';
    const flags = byte & 0x0f;
    switch (byte >> 4) {
      case PacketType.publish:
        if ((flags & 0x06) === 0x06)
          this.fail('invalid-qos'); // [MQTT-3.3.1-4]
        else if ((flags & 0x0e) === 0x08) this.fail('reserved-flags'); // DUP with QoS 0 [MQTT-3.3.1-2]
        break;
      case PacketType.pubrel:
        if (flags !== 0x02) this.fail('reserved-flags'); // [MQTT-3.6.1-1]
        break;
      case PacketType.connack:
      case PacketType.puback:
      case PacketType.pubrec:
      case PacketType.pubcomp:
      case PacketType.suback:
      case PacketType.unsuback:
      case PacketType.pingresp:
        if (flags !== 0) this.fail('reserved-flags'); // [MQTT-2.1.3-1]
        break;
      case PacketType.disconnect:
      case PacketType.auth:
        this.takeHeaderOf5(byte >> 4, flags);
        break;
      default:
        this.fail('unexpected-packet-type');
    }
  }

  /** Packets that a server sends in MQTT 5 only. */
  private takeHeaderOf5(type: number, flags: number): void {
    if (this.level !== MQTT_5) this.fail('unexpected-packet-type');
    else if (flags !== 0) this.fail('reserved-flags');
    // CONNECT named no authentication method, so no AUTH may come ([MQTT-4.12.0-6]).
    else if (type === PacketType.auth) this.fail('authentication-not-asked');
  }

  private takeLength(byte: number): void {
    this.remainingLength |= (byte & 0x7f) << this.lengthShift;
    if (byte & 0x80) {
      this.lengthShift += 7;
      if (this.lengthShift > 21) this.fail('malformed-remaining-length'); // §1.5.5: four bytes at most
      return;
    }
    // More bytes than needed are forbidden in MQTT 5 ([MQTT-1.5.5-1]).
    if (byte === 0 && this.lengthShift > 0 && this.level === MQTT_5) return this.fail('malformed-remaining-length');
    this.received = 0;
    if (this.remainingLength > this.buffer.length && !this.mayComeInPieces) this.fail('packet-too-large');
    else if (this.remainingLength === 0) this.finish(this.buffer, 0, 0);
    else this.stage = 'body';
  }

  private get mayComeInPieces(): boolean {
    return this.header >> 4 === PacketType.publish && (this.takesPieces || this.level !== MQTT_5);
  }

  private takeBody(bytes: Uint8Array, at: number): number {
    const wanted = this.remainingLength - this.received;
    const buffer = this.buffer;
    if (this.received === 0 && bytes.length - at >= wanted && wanted <= buffer.length) {
      // The usual case: the whole body is here, and need not be copied.
      this.finish(bytes, at, at + wanted);
      return at + wanted;
    }
    const taken = Math.min(wanted, bytes.length - at, buffer.length - this.received);
    buffer.set(bytes.subarray(at, at + taken), this.received);
    this.received += taken;
    if (this.received === this.remainingLength) this.finish(buffer, 0, this.received);
    else if (this.received === buffer.length) this.startPieces();
    return at + taken;
  }

  private finish(bytes: Uint8Array, start: number, end: number): void {
    this.stage = 'header';
    const violation = this.decoder.decode(this.header, bytes, start, end);
    if (violation) this.fail(violation);
  }

  private startPieces(): void {
    this.stage = 'payload';
    const violation = this.decoder.startPublish(this.header, this.buffer, this.received, this.remainingLength);
    if (violation) this.fail(violation);
  }

  private takePiece(bytes: Uint8Array, at: number): number {
    const taken = Math.min(this.remainingLength - this.received, bytes.length - at);
    this.received += taken;
    this.handler.onPublishPiece(bytes.subarray(at, at + taken));
    if (this.received === this.remainingLength) {
      this.stage = 'header';
      this.handler.onPublishEnd();
    }
    return at + taken;
  }

  private fail(violation: ProtocolViolation): void {
    this.stage = 'broken';
    this.violation = violation;
  }
}
