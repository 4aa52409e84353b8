// What all packets from client to server begin with (§2.1), and those that are little more than that: PINGREQ, DISCONNECT, and
// the four that acknowledge. Each function writes one whole packet, or nothing where it does not fit.

import type { OutputBuffer } from './output.js';
import { type AcknowledgementType, MQTT_5, PacketType, type ProtocolLevel, VARIABLE_LENGTH_MAXIMUM } from './protocol.js';

/** Bytes of the longest packet that acknowledges: with a reason code, without properties. */
export const ACKNOWLEDGEMENT_MAXIMUM_BYTES = 5;

/** Bytes of a variable byte integer (§1.5.5). */
export function variableBytes(value: number): number {
  return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}

/** Bytes of a whole packet whose remaining length is `remainingLength`, or infinity where MQTT has no such packet. */
export function packetLength(remainingLength: number): number {
  // Most packets are short.
  if (remainingLength < 128) return 2 + remainingLength;
  if (remainingLength > VARIABLE_LENGTH_MAXIMUM) return Number.POSITIVE_INFINITY;
  return 1 + variableBytes(remainingLength) + remainingLength;
}

/** Writes the fixed header of a packet that has room; `streamed` bytes of it come from a source and need none. */
export function begin(output: OutputBuffer, type: number, flags: number, remainingLength: number, streamed = 0): boolean {
  if (!output.reserve(packetLength(remainingLength) - streamed)) return false;
  output.writeByte((type << 4) | flags);
  output.writeVariableLength(remainingLength);
  return true;
}

/** PUBACK, PUBREC, PUBREL or PUBCOMP (§3.4 to §3.7). A reason code other than 0 is written in MQTT 5 only. */
export function encodeAcknowledgement(
  output: OutputBuffer,
  type: AcknowledgementType,
  packetId: number,
  reasonCode: number,
  level: ProtocolLevel,
): boolean {
  // Success needs no reason code (§3.4.2.1).
  const hasReason = level === MQTT_5 && reasonCode !== 0;
  // Flags 0010 of PUBREL are reserved and required ([MQTT-3.6.1-1]).
  const flags = type === PacketType.pubrel ? 0x02 : 0;
  if (!begin(output, type, flags, hasReason ? 3 : 2)) return false;
  output.writeUint16(packetId);
  if (hasReason) output.writeByte(reasonCode);
  return true;
}

/** PINGREQ (§3.12). */
export function encodePingreq(output: OutputBuffer): boolean {
  return begin(output, PacketType.pingreq, 0, 0);
}

/** DISCONNECT (§3.14). A reason code other than 0 is written in MQTT 5 only. */
export function encodeDisconnect(output: OutputBuffer, reasonCode: number, level: ProtocolLevel): boolean {
  const hasReason = level === MQTT_5 && reasonCode !== 0;
  if (!begin(output, PacketType.disconnect, 0, hasReason ? 1 : 0)) return false;
  if (hasReason) output.writeByte(reasonCode);
  return true;
}
