// What we write, mqtt-packet reads: the same fields that we were given.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { IConnectPacket, Packet } from 'mqtt-packet';
import { encodeAcknowledgement, encodeDisconnect, encodePingreq, packetLength } from '../../firmware/mqtt/encode.js';
import { encodeConnect } from '../../firmware/mqtt/encode-connect.js';
import { encodeUserProperty } from '../../firmware/mqtt/encode-properties.js';
import { encodePublish, publishRemainingLength } from '../../firmware/mqtt/encode-publish.js';
import { encodeSubscribe, encodeUnsubscribe, subscribeLength, unsubscribeLength } from '../../firmware/mqtt/encode-subscribe.js';
import { OutputBuffer } from '../../firmware/mqtt/output.js';
import {
  type AcknowledgementType,
  type MessageProperties,
  MQTT_5,
  type ProtocolLevel,
  type QoS,
} from '../../firmware/mqtt/protocol.js';
import { encodeUtf8 } from '../../firmware/mqtt/utf8.js';
import { toHex } from '../vectors/hex.js';
import { type Check, check } from './check.js';
import {
  half,
  messageFields,
  packetId,
  payload,
  propertiesAt,
  publishPacket,
  qos,
  text,
  topic,
  userProperties,
} from './packets.js';
import { eventOf, type PeerProperties, parseWithPeer, valuesOf } from './peer.js';

/** Bytes of the largest packet that is drawn, and more. */
const CAPACITY = 4_096;

/** One check for each packet that a client sends. */
export function encodingChecks(level: ProtocolLevel): readonly Check[] {
  return [connectCheck(level), publishCheck(level), subscribeCheck(level), shortPacketsCheck(level)];
}

// --- CONNECT ----------------------------------------------------------------------------------------------------------

