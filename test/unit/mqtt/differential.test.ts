// Encoder and parser against an independent implementation, mqtt-packet: what one writes, the other reads, and where their
// verdicts on broken packets differ, the table below says why.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { generate, type Packet, parser } from 'mqtt-packet';
import { encodeAcknowledgement, encodeDisconnect, encodePingreq } from '../../../firmware/mqtt/encode.js';
import { encodeConnect } from '../../../firmware/mqtt/encode-connect.js';
import { encodeUserProperty } from '../../../firmware/mqtt/encode-properties.js';
import { encodePublish } from '../../../firmware/mqtt/encode-publish.js';
import { encodeSubscribe, encodeUnsubscribe } from '../../../firmware/mqtt/encode-subscribe.js';
import { OutputBuffer } from '../../../firmware/mqtt/output.js';
import {
  type AcknowledgementType,
  type MessageProperties,
  MQTT_3_1_1,
  MQTT_5,
  type ProtocolLevel,
  type QoS,
} from '../../../firmware/mqtt/protocol.js';
import type { ProtocolViolation } from '../../../firmware/mqtt/reason.js';
import { isTopicName } from '../../../firmware/mqtt/topic.js';
import { encodeUtf8, isUtf8 } from '../../../firmware/mqtt/utf8.js';
import { toHex } from '../../vectors/hex.js';
import { cuts, type PacketEvent, type PropertyValues, parsePieces } from '../../vectors/packet-log.js';

const RUNS = { seed: 20_251_122, numRuns: 500 } as const;
const CAPACITY = 4_096;

/** Properties in the fields of mqtt-packet. */
type PeerProperties = Readonly<Record<string, unknown>>;

// --- Arbitraries ------------------------------------------------------------------------------------------------------

/** Text that MQTT can carry: any characters but NUL (§1.5.4). */
const text = fc.string({ unit: 'binary', maxLength: 24 }).filter((value) => !value.includes('\0'));
const topic = text.filter((value) => value !== '' && !/[+#]/.test(value));
const payload = fc.uint8Array({ maxLength: 300 });
const packetId = fc.integer({ min: 1, max: 65_535 });
const qos = fc.constantFrom<QoS>(0, 1, 2);
const word = fc.nat(0xffff_ffff);
const half = fc.integer({ min: 1, max: 65_535 });
const data = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes));

/** mqtt-packet keeps user properties in an object, so their names are unique here, and none is that of its prototype. */
const userProperties = fc.dictionary(
  text.filter((name) => name !== '__proto__' && !/^\d+$/.test(name)),
  text,
  { minKeys: 1, maxKeys: 3, noNullPrototype: true },
);

