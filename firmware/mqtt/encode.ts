// Packets from client to server, MQTT 3.1.1 §3. Each function writes one whole packet, or nothing where it does not fit.

import type { OutputBuffer } from './output.js';
import { type ConnectOptions, type OutboundMessage, PacketType, type Subscription } from './protocol.js';
import { utf8Length } from './utf8.js';

const PROTOCOL_NAME = 'MQTT';
const PROTOCOL_LEVEL = 4;

/** Bytes of a PUBACK. */
export const PUBACK_BYTES = 4;

/** Largest remaining length (§2.2.3). */
const REMAINING_LENGTH_MAXIMUM = 268_435_455;

/** Bytes of a whole packet whose remaining length is `remainingLength`, or infinity where MQTT has no such packet. */
function packetLength(remainingLength: number): number {
  if (remainingLength > REMAINING_LENGTH_MAXIMUM) return Number.POSITIVE_INFINITY;
  const lengthBytes = remainingLength < 128 ? 1 : remainingLength < 16_384 ? 2 : remainingLength < 2_097_152 ? 3 : 4;
  return 1 + lengthBytes + remainingLength;
}

function begin(output: OutputBuffer, type: number, flags: number, remainingLength: number): boolean {
  const length = packetLength(remainingLength);
  if (length > output.free) return false;
  output.reserve(length);
  output.writeByte((type << 4) | flags);
  output.writeVariableLength(remainingLength);
  return true;
}

/** CONNECT (§3.1). */
export function encodeConnect(output: OutputBuffer, options: ConnectOptions): boolean {
  const { clientId, will, user, password } = options;
  const clientIdLength = utf8Length(clientId);
  const userLength = user === undefined ? 0 : utf8Length(user);
  const passwordLength = password === undefined ? 0 : utf8Length(password);
  let remainingLength = 10 + 2 + clientIdLength;
  let flags = options.cleanSession ? 0x02 : 0;
  if (will) {
    remainingLength += 2 + will.topic.length + 2 + will.payload.length;
    flags |= 0x04 | (will.qos << 3) | (will.retain ? 0x20 : 0);
  }
  if (user !== undefined) {
    remainingLength += 2 + userLength;
    flags |= 0x80;
  }
  if (password !== undefined) {
    remainingLength += 2 + passwordLength;
    flags |= 0x40;
  }
  if (!begin(output, PacketType.connect, 0, remainingLength)) return false;
  output.writeString(PROTOCOL_NAME, PROTOCOL_NAME.length);
  output.writeByte(PROTOCOL_LEVEL);
  output.writeByte(flags);
  output.writeUint16(options.keepAliveSeconds);
  output.writeString(clientId, clientIdLength);
  if (will) {
    output.writeBinary(will.topic);
    output.writeBinary(will.payload);
  }
  if (user !== undefined) output.writeString(user, userLength);
  if (password !== undefined) output.writeString(password, passwordLength);
  return true;
}

/** Bytes of the PUBLISH that carries `message`. */
export function publishLength(message: OutboundMessage): number {
  return packetLength(2 + message.topic.length + (message.qos > 0 ? 2 : 0) + message.payloadLength);
}

/** PUBLISH (§3.3). `packetId` counts only with QoS 1; `dup` marks a redelivery ([MQTT-3.3.1-1]). */
export function encodePublish(output: OutputBuffer, message: OutboundMessage, packetId: number, dup: boolean): boolean {
  const { topic, qos } = message;
  const remainingLength = 2 + topic.length + (qos > 0 ? 2 : 0) + message.payloadLength;
  const flags = (dup ? 0x08 : 0) | (qos << 1) | (message.retain ? 0x01 : 0);
  if (!begin(output, PacketType.publish, flags, remainingLength)) return false;
  output.writeBinary(topic);
  if (qos > 0) output.writeUint16(packetId);
  output.writeBytes(message.payload, message.payloadLength);
  return true;
}

/** PUBACK (§3.4). */
export function encodePuback(output: OutputBuffer, packetId: number): boolean {
  if (!begin(output, PacketType.puback, 0, 2)) return false;
  output.writeUint16(packetId);
  return true;
}

/** SUBSCRIBE (§3.8) with at least one subscription ([MQTT-3.8.3-3]). */
export function encodeSubscribe(output: OutputBuffer, subscriptions: readonly Subscription[], packetId: number): boolean {
  let remainingLength = 2;
  for (const { filter } of subscriptions) remainingLength += 2 + filter.length + 1;
  // Flags 0010 are reserved and required ([MQTT-3.8.1-1]).
  if (!begin(output, PacketType.subscribe, 0x02, remainingLength)) return false;
  output.writeUint16(packetId);
  for (const { filter, qos } of subscriptions) {
    output.writeBinary(filter);
    output.writeByte(qos);
  }
  return true;
}

/** PINGREQ (§3.12). */
export function encodePingreq(output: OutputBuffer): boolean {
  return begin(output, PacketType.pingreq, 0, 0);
}

/** DISCONNECT (§3.14). */
export function encodeDisconnect(output: OutputBuffer): boolean {
  return begin(output, PacketType.disconnect, 0, 0);
}
