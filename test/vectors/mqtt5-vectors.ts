// MQTT 5 packets byte by byte, each with its reason and its clause, where they differ from those of 3.1.1.

import { encodeAcknowledgement, encodeDisconnect, encodePingreq } from '../../firmware/mqtt/encode.js';
import { type ClientLimits, encodeConnect } from '../../firmware/mqtt/encode-connect.js';
import { encodeUserProperty } from '../../firmware/mqtt/encode-properties.js';
import { encodePublish } from '../../firmware/mqtt/encode-publish.js';
import { encodeSubscribe, encodeUnsubscribe } from '../../firmware/mqtt/encode-subscribe.js';
import type { OutputBuffer } from '../../firmware/mqtt/output.js';
import {
  type AcknowledgementType,
  type ConnectOptions,
  MQTT_5,
  type OutboundMessage,
  type RequestProperties,
  type Subscription,
} from '../../firmware/mqtt/protocol.js';
import { encodeUtf8 } from '../../firmware/mqtt/utf8.js';
import { hex } from './hex.js';
import type { MalformedVector, PacketVector } from './mqtt-vectors.js';
import type { PacketEvent, PropertyValues } from './packet-log.js';

const connect = (output: OutputBuffer, options: Partial<ConnectOptions>, limits: Partial<ClientLimits> = {}) =>
  encodeConnect(
    output,
    { clientId: 's', cleanStart: true, keepAliveSeconds: 60, ...options, level: MQTT_5 },
    { receiveMaximum: 8, maximumPacketBytes: undefined, ...limits },
  );

const publish = (output: OutputBuffer, changes: Partial<OutboundMessage>, packetId = 0) => {
  const message: OutboundMessage = {
    topic: encodeUtf8('a'),
    payload: encodeUtf8('1'),
    payloadLength: 1,
    qos: 0,
    retain: false,
    ...changes,
  };
  return encodePublish(output, message, packetId, false, MQTT_5);
};

const acknowledge = (output: OutputBuffer, type: AcknowledgementType, packetId: number, reasonCode: number) =>
  encodeAcknowledgement(output, type, packetId, reasonCode, MQTT_5);

const subscribe = (output: OutputBuffer, subscription: Partial<Subscription>, properties: RequestProperties = {}) =>
  encodeSubscribe(output, [{ filter: encodeUtf8('a'), qos: 0, ...subscription }], properties, 1, MQTT_5);

function published(properties: PropertyValues | undefined, changes: Partial<PacketEvent & { topic: string }> = {}): PacketEvent {
  const message = { type: 'publish', topic: 'a', payload: '31', qos: 0, retain: false, dup: false, packetId: 0 } as const;
  return { ...message, ...(properties && { properties }), ...changes } as PacketEvent;
}

const accepted = (properties: PropertyValues): PacketEvent => ({
  type: 'connack',
  sessionPresent: false,
  reasonCode: 0,
  properties,
});

const letters = (count: number) => '61'.repeat(count);
const byteHex = (byte: number) => byte.toString(16).padStart(2, '0');

const USER_PROPERTY = '26 0004 74696d65 0001 31';

