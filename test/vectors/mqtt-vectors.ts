// MQTT 3.1.1 packets byte by byte, each with its reason and its clause. What has `encode` is written by this client; what has
// `events` or `violation` comes from a server.

import { encodeAcknowledgement, encodeDisconnect, encodePingreq } from '../../firmware/mqtt/encode.js';
import { encodeConnect } from '../../firmware/mqtt/encode-connect.js';
import { encodePublish } from '../../firmware/mqtt/encode-publish.js';
import { encodeSubscribe, encodeUnsubscribe } from '../../firmware/mqtt/encode-subscribe.js';
import type { OutputBuffer } from '../../firmware/mqtt/output.js';
import {
  type AcknowledgementType,
  type ConnectOptions,
  MQTT_3_1_1,
  type OutboundMessage,
  type QoS,
  type Subscription,
} from '../../firmware/mqtt/protocol.js';
import type { ProtocolViolation } from '../../firmware/mqtt/reason.js';
import { encodeUtf8 } from '../../firmware/mqtt/utf8.js';
import type { PacketEvent } from './packet-log.js';

/** Parser buffer for these vectors: a body of one byte more is oversized. */
export const VECTOR_CAPACITY = 64;

export interface PacketVector {
  readonly reason: string;
  readonly clause: string;
  readonly bytes: string;
  readonly encode?: (output: OutputBuffer) => boolean;
  readonly events?: readonly PacketEvent[];
}

export interface MalformedVector {
  readonly reason: string;
  readonly clause: string;
  readonly bytes: string;
  readonly violation: ProtocolViolation;
  /** Where it takes a parser that was not told to take messages in pieces. */
  readonly refusesPieces?: true;
}

/** `count` bytes 0x61, in hex. */
const letters = (count: number) => '61'.repeat(count);

/** What only MQTT 5 writes. */
const UNSAID = { receiveMaximum: 8, maximumPacketBytes: 100 };

const connect = (output: OutputBuffer, options: Omit<ConnectOptions, 'level'>) =>
  encodeConnect(output, { ...options, level: MQTT_3_1_1 }, UNSAID);

const publish = (output: OutputBuffer, sent: OutboundMessage, packetId: number, dup: boolean) =>
  encodePublish(output, sent, packetId, dup, MQTT_3_1_1);

const acknowledge = (output: OutputBuffer, type: AcknowledgementType, packetId: number) =>
  encodeAcknowledgement(output, type, packetId, 0x92, MQTT_3_1_1);

const subscribe = (output: OutputBuffer, subscriptions: readonly Subscription[], packetId: number) =>
  encodeSubscribe(output, subscriptions, { identifier: 7, userProperties: encodeUtf8('x') }, packetId, MQTT_3_1_1);

function message(topic: string, payload: string, qos: QoS, retain: boolean): OutboundMessage {
  const bytes = encodeUtf8(payload);
  return { topic: encodeUtf8(topic), payload: bytes, payloadLength: bytes.length, qos, retain };
}

function published(topic: string, payload: string, changes: Partial<PacketEvent & { topic: string }> = {}): PacketEvent {
  return { type: 'publish', topic, payload, qos: 0, retain: false, dup: false, packetId: 0, ...changes } as PacketEvent;
}