/** What only MQTT 5 says: nothing at `level` 4. */
const propertiesAt = (
  level: ProtocolLevel,
  fields: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<PeerProperties | undefined> =>
  level === MQTT_5 ? fc.record(fields, { requiredKeys: [], noNullPrototype: true }) : fc.constant(undefined);

const messageFields = {
  payloadFormatIndicator: fc.constant(true),
  messageExpiryInterval: word,
  contentType: text,
  responseTopic: topic,
  correlationData: data,
  userProperties,
};

/** A PUBLISH in the fields of mqtt-packet. */
const publishPacket = (level: ProtocolLevel) =>
  fc
    .record({
      topic,
      payload: payload.map((bytes) => Buffer.from(bytes)),
      qos,
      retain: fc.boolean(),
      dup: fc.boolean(),
      messageId: packetId,
      properties: propertiesAt(level, messageFields),
    })
    // DUP belongs to QoS 1 and 2 ([MQTT-3.3.1-2]).
    .map((fields) => ({ cmd: 'publish' as const, ...fields, dup: fields.dup && fields.qos > 0 }));

const reasonFields = { reasonString: text, userProperties };

/** What a server adds to a PUBLISH. */
const deliveredPacket = (level: ProtocolLevel) =>
  fc
    .tuple(publishPacket(level), fc.array(fc.integer({ min: 1, max: 268_435_455 }), { maxLength: 3 }))
    .map(([packet, subscriptionIdentifier]) => ({
      ...packet,
      ...(level === MQTT_5 && {
        properties: { ...packet.properties, ...(subscriptionIdentifier.length > 0 && { subscriptionIdentifier }) },
      }),
    }));

const connackFields = {
  sessionExpiryInterval: word,
  receiveMaximum: half,
  maximumQoS: fc.constantFrom(0, 1),
  retainAvailable: fc.boolean(),
  maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
  assignedClientIdentifier: text,
  topicAliasMaximum: fc.nat(65_535),
  reasonString: text,
  userProperties,
  wildcardSubscriptionAvailable: fc.boolean(),
  subscriptionIdentifiersAvailable: fc.boolean(),
  sharedSubscriptionAvailable: fc.boolean(),
  serverKeepAlive: fc.nat(65_535),
  responseInformation: text,
  serverReference: text,
};

/** Any packet that a server may send to this client. */
function serverPacket(level: ProtocolLevel): fc.Arbitrary<Packet> {
  const is5 = level === MQTT_5;
  const failures = is5 ? [0x80, 0x87, 0x97, 0xa2] : [0x80];
  const codes = is5 ? fc.constantFrom(0, 0x10, 0x80, 0x87, 0x97) : fc.constant(0);
  const acknowledgement = (cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp', reasonCode: fc.Arbitrary<number>) =>
    fc.record({ cmd: fc.constant(cmd), messageId: packetId, reasonCode, properties: propertiesAt(level, reasonFields) });
  const late = is5 ? fc.constantFrom(0, 0x92) : fc.constant(0);
  const packets = [
    fc
      .record({ sessionPresent: fc.boolean(), properties: propertiesAt(level, connackFields) })
      .map((fields) => ({ cmd: 'connack', ...fields, ...(is5 ? { reasonCode: 0 } : { returnCode: 0 }) })),
    fc.integer({ min: 1, max: 5 }).map((returnCode) => ({
      cmd: 'connack',
      sessionPresent: false,
      ...(is5 ? { reasonCode: 0x80 + returnCode } : { returnCode }),
    })),
    deliveredPacket(level),
    acknowledgement('puback', codes),
    acknowledgement('pubrec', codes),
    acknowledgement('pubrel', late),
    acknowledgement('pubcomp', late),
    fc
      .record({
        messageId: packetId,
        granted: fc.array(fc.constantFrom(0, 1, 2, ...failures), { minLength: 1, maxLength: 8 }),
        properties: propertiesAt(level, reasonFields),
      })
      .map((fields) => ({ cmd: 'suback', ...fields })),
    fc
      .record({
        messageId: packetId,
        granted: fc.array(fc.constantFrom(0, 0x11, 0x80, 0x87), { minLength: 1, maxLength: 8 }),
        properties: propertiesAt(level, reasonFields),
      })
      .map((fields) => ({ cmd: 'unsuback', ...fields })),
    fc.constant({ cmd: 'pingresp' }),
    ...(is5
      ? [
          fc
            .record({
              reasonCode: fc.constantFrom(0, 0x8e, 0x9c),
              properties: propertiesAt(level, { ...reasonFields, serverReference: text }),
            })
            .map((fields) => ({ cmd: 'disconnect', ...fields })),
        ]
      : []),
  ];
  return fc.oneof(...packets) as fc.Arbitrary<Packet>;
}

// --- Both sides -------------------------------------------------------------------------------------------------------

/** The packets that mqtt-packet finds in `bytes`, or `undefined` where it finds an error. */
function parseWithPeer(bytes: Uint8Array, level: ProtocolLevel): Packet[] | undefined {
  const packets: Packet[] = [];
  let failed = false;
  const peer = parser({ protocolVersion: level });
  peer.on('packet', (packet) => packets.push({ ...packet }));
  peer.on('error', () => {
    failed = true;
  });
  peer.parse(Buffer.from(bytes));
  return failed ? undefined : packets;
}

/** The one packet that `encode` writes, as mqtt-packet reads it. */
function reread(level: ProtocolLevel, encode: (output: OutputBuffer) => boolean): Packet {
  const output = new OutputBuffer(CAPACITY);
  assert.equal(encode(output), true);
  const packets = parseWithPeer(output.peek(CAPACITY), level);
  assert.equal(packets?.length, 1);
  return packets[0] as Packet;
}

/** Properties of mqtt-packet in the words of our own log. */
function valuesOf(properties: PeerProperties | undefined): { properties?: PropertyValues } {
  const values: Record<string, PropertyValues[string]> = {};
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined) continue;
    if (name === 'userProperties') {
      const pairs = Object.entries(value as Record<string, string | string[]>);
      if (pairs.length > 0) values[name] = pairs.flatMap(([key, each]) => [each].flat().map((one): [string, string] => [key, one]));
    } else if (name === 'subscriptionIdentifier') values['subscriptionIdentifiers'] = [value as number | number[]].flat();
    else if (name === 'subscriptionIdentifiersAvailable') values['subscriptionIdentifierAvailable'] = Number(value);
    else if (typeof value === 'boolean') values[name] = Number(value);
    else values[name] = Buffer.isBuffer(value) ? toHex(value) : (value as number | string);
  }
  return Object.keys(values).length > 0 ? { properties: values } : {};
}

