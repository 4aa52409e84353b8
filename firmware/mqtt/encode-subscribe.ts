// SUBSCRIBE (§3.8) and UNSUBSCRIBE (§3.10).

import { begin, packetLength, variableBytes } from './encode.js';
import { blockLength } from './encode-properties.js';
import type { OutputBuffer } from './output.js';
import { PropertyId } from './properties.js';
import { MQTT_5, PacketType, type ProtocolLevel, type RequestProperties, type Subscription } from './protocol.js';

/** Flags 0010 are reserved and required ([MQTT-3.8.1-1], [MQTT-3.10.1-1]). */
const FLAGS = 0x02;

/** Bytes of the SUBSCRIBE with `subscriptions`. */
export function subscribeLength(
  subscriptions: readonly Subscription[],
  properties: RequestProperties,
  level: ProtocolLevel,
): number {
  return packetLength(remainingLengthOf(lengthOfSubscriptions(subscriptions), properties, level));
}

/** Bytes of the UNSUBSCRIBE with `filters`. */
export function unsubscribeLength(filters: readonly Uint8Array[], properties: RequestProperties, level: ProtocolLevel): number {
  return packetLength(remainingLengthOf(lengthOfFilters(filters), properties, level));
}

/** Writes a SUBSCRIBE with at least one subscription ([MQTT-3.8.3-2]). In 3.1.1 the options beside QoS are left out. */
export function encodeSubscribe(
  output: OutputBuffer,
  subscriptions: readonly Subscription[],
  properties: RequestProperties,
  packetId: number,
  level: ProtocolLevel,
): boolean {
  const filtersLength = lengthOfSubscriptions(subscriptions);
  if (!beginRequest(output, PacketType.subscribe, filtersLength, properties, packetId, level)) return false;
  for (const subscription of subscriptions) {
    output.writeBinary(subscription.filter);
    output.writeByte(optionsOf(subscription, level));
  }
  return true;
}

/** Writes an UNSUBSCRIBE with at least one filter ([MQTT-3.10.3-2]). */
export function encodeUnsubscribe(
  output: OutputBuffer,
  filters: readonly Uint8Array[],
  properties: RequestProperties,
  packetId: number,
  level: ProtocolLevel,
): boolean {
  if (!beginRequest(output, PacketType.unsubscribe, lengthOfFilters(filters), properties, packetId, level)) return false;
  for (const filter of filters) output.writeBinary(filter);
  return true;
}

function lengthOfSubscriptions(subscriptions: readonly Subscription[]): number {
  let length = 0;
  for (const { filter } of subscriptions) length += 2 + filter.length + 1;
  return length;
}

function lengthOfFilters(filters: readonly Uint8Array[]): number {
  let length = 0;
  for (const filter of filters) length += 2 + filter.length;
  return length;
}

function remainingLengthOf(filtersLength: number, properties: RequestProperties, level: ProtocolLevel): number {
  return 2 + filtersLength + (level === MQTT_5 ? blockLength(propertiesLengthOf(properties)) : 0);
}

function propertiesLengthOf({ identifier, userProperties }: RequestProperties): number {
  const identifierLength = identifier === undefined ? 0 : 1 + variableBytes(identifier);
  return identifierLength + (userProperties === undefined ? 0 : userProperties.length);
}

/** §3.8.3.1. */
function optionsOf({ qos, noLocal, retainAsPublished, retainHandling = 0 }: Subscription, level: ProtocolLevel): number {
  if (level !== MQTT_5) return qos;
  return qos | (noLocal ? 0x04 : 0) | (retainAsPublished ? 0x08 : 0) | (retainHandling << 4);
}

function beginRequest(
  output: OutputBuffer,
  type: number,
  filtersLength: number,
  properties: RequestProperties,
  packetId: number,
  level: ProtocolLevel,
): boolean {
  if (!begin(output, type, FLAGS, remainingLengthOf(filtersLength, properties, level))) return false;
  output.writeUint16(packetId);
  if (level !== MQTT_5) return true;
  const { identifier, userProperties } = properties;
  output.writeVariableLength(propertiesLengthOf(properties));
  if (identifier !== undefined) {
    output.writeByte(PropertyId.subscriptionIdentifier);
    output.writeVariableLength(identifier);
  }
  if (userProperties !== undefined) output.writeBytes(userProperties, userProperties.length);
  return true;
}