export const PACKET_VECTORS: readonly PacketVector[] = [
  // --- CONNECT --------------------------------------------------------------------------------------------------------
  {
    reason: 'shortest CONNECT: no session, no will, no login',
    clause: '§3.1',
    bytes: '10 0d 0004 4d515454 04 02 003c 0001 73',
    encode: (output) => connect(output, { clientId: 's', cleanStart: true, keepAliveSeconds: 60 }),
  },
  {
    reason: 'clean session 0 resumes what the server has kept; keep-alive fills both bytes',
    clause: '§3.1.2.4, §3.1.2.10',
    bytes: '10 0e 0004 4d515454 04 00 ffff 0002 7331',
    encode: (output) => connect(output, { clientId: 's1', cleanStart: false, keepAliveSeconds: 65_535 }),
  },
  {
    reason: 'will with QoS 1 and retain: flags 0x04, 0x08 and 0x20; topic before message',
    clause: '§3.1.2.5 to §3.1.2.7, [MQTT-3.1.3-1]',
    bytes: '10 17 0004 4d515454 04 2c 001e 0001 73 0003 612f62 0003 6f6666',
    encode: (output) =>
      connect(output, {
        clientId: 's',
        cleanStart: false,
        keepAliveSeconds: 30,
        will: { topic: encodeUtf8('a/b'), payload: encodeUtf8('off'), qos: 1, retain: true },
      }),
  },
  {
    reason: 'will with QoS 0, no retain and an empty message: the flag alone, and a length of zero',
    clause: '§3.1.3.3',
    bytes: '10 12 0004 4d515454 04 06 001e 0001 73 0001 77 0000',
    encode: (output) =>
      connect(output, {
        clientId: 's',
        cleanStart: true,
        keepAliveSeconds: 30,
        will: { topic: encodeUtf8('w'), payload: new Uint8Array(0), qos: 0, retain: false },
      }),
  },
  {
    reason: 'user without password',
    clause: '[MQTT-3.1.2-19], [MQTT-3.1.2-20]',
    bytes: '10 10 0004 4d515454 04 82 001e 0001 73 0001 75',
    encode: (output) => connect(output, { clientId: 's', cleanStart: true, keepAliveSeconds: 30, user: 'u' }),
  },
  {
    reason: 'all fields, in the one order that is allowed: client id, will topic, will message, user, password',
    clause: '[MQTT-3.1.3-1]',
    bytes: '10 1b 0004 4d515454 04 ee 001e 0001 73 0001 77 0001 6d 0002 c3bc 0002 7077',
    encode: (output) =>
      connect(output, {
        clientId: 's',
        cleanStart: true,
        keepAliveSeconds: 30,
        will: { topic: encodeUtf8('w'), payload: encodeUtf8('m'), qos: 1, retain: true },
        user: 'ü',
        password: 'pw',
      }),
  },
  {
    reason: 'a string of every UTF-8 length: 1, 2, 3 and 4 bytes; the length prefix counts bytes',
    clause: '§1.5.3',
    bytes: '10 16 0004 4d515454 04 02 001e 000a 41 c3a9 e282ac f09f8ca1',
    encode: (output) => connect(output, { clientId: 'Aé€🌡', cleanStart: true, keepAliveSeconds: 30 }),
  },
  // --- CONNACK --------------------------------------------------------------------------------------------------------
  {
    reason: 'accepted, no session kept',
    clause: '§3.2',
    bytes: '20 02 00 00',
    events: [{ type: 'connack', sessionPresent: false, reasonCode: 0 }],
  },
  {
    reason: 'accepted, session kept',
    clause: '[MQTT-3.2.2-2]',
    bytes: '20 02 01 00',
    events: [{ type: 'connack', sessionPresent: true, reasonCode: 0 }],
  },
  ...[1, 2, 3, 4, 5].map(
    (returnCode): PacketVector => ({
      reason: `refused with return code ${returnCode}`,
      clause: '§3.2.2.3',
      bytes: `20 02 00 0${returnCode}`,
      events: [{ type: 'connack', sessionPresent: false, reasonCode: returnCode }],
    }),
  ),
  // --- PUBLISH: the same in both directions ---------------------------------------------------------------------------
  {
    reason: 'QoS 0 has no packet id',
    clause: '[MQTT-2.3.1-5]',
    bytes: '30 09 0003 612f62 32312e34',
    encode: (output) => publish(output, message('a/b', '21.4', 0, false), 0, false),
    events: [published('a/b', '32312e34')],
  },
  {
    reason: 'QoS 1 carries a packet id behind the topic',
    clause: '§3.3.2.2',
    bytes: '32 0b 0003 612f62 000a 32312e34',
    encode: (output) => publish(output, message('a/b', '21.4', 1, false), 10, false),
    events: [published('a/b', '32312e34', { qos: 1, packetId: 10 })],
  },
  {
    reason: 'retain, and the largest packet id',
    clause: '§3.3.1.3, §2.3.1',
    bytes: '33 06 0001 61 ffff 31',
    encode: (output) => publish(output, message('a', '1', 1, true), 65_535, false),
    events: [published('a', '31', { qos: 1, retain: true, packetId: 65_535 })],
  },
  {
    reason: 'a redelivery: DUP, and all else as it was',
    clause: '[MQTT-3.3.1-1]',
    bytes: '3b 06 0001 61 0100 31',
    encode: (output) => publish(output, message('a', '1', 1, true), 256, true),
    events: [published('a', '31', { qos: 1, retain: true, dup: true, packetId: 256 })],
  },
  {
    reason: 'an empty payload is a message like others (retained: it clears the topic)',
    clause: '§3.3.3, [MQTT-3.3.1-10]',
    bytes: '31 03 0001 61',
    encode: (output) => publish(output, message('a', '', 0, true), 0, false),
    events: [published('a', '', { retain: true })],
  },
  {
    reason: 'a topic outside ASCII; spaces and an empty level are allowed',
    clause: '§4.7.3',
    bytes: '30 0c 000a 2f7361 6c6c6520 c3a9 2f',
    encode: (output) => publish(output, message('/salle é/', '', 0, false), 0, false),
    events: [published('/salle é/', '')],
  },
  {
    reason: 'U+FEFF is a character as any, not a byte order mark to be stripped',
    clause: '[MQTT-1.5.3-3]',
    bytes: '30 07 0004 efbbbf61 31',
    encode: (output) => publish(output, message('\ufeffa', '1', 0, false), 0, false),
    events: [published('\ufeffa', '31')],
  },
  {
    reason: 'first and last of the narrowed UTF-8 ranges: U+0800, U+D7FF, U+10000, U+10FFFF',
    clause: '§1.5.3',
    bytes: '30 10 000e e0a080 ed9fbf f0908080 f48fbfbf',
    encode: (output) => publish(output, message('\u0800\ud7ff\u{10000}\u{10ffff}', '', 0, false), 0, false),
    events: [published('\u0800\ud7ff\u{10000}\u{10ffff}', '')],
  },
  {
    reason: 'a body that fills the buffer of the parser to the last byte',
    clause: 'firmware/mqtt/parser.ts',
    bytes: `30 40 0001 61 ${letters(61)}`,
    encode: (output) => publish(output, message('a', 'a'.repeat(61), 0, false), 0, false),
    events: [published('a', letters(61))],
  },
  {
    reason: 'with one byte more it comes in pieces',
    clause: 'firmware/mqtt/parser.ts',
    bytes: `30 41 0001 61 ${letters(62)}`,
    events: [published('a', letters(62), { type: 'long-publish' })],
  },
  {
    reason: 'remaining length 127, the last of one byte; the packet id of a message in pieces is told first',
    clause: '§2.2.3',
    bytes: `32 7f 0001 61 0007 ${letters(122)}`,
    encode: (output) => publish(output, message('a', 'a'.repeat(122), 1, false), 7, false),
    events: [published('a', letters(122), { type: 'long-publish', qos: 1, packetId: 7 })],
  },
  {
    reason: 'remaining length 128, the first of two bytes',
    clause: '§2.2.3',
    bytes: `30 8001 0001 61 ${letters(125)}`,
    encode: (output) => publish(output, message('a', 'a'.repeat(125), 0, false), 0, false),
    events: [published('a', letters(125), { type: 'long-publish' })],
  },
  {
    reason: 'a length written with more bytes than it needs: 3.1.1 does not forbid it (5.0 does, [MQTT-1.5.5-1])',
    clause: '§2.2.3',
    bytes: '30 84808000 0001 61 31',
    events: [published('a', '31')],
  },
  {
    reason: 'QoS 2',
    clause: '§3.3.1.2',
    bytes: '34 06 0001 61 0007 31',
    encode: (output) => publish(output, message('a', '1', 2, false), 7, false),
    events: [published('a', '31', { qos: 2, packetId: 7 })],
  },
  {
    reason: 'QoS 2 again: DUP',
    clause: '[MQTT-3.3.1-1]',
    bytes: '3c 06 0001 61 0007 31',
    encode: (output) => publish(output, message('a', '1', 2, false), 7, true),
    events: [published('a', '31', { qos: 2, dup: true, packetId: 7 })],
  },
  // --- PUBACK: the same in both directions ----------------------------------------------------------------------------
  {
    reason: 'acknowledges one packet id, high byte first',
    clause: '§3.4, [MQTT-2.3.1-6]',
    bytes: '40 02 1234',
    encode: (output) => acknowledge(output, 4, 0x1234),
    events: [{ type: 'puback', packetId: 0x1234, reasonCode: 0 }],
  },
  {
    reason: 'PUBREC: the server has it',
    clause: '§3.5',
    bytes: '50 02 0007',
    encode: (output) => acknowledge(output, 5, 7),
    events: [{ type: 'pubrec', packetId: 7, reasonCode: 0 }],
  },
  {
    reason: 'PUBREL: its flags 0010 are required',
    clause: '[MQTT-3.6.1-1]',
    bytes: '62 02 0007',
    encode: (output) => acknowledge(output, 6, 7),
    events: [{ type: 'pubrel', packetId: 7, reasonCode: 0 }],
  },
  {
    reason: 'PUBCOMP: QoS 2 is done',
    clause: '§3.7',
    bytes: '70 02 ffff',
    encode: (output) => acknowledge(output, 7, 65_535),
    events: [{ type: 'pubcomp', packetId: 65_535, reasonCode: 0 }],
  },
  // --- SUBSCRIBE, SUBACK ----------------------------------------------------------------------------------------------
  {
    reason: 'one filter; the flags 0010 are required',
    clause: '[MQTT-3.8.1-1]',
    bytes: '82 08 0001 0003 612f62 00',
    encode: (output) => subscribe(output, [{ filter: encodeUtf8('a/b'), qos: 0 }], 1),
  },
  {
    reason: 'two filters in one packet, each with its own QoS',
    clause: '§3.8.3',
    bytes: '82 0c 0102 0001 23 01 0003 612f2b 00',
    encode: (output) =>
      subscribe(
        output,
        [
          { filter: encodeUtf8('#'), qos: 1 },
          { filter: encodeUtf8('a/+'), qos: 0 },
        ],
        0x0102,
      ),
  },
  {
    reason: 'every return code there is: QoS 0, 1, 2, and refused',
    clause: '§3.9.3',
    bytes: '90 06 0001 00 01 02 80',
    events: [{ type: 'suback', packetId: 1, reasonCodes: [0, 1, 2, 0x80] }],
  },
  // --- UNSUBSCRIBE, UNSUBACK ------------------------------------------------------------------------------------------
  {
    reason: 'two filters; the flags 0010 are required',
    clause: '[MQTT-3.10.1-1]',
    bytes: 'a2 0a 0102 0001 23 0003 612f2b',
    encode: (output) =>
      encodeUnsubscribe(output, [encodeUtf8('#'), encodeUtf8('a/+')], { userProperties: encodeUtf8('x') }, 0x0102, MQTT_3_1_1),
  },
  {
    reason: 'UNSUBACK has nothing but the packet id',
    clause: '§3.11',
    bytes: 'b0 02 0102',
    events: [{ type: 'unsuback', packetId: 0x0102, reasonCodes: [] }],
  },
  // --- PINGREQ, PINGRESP, DISCONNECT ----------------------------------------------------------------------------------
  { reason: 'PINGREQ is two bytes', clause: '§3.12', bytes: 'c0 00', encode: encodePingreq },
  { reason: 'PINGRESP is two bytes', clause: '§3.13', bytes: 'd0 00', events: [{ type: 'pingresp' }] },
  {
    reason: 'DISCONNECT is two bytes',
    clause: '§3.14',
    bytes: 'e0 00',
    encode: (output) => encodeDisconnect(output, 0x04, MQTT_3_1_1),
  },
  {
    reason: 'packets that come together are reported in their order',
    clause: '§4.2',
    bytes: '20 02 00 00  90 03 0001 00  31 04 0001 61 31  d0 00  40 02 0002',
    events: [
      { type: 'connack', sessionPresent: false, reasonCode: 0 },
      { type: 'suback', packetId: 1, reasonCodes: [0] },
      published('a', '31', { retain: true }),
      { type: 'pingresp' },
      { type: 'puback', packetId: 2, reasonCode: 0 },
    ],
  },
];

