// mqtt-packet, an independent implementation: what it reads, in the words of our own log.

import assert from 'node:assert/strict';
import { type Packet, parser } from 'mqtt-packet';
import { MQTT_5, type ProtocolLevel, type QoS } from '../../firmware/mqtt/protocol.js';
import { toHex } from '../vectors/hex.js';
import type { PacketEvent, PropertyValues } from '../vectors/packet-log.js';

/** Properties in the fields of mqtt-packet. */
export type PeerProperties = Readonly<Record<string, unknown>>;

/** The packets that mqtt-packet finds in `bytes`, or `undefined` where it finds an error. */
export function parseWithPeer(bytes: Uint8Array, level: ProtocolLevel): Packet[] | undefined {
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

/** Properties of mqtt-packet in the words of our own log. */
export function valuesOf(properties: PeerProperties | undefined): { properties?: PropertyValues } {
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
export function eventOf(packet: Packet, level: ProtocolLevel): PacketEvent {
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
