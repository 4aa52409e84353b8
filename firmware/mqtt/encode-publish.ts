// PUBLISH from client to server (§3.3).

import { begin } from './encode.js';
import { blockLength, messagePropertiesLength, writeMessageProperties } from './encode-properties.js';
import type { OutputBuffer } from './output.js';
import { MQTT_5, type OutboundMessage, PacketType, type ProtocolLevel } from './protocol.js';

/** Remaining length of the PUBLISH that carries `message` (§2.1.4). */
export function publishRemainingLength(message: OutboundMessage, level: ProtocolLevel): number {
  const length = 2 + message.topic.length + (message.qos > 0 ? 2 : 0) + message.payloadLength;
  return level === MQTT_5 ? length + blockLength(messagePropertiesLength(message)) : length;
}

/**
 * Writes a PUBLISH. `packetId` counts only with QoS 1 and 2; `dup` marks a redelivery ([MQTT-3.3.1-1]). Who knows the remaining length
 * already hands it over.
 */
export function encodePublish(
  output: OutputBuffer,
  message: OutboundMessage,
  packetId: number,
  dup: boolean,
  level: ProtocolLevel,
  remainingLength = publishRemainingLength(message, level),
): boolean {
  const { topic, qos, source, payloadLength } = message;
  const flags = (dup ? 0x08 : 0) | (qos << 1) | (message.retain ? 0x01 : 0);
  const streamed = source === undefined ? 0 : payloadLength;
  if (!begin(output, PacketType.publish, flags, remainingLength, streamed)) return false;
  output.writeBinary(topic);
  if (qos > 0) output.writeUint16(packetId);
  if (level === MQTT_5) {
    const propertiesLength = messagePropertiesLength(message);
    output.writeVariableLength(propertiesLength);
    if (propertiesLength > 0) writeMessageProperties(output, message);
  }
  if (source === undefined) output.writeBytes(message.payload, payloadLength);
  else if (payloadLength > 0) output.writeStream(source, payloadLength);
  return true;
}