/** Topics that no server may use in a PUBLISH. */
const BAD_TOPICS: readonly (readonly [reason: string, clause: string, topic: string])[] = [
  ['no character', '[MQTT-4.7.3-1]', ''],
  ['wildcard +', '[MQTT-3.3.2-2]', '612f2b'],
  ['wildcard # inside a level', '[MQTT-3.3.2-2]', '612361'],
  ['NUL', '[MQTT-4.7.3-2], [MQTT-1.5.3-2]', '610061'],
  ['NUL in an overlong form', '[MQTT-1.5.3-1]', 'c080'],
  ['overlong two bytes', '[MQTT-1.5.3-1]', 'c1bf'],
  ['overlong three bytes', '[MQTT-1.5.3-1]', 'e09fbf'],
  ['overlong four bytes', '[MQTT-1.5.3-1]', 'f08fbfbf'],
  ['first surrogate', '[MQTT-1.5.3-1]', 'eda080'],
  ['last surrogate', '[MQTT-1.5.3-1]', 'edbfbf'],
  ['beyond U+10FFFF', '[MQTT-1.5.3-1]', 'f4908080'],
  ['a first byte that UTF-8 does not have', '[MQTT-1.5.3-1]', 'f5808080'],
  ['a trailing byte with no first', '[MQTT-1.5.3-1]', '80'],
  ['a character that the end of the topic cuts', '[MQTT-1.5.3-1]', '61e282'],
  ['a trailing byte that is none', '[MQTT-1.5.3-1]', 'e28241'],
];

