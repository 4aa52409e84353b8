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
          at = this.takeHeader(bytes, at);
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

  private takeHeader(bytes: Uint8Array, at: number): number {
    const header = bytes[at] as number;
    const violation = headerViolation(header, this.level);
    if (violation) {
      this.fail(violation);
      return at + 1;
    }
    // The usual case: a short packet, of which nothing has to be remembered because it is here as a whole.
    const length = at + 1 < bytes.length ? (bytes[at + 1] as number) : 0x80;
    const bodyEnd = at + 2 + length;
    if (length < 0x80 && bodyEnd <= bytes.length && length <= this.buffer.length) {
      this.finish(header, bytes, at + 2, bodyEnd);
      return bodyEnd;
    }
    this.header = header;
    this.remainingLength = 0;
    this.lengthShift = 0;
    this.stage = 'length';
    return at + 1;
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
    else if (this.remainingLength === 0) this.finish(this.header, this.buffer, 0, 0);
    else this.stage = 'body';
  }

  private get mayComeInPieces(): boolean {
    return this.header >> 4 === PacketType.publish && (this.takesPieces || this.level !== MQTT_5);
  }

  private takeBody(bytes: Uint8Array, at: number): number {
    const buffer = this.buffer;
    const received = this.received;
    const wanted = this.remainingLength - received;
    const available = bytes.length - at;
    if (received === 0 && available >= wanted && wanted <= buffer.length) {
      // The whole body is here, and need not be copied.
      this.finish(this.header, bytes, at, at + wanted);
      return at + wanted;
    }
    const taken = Math.min(wanted, available, buffer.length - received);
    const end = received + taken;
    buffer.set(taken === bytes.length ? bytes : bytes.subarray(at, at + taken), received);
    this.received = end;
    if (taken === wanted) this.finish(this.header, buffer, 0, end);
    else if (end === buffer.length) this.startPieces();
    return at + taken;
  }

  /** Decodes the whole body `bytes[start..end)`. */
  private finish(header: number, bytes: Uint8Array, start: number, end: number): void {
    this.stage = 'header';
    const violation = this.decoder.decode(header, bytes, start, end);
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

/** What is wrong with the first byte of a packet. */
function headerViolation(header: number, level: ProtocolLevel): ProtocolViolation | undefined {
  const flags = header & 0x0f;
  switch (header >> 4) {
    case PacketType.publish:
      if ((flags & 0x06) === 0x06) return 'invalid-qos'; // [MQTT-3.3.1-4]
      return (flags & 0x0e) === 0x08 ? 'reserved-flags' : undefined; // DUP with QoS 0 [MQTT-3.3.1-2]
    case PacketType.puback:
    case PacketType.pubrec:
    case PacketType.pubcomp:
    case PacketType.connack:
    case PacketType.suback:
    case PacketType.unsuback:
    case PacketType.pingresp:
      return flags === 0 ? undefined : 'reserved-flags'; // [MQTT-2.1.3-1]
    case PacketType.pubrel:
      return flags === 0x02 ? undefined : 'reserved-flags'; // [MQTT-3.6.1-1]
    case PacketType.disconnect:
      if (level !== MQTT_5) return 'unexpected-packet-type';
      return flags === 0 ? undefined : 'reserved-flags';
    case PacketType.auth:
      if (level !== MQTT_5) return 'unexpected-packet-type';
      // CONNECT named no authentication method, so no AUTH may come ([MQTT-4.12.0-6]).
      return flags === 0 ? 'authentication-not-asked' : 'reserved-flags';
    default:
      return 'unexpected-packet-type';
  }
}
