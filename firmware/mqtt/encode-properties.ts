// The properties that this client writes (§2.2.2): those of a message and of a will, and user properties of any packet.

import { ContractError } from '../errors.js';
import { variableBytes } from './encode.js';
import type { OutputBuffer } from './output.js';
import { PropertyId } from './properties.js';
import type { MessageProperties } from './protocol.js';
import { isTopicName } from './topic.js';
import { isUtf8, utf8Length, writeUtf8 } from './utf8.js';

const STRING_MAXIMUM_BYTES = 65_535;

/** Bytes of a property block: its length, and `byteCount` bytes of properties (§2.2.2.1). */
export function blockLength(byteCount: number): number {
  return byteCount === 0 ? 1 : variableBytes(byteCount) + byteCount;
}

/** A user property as it stands in a packet (§3.3.2.3.7). Throws `ContractError` for what is no MQTT string. */
export function encodeUserProperty(name: string, value: string): Uint8Array {
  const nameLength = utf8Length(name);
  const valueLength = utf8Length(value);
  if (nameLength > STRING_MAXIMUM_BYTES || valueLength > STRING_MAXIMUM_BYTES)
    throw new ContractError('a string of more than 65,535 bytes');
  const bytes = new Uint8Array(5 + nameLength + valueLength);
  bytes[0] = PropertyId.userProperty;
  bytes[1] = nameLength >> 8;
  bytes[2] = nameLength & 0xff;
  const at = writeUtf8(name, bytes, 3);
  bytes[at] = valueLength >> 8;
  bytes[at + 1] = valueLength & 0xff;
  writeUtf8(value, bytes, at + 2);
  return bytes;
}

/**
 * Bytes of the properties of a message, without their length in front. Throws `ContractError` for a response topic that is no topic name
 * ([MQTT-3.3.2-13], [MQTT-3.3.2-14]), and for a content type that is no UTF-8 ([MQTT-3.3.2-19]).
 */
export function messagePropertiesLength(properties: Readonly<MessageProperties>): number {
  const { contentType, responseTopic, correlationData, userProperties } = properties;
  let length = 0;
  if (properties.isText) length += 2;
  if (properties.messageExpirySeconds !== undefined) length += 5;
  if (contentType !== undefined) {
    if (!isString(contentType)) throw new ContractError('a content type is UTF-8 [MQTT-3.3.2-19]');
    length += 3 + contentType.length;
  }
  if (responseTopic !== undefined) {
    if (!isTopicName(responseTopic)) throw new ContractError('a response topic is a topic name [MQTT-3.3.2-13], [MQTT-3.3.2-14]');
    length += 3 + responseTopic.length;
  }
  if (correlationData !== undefined) length += 3 + correlationData.length;
  if (userProperties !== undefined) length += userProperties.length;
  return length;
}

export function writeMessageProperties(output: OutputBuffer, properties: Readonly<MessageProperties>): void {
  const { messageExpirySeconds, contentType, responseTopic, correlationData, userProperties } = properties;
  if (properties.isText) writeByteProperty(output, PropertyId.payloadFormatIndicator, 1);
  if (messageExpirySeconds !== undefined) writeUint32Property(output, PropertyId.messageExpiryInterval, messageExpirySeconds);
  if (contentType !== undefined) writeBinaryProperty(output, PropertyId.contentType, contentType);
  if (responseTopic !== undefined) writeBinaryProperty(output, PropertyId.responseTopic, responseTopic);
  if (correlationData !== undefined) writeBinaryProperty(output, PropertyId.correlationData, correlationData);
  if (userProperties !== undefined) output.writeBytes(userProperties, userProperties.length);
}

export function writeByteProperty(output: OutputBuffer, id: number, value: number): void {
  output.writeByte(id);
  output.writeByte(value);
}

export function writeUint16Property(output: OutputBuffer, id: number, value: number): void {
  output.writeByte(id);
  output.writeUint16(value);
}

export function writeUint32Property(output: OutputBuffer, id: number, value: number): void {
  output.writeByte(id);
  output.writeUint32(value);
}

function isString(bytes: Uint8Array): boolean {
  return bytes.length <= STRING_MAXIMUM_BYTES && isUtf8(bytes, 0, bytes.length);
}

function writeBinaryProperty(output: OutputBuffer, id: number, bytes: Uint8Array): void {
  output.writeByte(id);
  output.writeBinary(bytes);
}