export const PACKET_VECTORS_5: readonly PacketVector[] = [
  // --- CONNECT --------------------------------------------------------------------------------------------------------
  {
    reason: 'shortest CONNECT: level 5, and the receive maximum; no topic alias maximum, so the server may use none',
    clause: '§3.1.2.11',
    bytes: '10 11 0004 4d515454 05 02 003c 03 210008 0001 73',
    encode: (output) => connect(output, {}),
  },
  {
    reason: 'session expiry, and the largest packet that is taken',
    clause: '§3.1.2.11.2, §3.1.2.11.4',
    bytes: '10 1b 0004 4d515454 05 00 003c 0d 1100000e10 210008 2700000190 0001 73',
    encode: (output) => connect(output, { cleanStart: false, sessionExpirySeconds: 3_600 }, { maximumPacketBytes: 400 }),
  },
  {
    reason: 'a session expiry of 0 is what the server assumes anyway',
    clause: '§3.1.2.11.2',
    bytes: '10 11 0004 4d515454 05 02 003c 03 210008 0001 73',
    encode: (output) => connect(output, { sessionExpirySeconds: 0 }),
  },
  {
    reason: 'a session that never expires: all four bytes',
    clause: '§3.1.2.11.2',
    bytes: '10 16 0004 4d515454 05 02 003c 08 11ffffffff 210008 0001 73',
    encode: (output) => connect(output, { sessionExpirySeconds: 0xffff_ffff }),
  },
  {
    reason: 'asks for response information, not for problem information, and says something itself',
    clause: '§3.1.2.11.6 to §3.1.2.11.8',
    bytes: `10 1f 0004 4d515454 05 02 003c 11 210008 1901 1700 ${USER_PROPERTY} 0001 73`,
    encode: (output) =>
      connect(output, {
        requestsResponseInformation: true,
        requestsProblemInformation: false,
        userProperties: encodeUserProperty('time', '1'),
      }),
  },
  {
    reason: 'will: its properties stand before its topic',
    clause: '§3.1.3.2',
    bytes: '10 1d 0004 4d515454 05 36 003c 03 210008 0001 73 05 180000000a 0001 77 0001 6d',
    encode: (output) =>
      connect(output, {
        will: { topic: encodeUtf8('w'), payload: encodeUtf8('m'), qos: 2, retain: true, delaySeconds: 10 },
      }),
  },
  {
    reason: 'will with everything that a message can say',
    clause: '§3.1.3.2.2 to §3.1.3.2.8',
    bytes: `10 3b 0004 4d515454 05 06 003c 03 210008 0001 73 23 1800000001 0101 0200000002 03000163 08000172 0900020102 ${USER_PROPERTY} 0001 77 0001 6d`,
    encode: (output) =>
      connect(output, {
        will: {
          topic: encodeUtf8('w'),
          payload: encodeUtf8('m'),
          qos: 0,
          retain: false,
          delaySeconds: 1,
          isText: true,
          messageExpirySeconds: 2,
          contentType: encodeUtf8('c'),
          responseTopic: encodeUtf8('r'),
          correlationData: Uint8Array.of(1, 2),
          userProperties: encodeUserProperty('time', '1'),
        },
      }),
  },
  {
    reason: 'a password without a user is allowed in MQTT 5',
    clause: '§3.1.2.9',
    bytes: '10 14 0004 4d515454 05 42 003c 03 210008 0001 73 0001 70',
    encode: (output) => connect(output, { password: 'p' }),
  },
  // --- CONNACK --------------------------------------------------------------------------------------------------------
  {
    reason: 'accepted, without properties',
    clause: '§3.2',
    bytes: '20 03 00 00 00',
    events: [{ type: 'connack', sessionPresent: false, reasonCode: 0 }],
  },
  {
    reason: 'accepted, session kept',
    clause: '[MQTT-3.2.2-3]',
    bytes: '20 03 01 00 00',
    events: [{ type: 'connack', sessionPresent: true, reasonCode: 0 }],
  },
  {
    reason: 'all numbers that a server can say of itself',
    clause: '§3.2.2.3',
    bytes: '20 20 00 00 1d 110000000a 210014 2400 2500 2700000400 22000a 2800 2900 2a00 13001e',
    events: [
      accepted({
        sessionExpiryInterval: 10,
        receiveMaximum: 20,
        maximumQoS: 0,
        retainAvailable: 0,
        maximumPacketSize: 1024,
        topicAliasMaximum: 10,
        wildcardSubscriptionAvailable: 0,
        subscriptionIdentifierAvailable: 0,
        sharedSubscriptionAvailable: 0,
        serverKeepAlive: 30,
      }),
    ],
  },
  {
    reason: 'all texts that a server can say of itself',
    clause: '§3.2.2.3',
    bytes: `20 1f 00 00 1c 12000161 1f000162 ${USER_PROPERTY} 1a000163 1c0003c3a964`,
    events: [
      accepted({
        assignedClientIdentifier: 'a',
        reasonString: 'b',
        userProperties: [['time', '1']],
        responseInformation: 'c',
        serverReference: 'éd',
      }),
    ],
  },
  {
    reason: 'refused, with a reason in words',
    clause: '§3.2.2.2, §3.2.2.3.9',
    bytes: '20 08 00 87 05 1f 0002 6e6f',
    events: [{ type: 'connack', sessionPresent: false, reasonCode: 0x87, properties: { reasonString: 'no' } }],
  },
  {
    reason: 'a failure code that the specification does not list is a refusal all the same',
    clause: '§2.4',
    bytes: '20 03 00 ff 00',
    events: [{ type: 'connack', sessionPresent: false, reasonCode: 0xff }],
  },
  {
    reason: 'refused by a server that knows 3.1.1 alone: its own CONNACK',
    clause: '3.1.1 [MQTT-3.1.2-2]',
    bytes: '20 02 00 01',
    events: [{ type: 'connack', sessionPresent: false, reasonCode: 1 }],
  },
  {
    reason: 'the largest that a property length of one byte can say',
    clause: '§2.2.2.1',
    bytes: `20 3a 00 00 37 1f 0034 ${letters(52)}`,
    events: [accepted({ reasonString: 'a'.repeat(52) })],
  },
  // --- PUBLISH --------------------------------------------------------------------------------------------------------
  {
    reason: 'no properties: their length is 0, and there',
    clause: '[MQTT-2.2.2-1]',
    bytes: '30 05 0001 61 00 31',
    encode: (output) => publish(output, {}),
    events: [published(undefined)],
  },
  {
    reason: 'properties stand behind the packet id',
    clause: '§3.3.2',
    bytes: '32 0c 0001 61 0007 05 020000003c 31',
    encode: (output) => publish(output, { qos: 1, messageExpirySeconds: 60 }, 7),
    events: [published({ messageExpiryInterval: 60 }, { qos: 1, packetId: 7 })],
  },
  {
    reason: 'everything that a message can say',
    clause: '§3.3.2.3',
    bytes: `30 25 0001 61 20 0101 02ffffffff 030001 63 080003 722f31 090002 00ff ${USER_PROPERTY} 31`,
    encode: (output) =>
      publish(output, {
        isText: true,
        messageExpirySeconds: 0xffff_ffff,
        contentType: encodeUtf8('c'),
        responseTopic: encodeUtf8('r/1'),
        correlationData: Uint8Array.of(0, 255),
        userProperties: encodeUserProperty('time', '1'),
      }),
    events: [
      published({
        payloadFormatIndicator: 1,
        messageExpiryInterval: 0xffff_ffff,
        contentType: 'c',
        responseTopic: 'r/1',
        correlationData: '00ff',
        userProperties: [['time', '1']],
      }),
    ],
  },
  {
    reason: 'the same user property twice is two properties, in order',
    clause: '[MQTT-3.3.2-18]',
    bytes: `30 19 0001 61 14 ${USER_PROPERTY} ${USER_PROPERTY} 31`,
    encode: (output) => publish(output, { userProperties: hex(USER_PROPERTY + USER_PROPERTY) }),
    events: [
      published({
        userProperties: [
          ['time', '1'],
          ['time', '1'],
        ],
      }),
    ],
  },
  {
    reason: 'empty names, values and data are allowed',
    clause: '§1.5.4, §1.5.6',
    bytes: '30 10 0001 61 0b 090000 030000 260000 0000 31',
    events: [published({ correlationData: '', contentType: '', userProperties: [['', '']] })],
  },
  {
    reason: 'several subscription identifiers: one for each subscription that matches',
    clause: '§3.3.2.3.8',
    bytes: '30 0f 0001 61 0a 0b01 0b8001 0bffffff7f 31',
    events: [published({ subscriptionIdentifiers: [1, 128, 268_435_455] })],
  },
  {
    reason: 'an empty payload behind properties',
    clause: '§3.3.3',
    bytes: '31 06 0001 61 02 0100',
    events: [published({ payloadFormatIndicator: 0 }, { payload: '', retain: true })],
  },
  {
    reason: 'a property length of two bytes',
    clause: '§2.2.2.1',
    bytes: `30 8c01 0001 61 8601 090083 ${'05'.repeat(131)} 31`,
    encode: (output) => publish(output, { correlationData: new Uint8Array(131).fill(5) }),
  },
  {
    reason: 'a message that comes in pieces says its properties first',
    clause: 'firmware/mqtt/parser.ts',
    bytes: `34 50 0001 61 0009 05 020000003c ${letters(69)}`,
    events: [published({ messageExpiryInterval: 60 }, { type: 'long-publish', payload: letters(69), qos: 2, packetId: 9 })],
  },
  // --- PUBACK, PUBREC, PUBREL, PUBCOMP --------------------------------------------------------------------------------
  {
    reason: 'success needs no reason code',
    clause: '§3.4.2.1',
    bytes: '40 02 0007',
    encode: (output) => acknowledge(output, 4, 7, 0),
    events: [{ type: 'puback', packetId: 7, reasonCode: 0 }],
  },
  {
    reason: 'a reason code without properties',
    clause: '§3.6.2.2',
    bytes: '62 03 0007 92',
    encode: (output) => acknowledge(output, 6, 7, 0x92),
    events: [{ type: 'pubrel', packetId: 7, reasonCode: 0x92 }],
  },
  {
    reason: 'PUBCOMP for an id that is not known',
    clause: '§3.7.2.1',
    bytes: '70 03 0007 92',
    encode: (output) => acknowledge(output, 7, 7, 0x92),
    events: [{ type: 'pubcomp', packetId: 7, reasonCode: 0x92 }],
  },
  {
    reason: 'nobody listens: that is success, too',
    clause: '§3.4.2.1',
    bytes: '40 04 0007 10 00',
    events: [{ type: 'puback', packetId: 7, reasonCode: 0x10 }],
  },
  {
    reason: 'quota exceeded, with a reason in words and a property of its own',
    clause: '§3.5.2.2',
    bytes: `50 13 0007 97 0f 1f0002 6e6f ${USER_PROPERTY}`,
    events: [
      { type: 'pubrec', packetId: 7, reasonCode: 0x97, properties: { reasonString: 'no', userProperties: [['time', '1']] } },
    ],
  },
  // --- SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK -----------------------------------------------------------------------
  {
    reason: 'options: QoS 2, no local, retain as published, retained messages never',
    clause: '§3.8.3.1',
    bytes: '82 07 0001 00 0001 61 2e',
    encode: (output) => subscribe(output, { qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 2 }),
  },
  {
    reason: 'options: QoS 1, retained messages for a new subscription',
    clause: '§3.8.3.1',
    bytes: '82 07 0001 00 0001 61 11',
    encode: (output) => subscribe(output, { qos: 1, retainHandling: 1 }),
  },
  {
    reason: 'a subscription identifier of two bytes, and a user property',
    clause: '§3.8.2.1',
    bytes: `82 14 0001 0d 0bc803 ${USER_PROPERTY} 0001 61 00`,
    encode: (output) => subscribe(output, {}, { identifier: 456, userProperties: encodeUserProperty('time', '1') }),
  },
  {
    reason: 'every success, and several failures',
    clause: '§3.9.3',
    bytes: '90 0a 0001 00 00 01 02 80 87 8f 97',
    events: [{ type: 'suback', packetId: 1, reasonCodes: [0, 1, 2, 0x80, 0x87, 0x8f, 0x97] }],
  },
  {
    reason: 'SUBACK with a reason in words',
    clause: '§3.9.2.1',
    bytes: '90 08 0001 04 1f0001 61 a2',
    events: [{ type: 'suback', packetId: 1, reasonCodes: [0xa2], properties: { reasonString: 'a' } }],
  },
  {
    reason: 'UNSUBSCRIBE has properties, too',
    clause: '§3.10.2.1',
    bytes: `a2 10 0102 0a ${USER_PROPERTY} 0001 23`,
    encode: (output) =>
      encodeUnsubscribe(output, [encodeUtf8('#')], { userProperties: encodeUserProperty('time', '1') }, 0x0102, MQTT_5),
  },
  {
    reason: 'UNSUBACK has a reason code for each filter',
    clause: '[MQTT-3.11.3-1]',
    bytes: 'b0 06 0001 00 00 11 87',
    events: [{ type: 'unsuback', packetId: 1, reasonCodes: [0, 0x11, 0x87] }],
  },
  // --- PINGREQ, DISCONNECT --------------------------------------------------------------------------------------------
  { reason: 'PINGREQ is two bytes', clause: '§3.12', bytes: 'c0 00', encode: encodePingreq },
  { reason: 'PINGRESP is two bytes', clause: '§3.13', bytes: 'd0 00', events: [{ type: 'pingresp' }] },
  {
    reason: 'a normal end needs no reason code; the server, too, may leave it out',
    clause: '§3.14.2.1',
    bytes: 'e0 00',
    encode: (output) => encodeDisconnect(output, 0, MQTT_5),
    events: [{ type: 'disconnect', reasonCode: 0 }],
  },
  {
    reason: 'the end, and the will is to be published',
    clause: '§3.14.2.1',
    bytes: 'e0 01 04',
    encode: (output) => encodeDisconnect(output, 0x04, MQTT_5),
  },
  {
    reason: 'another client has taken the session over',
    clause: '§3.14.2.1',
    bytes: 'e0 02 8e 00',
    events: [{ type: 'disconnect', reasonCode: 0x8e }],
  },
  {
    reason: 'use another server: which one, and why',
    clause: '§3.14.2.2.4, §3.14.2.2.5',
    bytes: 'e0 0a 9c 08 1c000161 1f000162',
    events: [{ type: 'disconnect', reasonCode: 0x9c, properties: { serverReference: 'a', reasonString: 'b' } }],
  },
];