/** A packet of mqtt-packet in the words of our own log. */
function eventOf(packet: Packet, level: ProtocolLevel): PacketEvent {
  const said = valuesOf('properties' in packet ? (packet.properties as PeerProperties | undefined) : undefined);
  switch (packet.cmd) {
    case 'connack': {
      const code = level === MQTT_5 ? packet.reasonCode : packet.returnCode;
      return { type: 'connack', sessionPresent: packet.sessionPresent, reasonCode: code as number, ...said };
    }
    case 'publish':
      return {
        type: 'publish',
        topic: packet.topic,
        payload: toHex(packet.payload as Buffer),
        qos: packet.qos as QoS,
        retain: packet.retain,
        dup: packet.dup,
        packetId: packet.qos === 0 ? 0 : (packet.messageId as number),
        ...said,
      };
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return { type: packet.cmd, packetId: packet.messageId as number, reasonCode: packet.reasonCode ?? 0, ...said };
    case 'suback':
      return { type: 'suback', packetId: packet.messageId as number, reasonCodes: packet.granted as number[], ...said };
    case 'unsuback':
      return {
        type: 'unsuback',
        packetId: packet.messageId as number,
        reasonCodes: level === MQTT_5 ? (packet.granted as number[]) : [],
        ...said,
      };
    case 'pingresp':
      return { type: 'pingresp' };
    case 'disconnect':
      return { type: 'disconnect', reasonCode: packet.reasonCode ?? 0, ...said };
    default:
      return assert.fail(`no server sends ${packet.cmd}`);
  }
}

/** Properties of mqtt-packet as our encoder takes them. */
function messageProperties(properties: PeerProperties | undefined): MessageProperties {
  if (!properties) return {};
  const bytes = (name: string) => (typeof properties[name] === 'string' ? encodeUtf8(properties[name]) : undefined);
  return {
    isText: properties['payloadFormatIndicator'] as boolean | undefined,
    messageExpirySeconds: properties['messageExpiryInterval'] as number | undefined,
    contentType: bytes('contentType'),
    responseTopic: bytes('responseTopic'),
    correlationData: properties['correlationData'] as Buffer | undefined,
    userProperties: userPropertyBytes(properties),
  };
}

function userPropertyBytes(properties: PeerProperties | undefined): Uint8Array | undefined {
  const pairs = Object.entries((properties?.['userProperties'] ?? {}) as Record<string, string>);
  return pairs.length > 0 ? Buffer.concat(pairs.map(([name, value]) => encodeUserProperty(name, value))) : undefined;
}