const byteHex = (byte: number) => byte.toString(16).padStart(2, '0');

export const MALFORMED_VECTORS: readonly MalformedVector[] = [
  // --- Fixed header ---------------------------------------------------------------------------------------------------
  { reason: 'CONNACK with a flag', clause: '[MQTT-2.2.2-2]', bytes: '21 02 00 00', violation: 'reserved-flags' },
  { reason: 'PUBACK with a flag', clause: '[MQTT-2.2.2-2]', bytes: '42 02 0001', violation: 'reserved-flags' },
  { reason: 'PUBREC with a flag', clause: '[MQTT-2.2.2-2]', bytes: '52 02 0001', violation: 'reserved-flags' },
  { reason: 'PUBREL without its flags', clause: '[MQTT-3.6.1-1]', bytes: '60 02 0001', violation: 'reserved-flags' },
  { reason: 'PUBREL with one flag too many', clause: '[MQTT-3.6.1-1]', bytes: '63 02 0001', violation: 'reserved-flags' },
  { reason: 'PUBCOMP with a flag', clause: '[MQTT-2.2.2-2]', bytes: '71 02 0001', violation: 'reserved-flags' },
  { reason: 'UNSUBACK with the flags of UNSUBSCRIBE', clause: '[MQTT-2.2.2-2]', bytes: 'b2 02 0001', violation: 'reserved-flags' },
  { reason: 'SUBACK with the flags of SUBSCRIBE', clause: '[MQTT-2.2.2-2]', bytes: '92 03 0001 00', violation: 'reserved-flags' },
  { reason: 'PINGRESP with a flag', clause: '[MQTT-2.2.2-2]', bytes: 'd8 00', violation: 'reserved-flags' },
  { reason: 'DUP with QoS 0', clause: '[MQTT-3.3.1-2]', bytes: '38 04 0001 61 31', violation: 'reserved-flags' },
  { reason: 'DUP and retain with QoS 0', clause: '[MQTT-3.3.1-2]', bytes: '39 04 0001 61 31', violation: 'reserved-flags' },
  { reason: 'QoS 3', clause: '[MQTT-3.3.1-4]', bytes: '36 06 0001 61 0001 31', violation: 'invalid-qos' },
  ...(
    [
      [0x00, 'type 0 is reserved'],
      [0x10, 'CONNECT goes to the server'],
      [0x82, 'SUBSCRIBE goes to the server'],
      [0xa2, 'UNSUBSCRIBE goes to the server'],
      [0xc0, 'PINGREQ goes to the server'],
      [0xe0, 'DISCONNECT goes to the server, before MQTT 5'],
      [0xf0, 'type 15 is reserved'],
    ] as const
  ).map(
    ([byte, reason]): MalformedVector => ({
      reason,
      clause: '§2.2.1, [MQTT-4.8.0-1]',
      bytes: `${byteHex(byte)} 00`,
      violation: 'unexpected-packet-type',
    }),
  ),
  {
    reason: 'a remaining length of five bytes',
    clause: '§2.2.3',
    bytes: '30 ffffffff 01',
    violation: 'malformed-remaining-length',
  },
  {
    reason: 'five bytes for a small length, too',
    clause: '§2.2.3',
    bytes: '20 82808080 00 00 00',
    violation: 'malformed-remaining-length',
  },
  // --- Lengths --------------------------------------------------------------------------------------------------------
  { reason: 'CONNACK without body', clause: '§3.2.1', bytes: '20 00', violation: 'wrong-length' },
  { reason: 'CONNACK too short', clause: '§3.2.1', bytes: '20 01 00', violation: 'wrong-length' },
  { reason: 'CONNACK too long (as in MQTT 5)', clause: '§3.2.1', bytes: '20 03 00 00 00', violation: 'wrong-length' },
  { reason: 'PUBACK without body', clause: '§3.4.1', bytes: '40 00', violation: 'wrong-length' },
  { reason: 'PUBACK too short', clause: '§3.4.1', bytes: '40 01 01', violation: 'wrong-length' },
  { reason: 'PUBACK too long (as in MQTT 5)', clause: '§3.4.1', bytes: '40 03 0001 00', violation: 'wrong-length' },
  { reason: 'PUBREC too long (as in MQTT 5)', clause: '§3.5.1', bytes: '50 03 0001 00', violation: 'wrong-length' },
  { reason: 'PUBREL too short', clause: '§3.6.1', bytes: '62 01 01', violation: 'wrong-length' },
  { reason: 'PUBCOMP without body', clause: '§3.7.1', bytes: '70 00', violation: 'wrong-length' },
  { reason: 'UNSUBACK without body', clause: '§3.11', bytes: 'b0 00', violation: 'wrong-length' },
  { reason: 'UNSUBACK with return codes (as in MQTT 5)', clause: '§3.11', bytes: 'b0 03 0001 00', violation: 'wrong-length' },
  { reason: 'SUBACK without body', clause: '§3.9', bytes: '90 00', violation: 'wrong-length' },
  { reason: 'SUBACK without return code', clause: '§3.9.3', bytes: '90 02 0001', violation: 'wrong-length' },
  { reason: 'PINGRESP with a body', clause: '§3.13', bytes: 'd0 01 00', violation: 'wrong-length' },
  { reason: 'PUBLISH without body', clause: '§3.3.2.1', bytes: '30 00', violation: 'wrong-length' },
  { reason: 'PUBLISH with half a topic length', clause: '§3.3.2.1', bytes: '30 01 00', violation: 'wrong-length' },
  { reason: 'a topic longer than its packet', clause: '§3.3.2.1', bytes: '30 03 0002 61', violation: 'wrong-length' },
  { reason: 'QoS 1 without packet id', clause: '§3.3.2.2', bytes: '32 03 0001 61', violation: 'wrong-length' },
  { reason: 'QoS 2 without packet id', clause: '§3.3.2.2', bytes: '34 03 0001 61', violation: 'wrong-length' },
  { reason: 'QoS 1 with half a packet id', clause: '§3.3.2.2', bytes: '32 04 0001 61 00', violation: 'wrong-length' },
  {
    reason: 'a SUBACK that the buffer cannot hold: more return codes than this client ever asked for',
    clause: 'firmware/mqtt/parser.ts',
    bytes: `90 41 0001 ${'00'.repeat(63)}`,
    violation: 'packet-too-large',
  },
  {
    reason: 'an oversized PUBLISH whose topic alone fills the buffer: there is no packet id to acknowledge',
    clause: 'firmware/mqtt/parser.ts',
    bytes: `32 50 003f ${letters(63)} 0001 ${letters(13)}`,
    violation: 'packet-too-large',
  },
  // --- Contents -------------------------------------------------------------------------------------------------------
  { reason: 'CONNACK with a reserved flag', clause: '§3.2.2.1', bytes: '20 02 02 00', violation: 'reserved-bits' },
  { reason: 'CONNACK with the top flag', clause: '§3.2.2.1', bytes: '20 02 80 00', violation: 'reserved-bits' },
  { reason: 'refused, and yet a session', clause: '[MQTT-3.2.2-4]', bytes: '20 02 01 05', violation: 'reserved-bits' },
  { reason: 'return code 6 is reserved', clause: '§3.2.2.3', bytes: '20 02 00 06', violation: 'reserved-reason-code' },
  { reason: 'return code 0x84 is of MQTT 5', clause: '§3.2.2.3', bytes: '20 02 00 84', violation: 'reserved-reason-code' },
  { reason: 'SUBACK code 3', clause: '[MQTT-3.9.3-2]', bytes: '90 03 0001 03', violation: 'reserved-reason-code' },
  { reason: 'SUBACK code 0x81', clause: '[MQTT-3.9.3-2]', bytes: '90 04 0001 00 81', violation: 'reserved-reason-code' },
  { reason: 'PUBACK for packet id 0', clause: '[MQTT-2.3.1-1]', bytes: '40 02 0000', violation: 'packet-id-zero' },
  { reason: 'PUBREL for packet id 0', clause: '[MQTT-2.3.1-1]', bytes: '62 02 0000', violation: 'packet-id-zero' },
  { reason: 'UNSUBACK for packet id 0', clause: '[MQTT-2.3.1-1]', bytes: 'b0 02 0000', violation: 'packet-id-zero' },
  { reason: 'SUBACK for packet id 0', clause: '[MQTT-2.3.1-1]', bytes: '90 03 0000 00', violation: 'packet-id-zero' },
  { reason: 'PUBLISH with packet id 0', clause: '[MQTT-2.3.1-1]', bytes: '32 06 0001 61 0000 31', violation: 'packet-id-zero' },
  {
    reason: 'an oversized PUBLISH with packet id 0',
    clause: '[MQTT-2.3.1-1]',
    bytes: `32 46 0001 61 0000 ${letters(65)}`,
    violation: 'packet-id-zero',
  },
  ...BAD_TOPICS.map(([reason, clause, topic]): MalformedVector => {
    const length = topic.length / 2;
    return {
      reason: `topic: ${reason}`,
      clause,
      bytes: `30 ${byteHex(2 + length)} 00${byteHex(length)} ${topic}`,
      violation: /^(|612f2b|612361)$/.test(topic) ? 'invalid-topic' : 'malformed-string',
    };
  }),
  {
    reason: 'an oversized PUBLISH with a wildcard in its topic',
    clause: '[MQTT-3.3.2-2]',
    bytes: `30 46 0001 23 ${letters(67)}`,
    violation: 'invalid-topic',
  },
];