/** PUBLISH with these properties, and a payload of one byte. */
function withProperties(properties: string): string {
  const length = properties.replaceAll(' ', '').length / 2;
  return `30 ${byteHex(3 + 1 + length + 1)} 0001 61 ${byteHex(length)} ${properties} 31`;
}

/** CONNACK that accepts with these properties. */
function acceptedWith(properties: string): string {
  const length = properties.replaceAll(' ', '').length / 2;
  return `20 ${byteHex(2 + 1 + length)} 00 00 ${byteHex(length)} ${properties}`;
}

const malformed = (
  violation: MalformedVector['violation'],
  clause: string,
  rows: readonly (readonly [reason: string, bytes: string])[],
): MalformedVector[] => rows.map(([reason, bytes]) => ({ reason, clause, bytes, violation }));

export const MALFORMED_VECTORS_5: readonly MalformedVector[] = [
  // --- Fixed header ---------------------------------------------------------------------------------------------------
  ...malformed('authentication-not-asked', '[MQTT-4.12.0-6]', [
    ['AUTH, and no method was named', 'f0 00'],
    ['AUTH that goes on', 'f0 02 18 00'],
    ['CONNACK with an authentication method', acceptedWith('15 0001 61')],
    ['CONNACK with authentication data', acceptedWith('16 0001 00')],
  ]),
  ...malformed('reserved-flags', '[MQTT-2.1.3-1]', [
    ['DISCONNECT with a flag', 'e1 00'],
    ['AUTH with a flag', 'f8 00'],
    ['PUBREL without its flags', '60 02 0001'],
  ]),
  ...malformed('unexpected-packet-type', '§2.1.2', [
    ['type 0 is forbidden', '00 00'],
    ['CONNECT goes to the server', '10 00'],
    ['SUBSCRIBE goes to the server', '82 00'],
    ['UNSUBSCRIBE goes to the server', 'a2 00'],
    ['PINGREQ goes to the server', 'c0 00'],
  ]),
  ...malformed('malformed-remaining-length', '[MQTT-1.5.5-1]', [
    ['a length written with more bytes than it needs', '30 858000 0001 61 00 31'],
    ['a length of zero in two bytes', 'd0 8000'],
    ['a length of five bytes', '30 ffffffff 01'],
  ]),
  {
    reason: 'a PUBLISH longer than was announced, from its length alone',
    clause: '[MQTT-3.1.2-24]',
    bytes: `30 41 0001 61 00 ${letters(61)}`,
    violation: 'packet-too-large',
    refusesPieces: true,
  },
  ...malformed('packet-too-large', 'firmware/mqtt/parser.ts', [
    ['a SUBACK that the buffer cannot hold', `90 41 0001 00 ${'00'.repeat(62)}`],
    ['a message in pieces whose topic does not fit', `30 50 003f ${letters(63)} 00 ${letters(14)}`],
    ['a message in pieces whose properties do not fit', `30 50 0001 61 41 090040 ${letters(64)} ${letters(9)}`],
    ['a message in pieces whose property length is cut', `30 50 003c ${letters(60)} ff80 ${letters(16)}`],
  ]),
  // --- Lengths --------------------------------------------------------------------------------------------------------
  ...malformed('wrong-length', '§2.2.2.1', [
    ['CONNACK that accepts as in 3.1.1', '20 02 00 00'],
    ['CONNACK too short', '20 01 00'],
    ['properties longer than their packet', '20 03 00 00 01'],
    ['properties that end before their packet', '20 04 00 00 00 00'],
    ['PUBLISH without properties', '30 03 0001 61'],
    ['PUBLISH with properties longer than itself', '30 05 0001 61 02 01'],
    ['PUBACK too short', '40 01 00'],
    ['PUBACK with something behind its properties', '40 05 0001 00 00 00'],
    ['SUBACK without reason code', '90 03 0001 00'],
    ['SUBACK without properties', '90 02 0001'],
    ['UNSUBACK without reason code', 'b0 03 0001 00'],
    ['UNSUBACK as in 3.1.1', 'b0 02 0001'],
    ['DISCONNECT with something behind its properties', 'e0 03 00 00 00'],
    ['PINGRESP with a body', 'd0 01 00'],
    ['QoS 2 without packet id', '34 04 0001 61 00'],
  ]),
  // --- Reason codes ---------------------------------------------------------------------------------------------------
  ...malformed('reserved-reason-code', '§2.4', [
    ['CONNACK with code 1 and properties', '20 03 00 01 00'],
    ['CONNACK with code 6, as no version has it', '20 02 00 06'],
    ['CONNACK of 3.1.1 with a code of MQTT 5', '20 02 00 84'],
    ['PUBACK with code 1', '40 03 0001 01'],
    ['PUBREL with code 0x10, which is for PUBACK and PUBREC', '62 03 0001 10'],
    ['PUBCOMP with code 0x7f', '70 03 0001 7f'],
    ['SUBACK with QoS 3', '90 04 0001 00 03'],
    ['UNSUBACK with a QoS', 'b0 04 0001 00 01'],
    ['DISCONNECT with a will: only a client says that', 'e0 01 04'],
  ]),
  ...malformed('reserved-bits', '[MQTT-3.2.2-1], [MQTT-3.2.2-6]', [
    ['CONNACK with a reserved flag', '20 03 02 00 00'],
    ['refused, and yet a session', '20 03 01 87 00'],
  ]),
  // --- Properties -----------------------------------------------------------------------------------------------------
  ...malformed('malformed-property', '§2.2.2.2', [
    ['an identifier that there is not: 0', withProperties('00 00')],
    ['an identifier that there is not: 4', withProperties('04 00')],
    ['an identifier that there is not: 43', withProperties('2b 00')],
    ['an identifier of two bytes', withProperties('8101 00')],
    ['a property of CONNACK in PUBLISH', withProperties('21 0001')],
    ['a property of CONNECT in CONNACK', acceptedWith('17 01')],
    ['a property of PUBLISH in CONNACK', acceptedWith('01 01')],
    ['a property of CONNACK in PUBACK', '40 07 0001 00 03 210001'],
    ['session expiry in DISCONNECT: only a client says that [MQTT-3.14.2-2]', 'e0 07 00 05 1100000001'],
    ['a reason in words in PUBLISH', withProperties('1f 0001 61')],
    ['a byte that is not there', withProperties('01')],
    ['half a number', withProperties('02 0000')],
    ['half a length', withProperties('09 00')],
    ['data longer than the properties', withProperties('09 0002 00')],
    ['a name without its value', withProperties('26 0001 61')],
    ['a value longer than the properties', withProperties('26 0001 61 0002 62')],
    ['a subscription identifier of five bytes', withProperties('0b ffffffff 01')],
    ['a subscription identifier written with more bytes than it needs', withProperties('0b 8100')],
    ['a property length of five bytes', '30 0a 0001 61 ffffffff 01 3131'],
  ]),
  ...malformed('duplicate-property', '§2.2.2.2', [
    ['the same byte twice', withProperties('01 00 01 00')],
    ['the same number twice, and something between', withProperties('02 00000001 01 00 02 00000001')],
    ['identifier 9 twice', withProperties('09 0000 09 0000')],
    ['two reasons in words', 'e0 0a 00 08 1f000161 1f000162'],
    ['receive maximum twice (identifier above 31)', acceptedWith('21 0001 21 0001')],
    ['identifier 42 twice', acceptedWith('2a 01 2a 01')],
    ['assigned client id twice', acceptedWith('12 0001 61 12 0001 61')],
  ]),
  ...malformed('invalid-property-value', '§3.3.2.3, §3.2.2.3', [
    ['payload format 2', withProperties('01 02')],
    ['subscription identifier 0', withProperties('0b 00')],
    ['receive maximum 0', acceptedWith('21 0000')],
    ['maximum packet size 0', acceptedWith('27 00000000')],
    ['maximum QoS 2', acceptedWith('24 02')],
    ['retain available 2', acceptedWith('25 02')],
    ['wildcards available 255', acceptedWith('28 ff')],
  ]),
  ...malformed('topic-alias', '[MQTT-3.3.2-9], §3.1.2.11.5', [
    ['a topic alias, though 0 was announced', withProperties('23 0001')],
    ['topic alias 0', withProperties('23 0000')],
    ['a topic alias in place of a topic', '30 07 0000 03 230001 31'],
  ]),
  // --- Contents -------------------------------------------------------------------------------------------------------
  ...malformed('malformed-string', '[MQTT-1.5.4-1], [MQTT-1.5.4-2]', [
    ['a NUL in a content type', withProperties('03 0001 00')],
    ['a surrogate in a response topic', withProperties('08 0003 eda080')],
    ['a cut character in the name of a user property', withProperties('26 0001 c3 0001 61')],
    ['a NUL in the value of a user property', withProperties('26 0001 61 0001 00')],
    ['a reason that is no UTF-8', 'e0 06 00 04 1f0001 ff'],
    ['a NUL in a topic', '30 05 0001 00 00 31'],
  ]),
  ...malformed('invalid-topic', '[MQTT-3.3.2-2], [MQTT-4.7.3-1]', [
    ['no topic, and no alias for it', '30 04 0000 00 31'],
    ['a wildcard', '30 05 0001 2b 00 31'],
  ]),
  ...malformed('packet-id-zero', '[MQTT-2.2.1-3]', [
    ['PUBLISH', '32 07 0001 61 0000 00 31'],
    ['PUBREC', '50 02 0000'],
    ['SUBACK', '90 04 0000 00 00'],
    ['UNSUBACK', 'b0 04 0000 00 00'],
  ]),
  { reason: 'QoS 3', clause: '[MQTT-3.3.1-4]', bytes: '36 07 0001 61 0001 00 31', violation: 'invalid-qos' },
];