for (const level of [MQTT_3_1_1, MQTT_5] as const) {
  describe(`differential, level ${level}: what we write, mqtt-packet reads`, () => {
    it('CONNECT', () => {
      const will = fc.record({
        topic,
        payload,
        qos,
        retain: fc.boolean(),
        properties: propertiesAt(level, { ...messageFields, willDelayInterval: half }),
      });
      const login = fc.option(fc.record({ user: text, password: fc.option(text, { nil: undefined }) }), { nil: undefined });
      const connect = fc
        .record({
          clientId: text,
          cleanStart: fc.boolean(),
          keepAliveSeconds: fc.nat(65_535),
          will: fc.option(will, { nil: undefined }),
          login,
          properties: propertiesAt(level, {
            sessionExpiryInterval: fc.integer({ min: 1, max: 0xffff_ffff }),
            requestResponseInformation: fc.constant(true),
            requestProblemInformation: fc.constant(false),
            userProperties,
          }),
          limits: fc.record({ receiveMaximum: half, maximumPacketBytes: fc.option(half, { nil: undefined }) }),
        })
        // [MQTT-3.1.3-7] of 3.1.1.
        .filter(({ clientId, cleanStart }) => clientId !== '' || cleanStart || level === MQTT_5);
      fc.assert(
        fc.property(connect, ({ will, login, properties, limits, ...options }) => {
          const packet = reread(level, (output) =>
            encodeConnect(
              output,
              {
                level,
                ...options,
                ...login,
                sessionExpirySeconds: properties?.['sessionExpiryInterval'] as number | undefined,
                requestsResponseInformation: properties?.['requestResponseInformation'] as boolean | undefined,
                requestsProblemInformation: properties?.['requestProblemInformation'] as boolean | undefined,
                userProperties: userPropertyBytes(properties),
                will: will && {
                  ...messageProperties(will.properties),
                  delaySeconds: will.properties?.['willDelayInterval'] as number | undefined,
                  topic: encodeUtf8(will.topic),
                  payload: will.payload,
                  qos: will.qos,
                  retain: will.retain,
                },
              },
              limits,
            ),
          );
          assert.ok(packet.cmd === 'connect');
          const { receiveMaximum, maximumPacketBytes } = limits;
          const announced = level === MQTT_5 ? { receiveMaximum, maximumPacketSize: maximumPacketBytes } : undefined;
          assert.deepEqual(
            {
              protocolId: packet.protocolId,
              protocolVersion: packet.protocolVersion,
              clientId: packet.clientId,
              clean: packet.clean,
              keepalive: packet.keepalive,
              username: packet.username,
              password: packet.password?.toString(),
              properties: valuesOf(packet.properties as PeerProperties | undefined).properties,
              will: packet.will && {
                topic: packet.will.topic,
                payload: toHex(packet.will.payload as Buffer),
                qos: packet.will.qos,
                retain: packet.will.retain,
                ...valuesOf(packet.will.properties as PeerProperties | undefined),
              },
            },
            {
              protocolId: 'MQTT',
              protocolVersion: level,
              clientId: options.clientId,
              clean: options.cleanStart,
              keepalive: options.keepAliveSeconds,
              username: login?.user,
              password: login?.password,
              properties: valuesOf(announced && { ...properties, ...announced }).properties,
              will: will && {
                topic: will.topic,
                payload: toHex(will.payload),
                qos: will.qos,
                retain: will.retain,
                ...valuesOf(will.properties),
              },
            },
          );
        }),
        RUNS,
      );
    });

    it('PUBLISH', () => {
      fc.assert(
        fc.property(publishPacket(level), (packet) => {
          const { topic, payload, qos, retain, dup, messageId, properties } = packet;
          const message = {
            ...messageProperties(properties),
            topic: encodeUtf8(topic),
            payload,
            payloadLength: payload.length,
            qos,
            retain,
          };
          const read = reread(level, (output) => encodePublish(output, message, messageId, dup, level));
          assert.deepEqual(eventOf(read, level), eventOf(packet as Packet, level));
        }),
        RUNS,
      );
    });

    it('SUBSCRIBE and UNSUBSCRIBE', () => {
      const options = level === MQTT_5 ? { nl: fc.boolean(), rap: fc.boolean(), rh: fc.constantFrom<0 | 1 | 2>(0, 1, 2) } : {};
      const subscription = fc.record({ topic, qos, ...options }, { noNullPrototype: true }) as fc.Arbitrary<{
        topic: string;
        qos: QoS;
        nl?: boolean;
        rap?: boolean;
        rh?: 0 | 1 | 2;
      }>;
      const subscriptions = fc.array(subscription, { minLength: 1, maxLength: 5 });
      const properties = propertiesAt(level, { subscriptionIdentifier: fc.integer({ min: 1, max: 268_435_455 }), userProperties });
      fc.assert(
        fc.property(subscriptions, packetId, properties, (wanted, id, said) => {
          const request = {
            identifier: said?.['subscriptionIdentifier'] as number | undefined,
            userProperties: userPropertyBytes(said),
          };
          const filters = wanted.map(({ topic, qos, nl, rap, rh }) => ({
            filter: encodeUtf8(topic),
            qos,
            noLocal: nl,
            retainAsPublished: rap,
            retainHandling: rh,
          }));
          const packet = reread(level, (output) => encodeSubscribe(output, filters, request, id, level));
          assert.ok(packet.cmd === 'subscribe');
          assert.deepEqual([packet.messageId, packet.subscriptions.map((each) => ({ ...each }))], [id, wanted]);
          assert.deepEqual(valuesOf(packet.properties as PeerProperties | undefined), valuesOf(said));
          const names = filters.map(({ filter }) => filter);
          const { userProperties } = request;
          const end = reread(level, (output) => encodeUnsubscribe(output, names, { userProperties }, id, level));
          assert.ok(end.cmd === 'unsubscribe');
          assert.deepEqual([end.messageId, end.unsubscriptions], [id, wanted.map(({ topic }) => topic)]);
        }),
        RUNS,
      );
    });

    it('PUBACK, PUBREC, PUBREL, PUBCOMP, PINGREQ, DISCONNECT', () => {
      // 0x92 is for PUBREL and PUBCOMP (§2.4).
      const types = fc.constantFrom<[AcknowledgementType, number]>([4, 0], [5, 0], [6, 0], [7, 0], [6, 0x92], [7, 0x92]);
      fc.assert(
        fc.property(types, packetId, ([type, code], id) => {
          const read = eventOf(
            reread(level, (output) => encodeAcknowledgement(output, type, id, code, level)),
            level,
          );
          const name = { 4: 'puback', 5: 'pubrec', 6: 'pubrel', 7: 'pubcomp' }[type];
          assert.deepEqual(read, { type: name, packetId: id, reasonCode: level === MQTT_5 ? code : 0 });
        }),
        RUNS,
      );
      assert.equal(reread(level, encodePingreq).cmd, 'pingreq');
      const end = reread(level, (output) => encodeDisconnect(output, 0x04, level));
      assert.ok(end.cmd === 'disconnect');
      if (level === MQTT_5) assert.equal(end.reasonCode, 0x04);
    });
  });

  describe(`differential, level ${level}: what mqtt-packet writes, we read`, () => {
    const bytesOf = (packet: Packet) => generate(packet, { protocolVersion: level });

    it('each packet, cut at every byte', () => {
      fc.assert(
        fc.property(serverPacket(level), (packet) => {
          const expected = { events: [eventOf(packet, level)], violation: undefined };
          for (const pieces of cuts(bytesOf(packet))) assert.deepEqual(parsePieces(pieces, CAPACITY, level), expected);
        }),
        { ...RUNS, numRuns: 150 },
      );
    });

    it('streams of packets, cut at random', () => {
      fc.assert(
        fc.property(
          fc.array(serverPacket(level), { maxLength: 12 }),
          fc.array(fc.nat(64), { minLength: 1, maxLength: 50 }),
          (packets, lengths) => {
            const stream = Buffer.concat(packets.map(bytesOf));
            const events = packets.map((packet) => eventOf(packet, level));
            assert.deepEqual(parsePieces(pieced(stream, lengths), CAPACITY, level), { events, violation: undefined });
          },
        ),
        RUNS,
      );
    });
  });
}

