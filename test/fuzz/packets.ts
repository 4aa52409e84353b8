// Good packets by chance, in the fields of mqtt-packet: what a server may send to this client, and what those packets are made of.

import fc from 'fast-check';
import type { Packet } from 'mqtt-packet';
import { MQTT_5, type ProtocolLevel, type QoS } from '../../firmware/mqtt/protocol.js';
import type { PeerProperties } from './peer.js';

/** Text that MQTT can carry: any characters but NUL (§1.5.4). */
export const text = fc.string({ unit: 'binary', maxLength: 24 }).filter((value) => !value.includes('\0'));
export const topic = text.filter((value) => value !== '' && !/[+#]/.test(value));
export const payload = fc.uint8Array({ maxLength: 300 });
export const packetId = fc.integer({ min: 1, max: 65_535 });
export const qos = fc.constantFrom<QoS>(0, 1, 2);
const word = fc.nat(0xffff_ffff);
export const half = fc.integer({ min: 1, max: 65_535 });
const data = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes));

/** mqtt-packet keeps user properties in an object, so their names are unique here, and none is that of its prototype. */
export const userProperties = fc.dictionary(
  text.filter((name) => name !== '__proto__' && !/^\d+$/.test(name)),
  text,
  { minKeys: 1, maxKeys: 3, noNullPrototype: true },
);

/** What only MQTT 5 says: nothing at `level` 4. */
export const propertiesAt = (
  level: ProtocolLevel,
  fields: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<PeerProperties | undefined> =>
  level === MQTT_5 ? fc.record(fields, { requiredKeys: [], noNullPrototype: true }) : fc.constant(undefined);

export const messageFields = {
  payloadFormatIndicator: fc.constant(true),
  messageExpiryInterval: word,
  contentType: text,
  responseTopic: topic,
  correlationData: data,
  userProperties,
};

/** A PUBLISH in the fields of mqtt-packet. */
export const publishPacket = (level: ProtocolLevel) =>
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
export const deliveredPacket = (level: ProtocolLevel) =>
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
export function serverPacket(level: ProtocolLevel): fc.Arbitrary<Packet> {
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

/** What no server sends to this client, although mqtt-packet writes and reads it. */
export function uninvitedPacket(level: ProtocolLevel): fc.Arbitrary<Packet> {
  if (level !== MQTT_5) return fc.constantFrom<Packet>({ cmd: 'pingreq' }, { cmd: 'disconnect' });
  return fc.constantFrom<Packet>(
    { cmd: 'auth', reasonCode: 0x18, properties: { authenticationMethod: 'm' } },
    { cmd: 'disconnect', reasonCode: 0x04 },
  );
}
