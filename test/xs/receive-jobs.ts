// Jobs of the receiving half of MQTT 5: messages through the session, whole or byte by byte, and acknowledgements through the parser.

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
  let found = 0;
  const ignore = () => {};
  const parser = new Parser(
    { capacity: 64, takesPieces: false },
    {
      onConnack: ignore,
      onPublish: ignore,
      onPublishStart: ignore,
      onPublishPiece: ignore,
      onPublishEnd: ignore,
      onAcknowledgement: () => {
        found++;
      },
      onSuback: ignore,
      onUnsuback: ignore,
      onPingresp: ignore,
      onServerDisconnect: ignore,
    },
  );
  parser.reset(MQTT_5);
  for (let done = 0; done < count; done++) parser.push(PUBACK);
  return String(found);
}