/** `bytes` in pieces of `lengths`, and the rest. */
function pieced(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  pieces.push(bytes.subarray(at));
  return pieces;
}

// --- Broken packets ---------------------------------------------------------------------------------------------------

/** A packet in its two parts; its remaining length always fits. */
interface Frame {
  readonly level: ProtocolLevel;
  readonly header: number;
  readonly body: Uint8Array;
}

const typeOf = ({ header }: Frame) => header >> 4;
const isType = (frame: Frame, ...types: number[]) => types.includes(typeOf(frame));
const qosOf = ({ header }: Frame) => (header >> 1) & 3;
const uint16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const topicLength = ({ body }: Frame) => uint16(body, 0);
const topicOf = (frame: Frame) => frame.body.subarray(2, 2 + topicLength(frame));
const [CONNACK, PUBLISH, PUBACK, PUBREC, PUBREL, PUBCOMP] = [2, 3, 4, 5, 6, 7] as const;
const [SUBACK, UNSUBACK, PINGRESP, DISCONNECT, AUTH] = [9, 11, 13, 14, 15] as const;
const ACKNOWLEDGEMENTS = [PUBACK, PUBREC, PUBREL, PUBCOMP] as const;
const FROM_SERVER = [CONNACK, PUBLISH, ...ACKNOWLEDGEMENTS, SUBACK, UNSUBACK, PINGRESP] as const;

