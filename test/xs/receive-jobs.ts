// Jobs of the receiving half of MQTT 5: messages through the session, whole or byte by byte, and acknowledgements through the parser.

import type { PacketHandler } from '../../firmware/mqtt/decode.js';
import { encodePublish } from '../../firmware/mqtt/encode-publish.js';
import { OutputBuffer } from '../../firmware/mqtt/output.js';
import { Parser } from '../../firmware/mqtt/parser.js';
import { MQTT_5, type QoS } from '../../firmware/mqtt/protocol.js';
import { encodeUtf8 } from '../../firmware/mqtt/utf8.js';
import { MESSAGE_PAYLOAD, MESSAGE_TOPIC } from '../bench/mqtt-message.js';
import { Exchange } from './exchange.js';

/** All that a transport may take at once. */
const ALL = 0xffff;

/** PUBACK of packet id 1. */
export const PUBACK = Uint8Array.of(0x40, 2, 0, 1);

/** A PUBLISH of the benchmark's message, as a broker sends it. */
export function publishPacket(qos: QoS): Uint8Array {
  const payloadLength = MESSAGE_PAYLOAD.length;
  const output = new OutputBuffer(1_024);
  const message = { topic: encodeUtf8(MESSAGE_TOPIC), payload: MESSAGE_PAYLOAD, payloadLength, qos, retain: false };
  encodePublish(output, message, 1, false, MQTT_5);
  return output.peek(ALL);
}

/** A message that is longer than any buffer comes in so many pieces of so many bytes, which is what a board's link reads at once. */
const LONG_PIECES = 100;
const PIECE_BYTES = 256;
export const LONG_MESSAGE_BYTES = LONG_PIECES * PIECE_BYTES;

/** Receives the message `count` times, and with QoS 1 sends the answer; returns how many were handed on. */
export function receivePublish(qos: QoS, isCut: boolean, count: number): string {
  const exchange = new Exchange(MQTT_5, 1);
  const { session } = exchange;
  const packet = publishPacket(qos);
  const pieces = isCut ? Array.from(packet, (byte) => Uint8Array.of(byte)) : [packet];
  exchange.connect();
  for (let done = 0; done < count; done++) {
    for (let index = 0; index < pieces.length; index++) session.receive(pieces[index] as Uint8Array, 0);
    if (qos > 0) session.sent(session.pending(ALL).length, 0);
  }
  return String(exchange.received);
}

/** Parses `count` acknowledgements; returns how many were found. */
export function parsePubacks(count: number): string {
  const log = new CountingLog();
  const parser = newParser(log);
  for (let done = 0; done < count; done++) parser.push(PUBACK);
  return String(log.acknowledgements);
}

/** Parses `count` long messages; returns how many were handed on to their last byte. */
export function parseLongMessages(count: number): string {
  const log = new CountingLog();
  const parser = newParser(log);
  const packet = longPacket();
  for (let done = 0; done < count; done++) {
    for (let at = 0; at < packet.length; at += PIECE_BYTES) parser.push(packet.subarray(at, at + PIECE_BYTES));
  }
  return String(log.pieceBytes === count * LONG_PAYLOAD_BYTES ? log.longMessages : 'bytes are missing');
}

/** Remaining length in three bytes, and QoS 0. */
const LONG_PAYLOAD_BYTES = LONG_MESSAGE_BYTES - (1 + 3 + 2 + MESSAGE_TOPIC.length + 1);

function longPacket(): Uint8Array {
  const output = new OutputBuffer(LONG_MESSAGE_BYTES);
  const payload = new Uint8Array(LONG_PAYLOAD_BYTES);
  const message = { topic: encodeUtf8(MESSAGE_TOPIC), payload, payloadLength: payload.length, qos: 0, retain: false } as const;
  if (!encodePublish(output, message, 0, false, MQTT_5)) throw new Error('a long message is longer than it ought to be');
  return output.peek(LONG_MESSAGE_BYTES);
}

function newParser(log: CountingLog): Parser {
  const parser = new Parser({ capacity: 64, takesPieces: true }, log);
  parser.reset(MQTT_5);
  return parser;
}

class CountingLog implements PacketHandler {
  acknowledgements = 0;
  longMessages = 0;
  pieceBytes = 0;

  onAcknowledgement(): void {
    this.acknowledgements++;
  }

  onPublishPiece(piece: Uint8Array): void {
    this.pieceBytes += piece.length;
  }

  onPublishEnd(): void {
    this.longMessages++;
  }

  onPublishStart(): void {}
  onConnack(): void {}
  onPublish(): void {}
  onSuback(): void {}
  onUnsuback(): void {}
  onPingresp(): void {}
  onServerDisconnect(): void {}
}