function connectCheck(level: ProtocolLevel): Check {
  return check('CONNECT', connection(level), (given) => {
    const { will, login, properties, limits, ...options } = given;
    const bytes = write((output) =>
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
    const packet = readOne(bytes, level);
    assert.ok(packet.cmd === 'connect');
    assert.deepEqual(fieldsOf(packet), expectedFields(given, level));
  });
}

type Connection = ReturnType<typeof connection> extends fc.Arbitrary<infer Given> ? Given : never;

function connection(level: ProtocolLevel) {
  const will = fc.record({
    topic,
    payload,
    qos,
    retain: fc.boolean(),
    properties: propertiesAt(level, { ...messageFields, willDelayInterval: half }),
  });
  const login = fc.record({ user: text, password: fc.option(text, { nil: undefined }) });
  return (
    fc
      .record({
        clientId: text,
        cleanStart: fc.boolean(),
        keepAliveSeconds: fc.nat(65_535),
        will: fc.option(will, { nil: undefined }),
        login: fc.option(login, { nil: undefined }),
        properties: propertiesAt(level, {
          sessionExpiryInterval: fc.integer({ min: 1, max: 0xffff_ffff }),
          requestResponseInformation: fc.constant(true),
          requestProblemInformation: fc.constant(false),
          userProperties,
        }),
        limits: fc.record({ receiveMaximum: half, maximumPacketBytes: fc.option(half, { nil: undefined }) }),
      })
      // [MQTT-3.1.3-7] of 3.1.1.
      .filter(({ clientId, cleanStart }) => clientId !== '' || cleanStart || level === MQTT_5)
  );
}

function fieldsOf({ will, ...packet }: IConnectPacket) {
  return {
    protocolId: packet.protocolId,
    protocolVersion: packet.protocolVersion,
    clientId: packet.clientId,
    clean: packet.clean,
    keepalive: packet.keepalive,
    username: packet.username,
    password: packet.password?.toString(),
    properties: valuesOf(packet.properties as PeerProperties | undefined).properties,
    will: will && {
      topic: will.topic,
      payload: toHex(will.payload as Buffer),
      qos: will.qos,
      retain: will.retain,
      ...valuesOf(will.properties as PeerProperties | undefined),
    },
  };
}

function expectedFields({ will, login, properties, limits, ...options }: Connection, level: ProtocolLevel) {
  const { receiveMaximum, maximumPacketBytes } = limits;
  const announced = level === MQTT_5 ? { receiveMaximum, maximumPacketSize: maximumPacketBytes } : undefined;
  return {
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
  };
}

// --- The others -------------------------------------------------------------------------------------------------------

function publishCheck(level: ProtocolLevel): Check {
  return check('PUBLISH', publishPacket(level), (packet) => {
    const { topic, payload, qos, retain, dup, messageId, properties } = packet;
    const message = {
      ...messageProperties(properties),
      topic: encodeUtf8(topic),
      payload,
      payloadLength: payload.length,
      qos,
      retain,
    };
    const bytes = write((output) => encodePublish(output, message, messageId, dup, level));
    assert.equal(bytes.length, packetLength(publishRemainingLength(message, level)));
    assert.deepEqual(eventOf(readOne(bytes, level), level), eventOf(packet as Packet, level));
  });
}

function subscribeCheck(level: ProtocolLevel): Check {
  const options = level === MQTT_5 ? { nl: fc.boolean(), rap: fc.boolean(), rh: fc.constantFrom<0 | 1 | 2>(0, 1, 2) } : {};
  const subscription = fc.record({ topic, qos, ...options }, { noNullPrototype: true }) as fc.Arbitrary<{
    topic: string;
    qos: QoS;
    nl?: boolean;
    rap?: boolean;
    rh?: 0 | 1 | 2;
  }>;
  const request = fc.record({
    wanted: fc.array(subscription, { minLength: 1, maxLength: 5 }),
    id: packetId,
    said: propertiesAt(level, { subscriptionIdentifier: fc.integer({ min: 1, max: 268_435_455 }), userProperties }),
  });
  return check('SUBSCRIBE and UNSUBSCRIBE', request, ({ wanted, id, said }) => {
    const userProperties = userPropertyBytes(said);
    const properties = { identifier: said?.['subscriptionIdentifier'] as number | undefined, userProperties };
    const subscriptions = wanted.map(({ topic, qos, nl, rap, rh }) => ({
      filter: encodeUtf8(topic),
      qos,
      noLocal: nl,
      retainAsPublished: rap,
      retainHandling: rh,
    }));
    const bytes = write((output) => encodeSubscribe(output, subscriptions, properties, id, level));
    assert.equal(bytes.length, subscribeLength(subscriptions, properties, level));
    const packet = readOne(bytes, level);
    assert.ok(packet.cmd === 'subscribe');
    assert.deepEqual([packet.messageId, packet.subscriptions.map((each) => ({ ...each }))], [id, wanted]);
    assert.deepEqual(valuesOf(packet.properties as PeerProperties | undefined), valuesOf(said));

    const filters = subscriptions.map(({ filter }) => filter);
    const endBytes = write((output) => encodeUnsubscribe(output, filters, { userProperties }, id, level));
    assert.equal(endBytes.length, unsubscribeLength(filters, { userProperties }, level));
    const end = readOne(endBytes, level);
    assert.ok(end.cmd === 'unsubscribe');
    assert.deepEqual([end.messageId, end.unsubscriptions], [id, wanted.map(({ topic }) => topic)]);
  });
}

function shortPacketsCheck(level: ProtocolLevel): Check {
  // 0x92 is for PUBREL and PUBCOMP (§2.4).
  const types = fc.constantFrom<[AcknowledgementType, number]>([4, 0], [5, 0], [6, 0], [7, 0], [6, 0x92], [7, 0x92]);
  const packets = fc.tuple(types, packetId);
  return check('PUBACK, PUBREC, PUBREL, PUBCOMP, PINGREQ, DISCONNECT', packets, ([[type, code], id]) => {
    const read = readOne(
      write((output) => encodeAcknowledgement(output, type, id, code, level)),
      level,
    );
    const name = { 4: 'puback', 5: 'pubrec', 6: 'pubrel', 7: 'pubcomp' }[type];
    assert.deepEqual(eventOf(read, level), { type: name, packetId: id, reasonCode: level === MQTT_5 ? code : 0 });
    assert.equal(readOne(write(encodePingreq), level).cmd, 'pingreq');
    const end = readOne(
      write((output) => encodeDisconnect(output, 0x04, level)),
      level,
    );
    assert.ok(end.cmd === 'disconnect');
    if (level === MQTT_5) assert.equal(end.reasonCode, 0x04);
  });
}

// --- Both sides -------------------------------------------------------------------------------------------------------

/** The packet that `encode` writes. */
function write(encode: (output: OutputBuffer) => boolean): Uint8Array {
  const output = new OutputBuffer(CAPACITY);
  assert.equal(encode(output), true);
  return output.peek(CAPACITY);
}

/** The one packet that `bytes` are to mqtt-packet. */
function readOne(bytes: Uint8Array, level: ProtocolLevel): Packet {
  const packets = parseWithPeer(bytes, level);
  assert.equal(packets?.length, 1);
  return packets[0] as Packet;
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