/**
 * What we refuse and mqtt-packet takes: it serves both sides and leaves such checks to its users. A difference that no row
 * explains fails the test. There is no row for the other way round: what we take, mqtt-packet takes with the same fields, but for
 * those that `isTakenByUsAlone` names.
 */
const DIFFERENCES: readonly {
  readonly reason: string;
  readonly violation: ProtocolViolation;
  explains(frame: Frame): boolean;
}[] = [
  {
    reason: 'mqtt-packet reads what goes to a server',
    violation: 'unexpected-packet-type',
    explains: (frame) => !isType(frame, ...FROM_SERVER) && !(frame.level === MQTT_5 && isType(frame, DISCONNECT, AUTH)),
  },
  {
    reason: 'AUTH is read there; we asked for no authentication ([MQTT-4.12.0-6])',
    violation: 'authentication-not-asked',
    explains: (frame) => frame.level === MQTT_5 && isType(frame, AUTH, CONNACK),
  },
  {
    reason: 'DUP with QoS 0 is not checked there ([MQTT-3.3.1-2])',
    violation: 'reserved-flags',
    explains: (frame) => isType(frame, PUBLISH) && qosOf(frame) === 0 && (frame.header & 0x08) !== 0,
  },
  {
    reason: 'CONNACK and acknowledgements of a wrong length are read as far as they go (§3.2.1, §3.4.1)',
    violation: 'wrong-length',
    explains: (frame) => isType(frame, CONNACK, ...ACKNOWLEDGEMENTS),
  },
  {
    reason: 'a body of PINGRESP is skipped there (§3.13)',
    violation: 'wrong-length',
    explains: (frame) => isType(frame, PINGRESP) && frame.body.length > 0,
  },
  {
    reason: 'SUBACK without a return code, or without a whole packet id, is read as an empty one (§3.9.3)',
    violation: 'wrong-length',
    explains: (frame) => isType(frame, SUBACK) && (frame.body.length < 3 || frame.level === MQTT_5),
  },
  {
    reason: 'UNSUBACK of another length than 2 in 3.1.1, or without a reason code in MQTT 5, is read there (§3.11)',
    violation: 'wrong-length',
    explains: (frame) => isType(frame, UNSUBACK),
  },
  {
    reason: 'DISCONNECT with something behind its properties is read there (§3.14.1)',
    violation: 'wrong-length',
    explains: (frame) => frame.level === MQTT_5 && isType(frame, DISCONNECT),
  },
  {
    reason: 'QoS 1 or 2 without a whole packet id gets the id -1 there (§3.3.2.2)',
    violation: 'wrong-length',
    explains: (frame) => isType(frame, PUBLISH) && qosOf(frame) > 0 && frame.body.length < 2 + topicLength(frame) + 2,
  },
  {
    reason: 'PUBLISH whose properties are cut, or missing, is read as far as it goes (§2.2.2.1)',
    violation: 'wrong-length',
    explains: (frame) => frame.level === MQTT_5 && isType(frame, PUBLISH),
  },
  {
    reason: 'a session with a refusal is not checked there ([MQTT-3.2.2-4])',
    violation: 'reserved-bits',
    explains: (frame) => isType(frame, CONNACK) && frame.body[0] === 1 && frame.body[1] !== 0,
  },
  {
    reason: 'return codes beyond 5, and of the wrong version, are not checked there (§3.2.2.3)',
    violation: 'reserved-reason-code',
    explains: (frame) => isType(frame, CONNACK) && (frame.body[1] ?? 0) !== 0,
  },
  {
    reason: 'packet id 0 is not checked there ([MQTT-2.3.1-1])',
    violation: 'packet-id-zero',
    explains: (frame) => uint16(frame.body, isType(frame, PUBLISH) ? 2 + topicLength(frame) : 0) === 0,
  },
  {
    reason: 'topics are not checked there: empty, wildcards ([MQTT-4.7.3-1], [MQTT-3.3.2-2])',
    violation: 'invalid-topic',
    explains: (frame) => !isTopicName(topicOf(frame)),
  },
  {
    reason: 'strings are not checked there: NUL, broken UTF-8 (§1.5.4)',
    violation: 'malformed-string',
    explains: (frame) => frame.level === MQTT_5 || !isUtf8(topicOf(frame), 0, topicOf(frame).length),
  },
  {
    reason: 'properties that belong to another packet, and values that are cut, are read there (§2.2.2.2)',
    violation: 'malformed-property',
    explains: (frame) => frame.level === MQTT_5,
  },
  {
    reason: 'a property that stands twice is a list of two there (§2.2.2.2)',
    violation: 'duplicate-property',
    explains: (frame) => frame.level === MQTT_5,
  },
  {
    reason: 'values of properties are not checked there (§3.2.2.3, §3.3.2.3)',
    violation: 'invalid-property-value',
    explains: (frame) => frame.level === MQTT_5 && isType(frame, CONNACK, PUBLISH),
  },
  {
    reason: 'a topic alias is the business of its users (§3.3.2.3.4)',
    violation: 'topic-alias',
    explains: (frame) => frame.level === MQTT_5 && isType(frame, PUBLISH),
  },
];

