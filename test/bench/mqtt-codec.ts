// What of the codec is measured: PUBLISH with QoS 1 in MQTT 5, 72 bytes of payload, written and read by ours and by mqtt-packet.

import packets from 'mqtt-packet';
import { encodePublish } from '../../firmware/mqtt/encode-publish.js';
import { OutputBuffer } from '../../firmware/mqtt/output.js';
import { Parser } from '../../firmware/mqtt/parser.js';
import { MQTT_5, type OutboundMessage, PACKET_ID_MAXIMUM } from '../../firmware/mqtt/protocol.js';
import { MESSAGE_PAYLOAD, MESSAGE_TOPIC } from './mqtt-message.js';

export type CodecName = 'encode' | 'parse';

/** Does it so many times. */
type Run = (messages: number) => void;

const OUTPUT_CAPACITY = 1_024;

/** Packets that lie behind one another in what is parsed at once, as they do in what a socket hands over. */
const CHUNK_PACKETS = 100;

const MESSAGE: OutboundMessage = {
  topic: new TextEncoder().encode(MESSAGE_TOPIC),
  payload: MESSAGE_PAYLOAD,
  payloadLength: MESSAGE_PAYLOAD.length,
  qos: 1,
  retain: false,
};

const OPTIONS = { protocolVersion: MQTT_5 };

function packet(messageId: number) {
  const payload = Buffer.from(MESSAGE_PAYLOAD);
  return { cmd: 'publish', topic: MESSAGE_TOPIC, payload, qos: 1, retain: false, dup: false, messageId } as const;
}

const packetIdAt = (index: number) => (index % PACKET_ID_MAXIMUM) + 1;

function encodeOurs(messages: number): void {
  const output = new OutputBuffer(OUTPUT_CAPACITY);
  for (let index = 0; index < messages; index++) {
    if (!encodePublish(output, MESSAGE, packetIdAt(index), false, MQTT_5)) throw new Error('no room for a message');
    output.consume(output.peek(OUTPUT_CAPACITY).length);
  }
}

function encodeTheirs(messages: number): void {
  const publish = { ...packet(1), messageId: 1 as number };
  for (let index = 0; index < messages; index++) {
    publish.messageId = packetIdAt(index);
    if (packets.generate(publish, OPTIONS).length === 0) throw new Error('nothing was written');
  }
}

const CHUNK = Buffer.concat(
  Array.from({ length: CHUNK_PACKETS }, (_, index) => packets.generate(packet(packetIdAt(index)), OPTIONS)),
);

function parseOurs(messages: number): void {
  let parsed = 0;
  const count = () => {
    parsed++;
  };
  const ignore = () => {};
  const handler = {
    onConnack: ignore,
    onPublish: count,
    onPublishStart: ignore,
    onPublishPiece: ignore,
    onPublishEnd: ignore,
    onAcknowledgement: ignore,
    onSuback: ignore,
    onUnsuback: ignore,
    onPingresp: ignore,
    onServerDisconnect: ignore,
  };
  const parser = new Parser({ capacity: OUTPUT_CAPACITY, takesPieces: false }, handler);
  parser.reset(MQTT_5);
  for (let index = 0; index < messages; index += CHUNK_PACKETS) parser.push(CHUNK);
  if (parsed < messages) throw new Error(`${parsed} of ${messages} messages were parsed`);
}

function parseTheirs(messages: number): void {
  let parsed = 0;
  const parser = packets.parser(OPTIONS);
  parser.on('packet', () => {
    parsed++;
  });
  for (let index = 0; index < messages; index += CHUNK_PACKETS) parser.parse(CHUNK);
  if (parsed < messages) throw new Error(`${parsed} of ${messages} messages were parsed`);
}

export const CODECS: Readonly<Record<CodecName, { readonly own: Run; readonly peer: Run }>> = {
  encode: { own: encodeOurs, peer: encodeTheirs },
  parse: { own: parseOurs, peer: parseTheirs },
};
