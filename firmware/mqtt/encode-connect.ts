// CONNECT (§3.1).

import { ContractError } from '../errors.js';
import { begin } from './encode.js';
import {
  blockLength,
  messagePropertiesLength,
  writeByteProperty,
  writeMessageProperties,
  writeUint16Property,
  writeUint32Property,
} from './encode-properties.js';
import type { OutputBuffer } from './output.js';
import { PropertyId } from './properties.js';
import { type ConnectOptions, MQTT_5, PacketType, type ProtocolLevel, type Will } from './protocol.js';
import { utf8Length } from './utf8.js';

const PROTOCOL_NAME = 'MQTT';

/** What this client can take, as MQTT 5 tells it to the server. */
export interface ClientLimits {
  /** QoS 1 and 2 messages that it has not acknowledged yet, 1 to 65,535 (§3.1.2.11.3). */
  readonly receiveMaximum: number;
  /** Bytes of the largest packet (§3.1.2.11.4); `undefined`: any that MQTT has. */
  readonly maximumPacketBytes: number | undefined;
}

/**
 * Writes a CONNECT. No topic alias maximum means that the server must use none (§3.1.2.11.5). Throws `ContractError` where 3.1.1 lets the
 * server choose the client id, and does not start clean.
 */
export function encodeConnect(output: OutputBuffer, options: ConnectOptions, limits: ClientLimits): boolean {
  const { level, clientId, will, user, password } = options;
  if (clientId === '' && level !== MQTT_5 && !options.cleanStart)
    throw new ContractError('an empty client id starts clean in 3.1.1 [MQTT-3.1.3-7]');
  const clientIdLength = utf8Length(clientId);
  const userLength = user === undefined ? 0 : utf8Length(user);
  const passwordLength = password === undefined ? 0 : utf8Length(password);
  const propertiesLength = connectPropertiesLength(options, limits);
  let remainingLength = 10 + 2 + clientIdLength;
  if (level === MQTT_5) remainingLength += blockLength(propertiesLength);
  if (will) remainingLength += willLength(will, level);
  if (user !== undefined) remainingLength += 2 + userLength;
  if (password !== undefined) remainingLength += 2 + passwordLength;
  if (!begin(output, PacketType.connect, 0, remainingLength)) return false;
  output.writeString(PROTOCOL_NAME, PROTOCOL_NAME.length);
  output.writeByte(level);
  output.writeByte(flagsOf(options));
  output.writeUint16(options.keepAliveSeconds);
  if (level === MQTT_5) {
    output.writeVariableLength(propertiesLength);
    writeConnectProperties(output, options, limits);
  }
  output.writeString(clientId, clientIdLength);
  if (will) writeWill(output, will, level);
  if (user !== undefined) output.writeString(user, userLength);
  if (password !== undefined) output.writeString(password, passwordLength);
  return true;
}

function flagsOf({ cleanStart, will, user, password }: ConnectOptions): number {
  let flags = cleanStart ? 0x02 : 0;
  if (will) flags |= 0x04 | (will.qos << 3) | (will.retain ? 0x20 : 0);
  if (user !== undefined) flags |= 0x80;
  if (password !== undefined) flags |= 0x40;
  return flags;
}

function connectPropertiesLength(options: ConnectOptions, { maximumPacketBytes }: ClientLimits): number {
  let length = 3;
  if (options.sessionExpirySeconds) length += 5;
  if (maximumPacketBytes !== undefined) length += 5;
  if (options.requestsResponseInformation) length += 2;
  if (options.requestsProblemInformation === false) length += 2;
  if (options.userProperties) length += options.userProperties.length;
  return length;
}

function writeConnectProperties(output: OutputBuffer, options: ConnectOptions, limits: ClientLimits): void {
  const { sessionExpirySeconds, userProperties } = options;
  if (sessionExpirySeconds) writeUint32Property(output, PropertyId.sessionExpiryInterval, sessionExpirySeconds);
  writeUint16Property(output, PropertyId.receiveMaximum, limits.receiveMaximum);
  if (limits.maximumPacketBytes !== undefined) {
    writeUint32Property(output, PropertyId.maximumPacketSize, limits.maximumPacketBytes);
  }
  if (options.requestsResponseInformation) writeByteProperty(output, PropertyId.requestResponseInformation, 1);
  if (options.requestsProblemInformation === false) writeByteProperty(output, PropertyId.requestProblemInformation, 0);
  if (userProperties) output.writeBytes(userProperties, userProperties.length);
}

// --- Will (§3.1.3.2 to §3.1.3.4) --------------------------------------------------------------------------------------

function willLength(will: Will, level: ProtocolLevel): number {
  const length = 2 + will.topic.length + 2 + will.payload.length;
  return level === MQTT_5 ? length + blockLength(willPropertiesLength(will)) : length;
}

function willPropertiesLength(will: Will): number {
  return (will.delaySeconds ? 5 : 0) + messagePropertiesLength(will);
}

function writeWill(output: OutputBuffer, will: Will, level: ProtocolLevel): void {
  if (level === MQTT_5) {
    output.writeVariableLength(willPropertiesLength(will));
    if (will.delaySeconds) writeUint32Property(output, PropertyId.willDelayInterval, will.delaySeconds);
    writeMessageProperties(output, will);
  }
  output.writeBinary(will.topic);
  output.writeBinary(will.payload);
}