/** A failure code that the specification does not list: for us a failure all the same (§2.4), for mqtt-packet an error. */
function isTakenByUsAlone(frame: Frame, theirs: Packet[] | undefined): boolean {
  if (theirs !== undefined || frame.level !== MQTT_5) return false;
  const { body } = frame;
  if (isType(frame, DISCONNECT)) return (body[0] ?? 0) >= 0x80;
  if (isType(frame, ...ACKNOWLEDGEMENTS)) return (body[2] ?? 0) >= 0x80;
  return isType(frame, SUBACK, UNSUBACK) && body.subarray(3 + (body[2] ?? 0)).some((code) => code >= 0x80);
}

function bytesOf({ header, body }: Frame): Uint8Array {
  const output = new OutputBuffer(5 + body.length);
  output.writeByte(header);
  output.writeVariableLength(body.length);
  output.writeBytes(body, body.length);
  return output.peek(output.length).slice();
}

function frameOf(packet: Packet, level: ProtocolLevel): Frame {
  const bytes = generate(packet, { protocolVersion: level });
  const headerLength = 1 + bytes.subarray(1).findIndex((byte) => byte < 0x80) + 1;
  return { level, header: bytes[0] as number, body: bytes.subarray(headerLength) };
}

/** A good packet with something broken: its first byte, a byte or two of its body, or its length. */
function brokenFrame(level: ProtocolLevel): fc.Arbitrary<Frame> {
  const frame = serverPacket(level).map((packet) => frameOf(packet, level));
  return fc.oneof(
    fc.record({ frame, header: fc.nat(255) }).map(({ frame, header }) => ({ ...frame, header })),
    fc
      .record({
        frame,
        at: fc.nat(12),
        count: fc.integer({ min: 1, max: 2 }),
        value: fc.oneof(fc.constantFrom(0, 1, 0x23, 0x80, 0xff), fc.nat(255)),
      })
      .map(({ frame, at, count, value }) => ({
        ...frame,
        body: frame.body.map((byte, index) => (index >= at && index < at + count ? value : byte)),
      })),
    fc.record({ frame, length: fc.nat(8) }).map(({ frame, length }) => ({ ...frame, body: frame.body.subarray(0, length) })),
    fc
      .record({ frame, tail: fc.uint8Array({ minLength: 1, maxLength: 4 }) })
      .map(({ frame, tail }) => ({ ...frame, body: new Uint8Array([...frame.body, ...tail]) })),
    fc.record({ level: fc.constant(level), header: fc.nat(255), body: fc.uint8Array({ maxLength: 16 }) }),
    // What chance finds too seldom: the same property twice, a topic alias, an authentication that nobody asked for.
    fc.constant({ level: MQTT_5, header: 0x30, body: Uint8Array.of(0, 1, 0x61, 4, 1, 0, 1, 0) }),
    fc.constant({ level: MQTT_5, header: 0x30, body: Uint8Array.of(0, 1, 0x61, 3, 0x23, 0, 1) }),
    fc
      .constantFrom<Packet>(
        { cmd: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'm' } },
        { cmd: 'connack', sessionPresent: false, reasonCode: 0, properties: { authenticationMethod: 'm' } },
      )
      .map((packet) => frameOf(packet, MQTT_5)),
  );
}

