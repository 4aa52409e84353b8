// Records what the parser reports as plain values, so that two ways of feeding it can be compared.

import { type PacketHandler, Parser, type ProtocolViolation } from '../../firmware/mqtt/parser.js';
import type { InboundMessage, QoS } from '../../firmware/mqtt/protocol.js';
import { toHex } from './hex.js';

export type PacketEvent =
  | { readonly type: 'connack'; readonly sessionPresent: boolean; readonly returnCode: number }
  | {
      readonly type: 'publish';
      readonly topic: string;
      /** In hex. */
      readonly payload: string;
      readonly qos: QoS;
      readonly retain: boolean;
      readonly dup: boolean;
      readonly packetId: number;
    }
  | { readonly type: 'oversized-publish'; readonly packetId: number }
  | { readonly type: 'puback'; readonly packetId: number }
  | { readonly type: 'suback'; readonly packetId: number; readonly returnCodes: readonly number[] }
  | { readonly type: 'pingresp' };

export class PacketLog implements PacketHandler {
  readonly events: PacketEvent[] = [];

  onConnack(sessionPresent: boolean, returnCode: number): void {
    this.events.push({ type: 'connack', sessionPresent, returnCode });
  }

  onPublish(message: InboundMessage): void {
    const { qos, retain, dup, packetId } = message;
    const topic = Buffer.from(message.topic).toString();
    this.events.push({ type: 'publish', topic, payload: toHex(message.payload), qos, retain, dup, packetId });
  }

  onOversizedPublish(packetId: number): void {
    this.events.push({ type: 'oversized-publish', packetId });
  }

  onPuback(packetId: number): void {
    this.events.push({ type: 'puback', packetId });
  }

  onSuback(packetId: number, returnCodes: Uint8Array): void {
    this.events.push({ type: 'suback', packetId, returnCodes: [...returnCodes] });
  }

  onPingresp(): void {
    this.events.push({ type: 'pingresp' });
  }
}

export interface ParseResult {
  readonly events: readonly PacketEvent[];
  readonly violation: ProtocolViolation | undefined;
}

/** What a fresh parser with a buffer of `capacity` says to `pieces`, pushed one after the other. */
export function parsePieces(pieces: readonly Uint8Array[], capacity: number): ParseResult {
  const log = new PacketLog();
  const parser = new Parser(capacity, log);
  let violation: ProtocolViolation | undefined;
  for (const piece of pieces) violation = parser.push(piece);
  return { events: log.events, violation };
}

/** All the ways to cut `bytes`: whole, in two at each place, and byte by byte. */
export function* cuts(bytes: Uint8Array): Generator<readonly Uint8Array[]> {
  yield [bytes];
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield Array.from(bytes, (byte) => Uint8Array.of(byte));
}