describe('differential: broken packets', () => {
  it('gets the verdict of mqtt-packet, but for the differences in the table', () => {
    const explained = new Map(DIFFERENCES.map((difference) => [difference, 0]));
    let bothRefused = 0;
    fc.assert(
      fc.property(fc.oneof(brokenFrame(MQTT_3_1_1), brokenFrame(MQTT_5)), (frame) => {
        const { level } = frame;
        const bytes = bytesOf(frame);
        const ours = parsePieces([bytes], CAPACITY, level);
        const theirs = parseWithPeer(bytes, level);
        if (ours.violation === undefined) {
          if (isTakenByUsAlone(frame, theirs)) return;
          assert.deepEqual(
            ours.events,
            theirs?.map((packet) => eventOf(packet, level)),
            toHex(bytes),
          );
          return;
        }
        assert.deepEqual(ours.events, []);
        if (theirs === undefined) {
          bothRefused++;
          return;
        }
        const difference = DIFFERENCES.find((each) => each.violation === ours.violation && each.explains(frame));
        assert.ok(difference, `only we say ${ours.violation} to ${toHex(bytes)} at level ${level}`);
        explained.set(difference, (explained.get(difference) as number) + 1);
      }),
      { ...RUNS, numRuns: 16_000 },
    );
    assert.ok(bothRefused > 0);
    for (const [{ reason }, count] of explained) assert.ok(count > 0, `no longer a difference: ${reason}`);
  });

  it('never throws at garbage, and says the same however it is cut', () => {
    // Bytes that begin packets, and lengths that end them, are more likely than others.
    const byte = fc.oneof(fc.nat(255), fc.nat(8), fc.constantFrom(0x20, 0x30, 0x32, 0x40, 0x90, 0xd0, 0x80, 0xff));
    const level = fc.constantFrom(MQTT_3_1_1, MQTT_5);
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60, size: 'max' }), level, fc.boolean(), (garbage, level, takesPieces) => {
        const bytes = Uint8Array.from(garbage);
        const whole = parsePieces([bytes], 16, level, takesPieces);
        for (const pieces of cuts(bytes)) assert.deepEqual(parsePieces(pieces, 16, level, takesPieces), whole);
      }),
      RUNS,
    );
  });
});
