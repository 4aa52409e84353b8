// A packet cut into its parts, broken or not, without the help of what is tested.

import { generate, type Packet } from 'mqtt-packet';
import { MQTT_5, PacketType, type ProtocolLevel } from '../../firmware/mqtt/protocol.js';

export interface Frame {
  readonly level: ProtocolLevel;
  /** The first byte. */
  readonly header: number;
  /** Bytes of the remaining length beyond those that it needs. */
  readonly padding: number;
  readonly body: Uint8Array;
}

export const typeOf = ({ header }: Frame) => header >> 4;
export const isType = (frame: Frame, ...types: readonly number[]) => types.includes(typeOf(frame));
export const flagsOf = ({ header }: Frame) => header & 0x0f;
export const qosOf = ({ header }: Frame) => (header >> 1) & 3;
export const uint16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** Where in the body of a PUBLISH the topic ends, and the packet id. */
export const topicEnd = ({ body }: Frame) => 2 + uint16(body, 0);
export const publishIdEnd = (frame: Frame) => topicEnd(frame) + (qosOf(frame) > 0 ? 2 : 0);
export const topicOf = (frame: Frame) => frame.body.subarray(2, topicEnd(frame));

export function frameOf(packet: Packet, level: ProtocolLevel): Frame {
  const bytes = generate(packet, { protocolVersion: level });
  const lengthBytes = bytes.subarray(1).findIndex((byte) => byte < 0x80) + 1;
  return { level, header: bytes[0] as number, padding: 0, body: Uint8Array.from(bytes.subarray(1 + lengthBytes)) };
}

export function bytesOf({ header, padding, body }: Frame): Uint8Array {
  return Uint8Array.of(header, ...paddedLength(body.length, padding), ...body);
}

/** `value` as a variable byte integer (§1.5.5) with `padding` bytes more than it needs. */
function paddedLength(value: number, padding: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; bytes.length === 0 || rest > 0; rest >>= 7) bytes.push(rest & 0x7f);
  for (let count = 0; count < padding; count++) bytes.push(0);
  return bytes.map((byte, index) => (index < bytes.length - 1 ? byte | 0x80 : byte));
}

// --- Properties (§2.2.2) ----------------------------------------------------------------------------------------------

export interface Property {
  readonly id: number;
  /** As it stands in the packet, with the lengths in front of strings. */
  readonly value: Uint8Array;
}

export interface PropertyBlock {
  /** Whether the length in front is good; `cut`: it, or what it promises, is not all there; `overlong`: it has too many bytes. */
  readonly length: 'good' | 'cut' | 'overlong';
  /** Where in the body the length stands, and where what it promises ends. */
  readonly start: number;
  readonly end: number;
  /** Those that could be read. */
  readonly properties: readonly Property[];
  /** Why the next one could not, and which it is. */
  readonly fault: 'unknown' | 'cut' | 'overlong' | undefined;
  readonly faultyId: number | undefined;
}

export type ValueType = 'byte' | 'two bytes' | 'four bytes' | 'variable' | 'string' | 'pair' | 'binary';

const { connack, publish, puback, pubrec, pubrel, pubcomp, suback, unsuback, disconnect } = PacketType;
const NOWHERE: readonly number[] = [];
const REASONS: readonly number[] = [connack, puback, pubrec, pubrel, pubcomp, suback, unsuback, disconnect];

/** §2.2.2.2, table 2-4: the type of each property, and the packets in which a server may send it. */
export const PROPERTIES: ReadonlyMap<number, readonly [type: ValueType, sentIn: readonly number[]]> = new Map([
  [0x01, ['byte', [publish]]],
  [0x02, ['four bytes', [publish]]],
  [0x03, ['string', [publish]]],
  [0x08, ['string', [publish]]],
  [0x09, ['binary', [publish]]],
  [0x0b, ['variable', [publish]]],
  [0x11, ['four bytes', [connack]]],
  [0x12, ['string', [connack]]],
  [0x13, ['two bytes', [connack]]],
  [0x15, ['string', [connack]]],
  [0x16, ['binary', [connack]]],
  [0x17, ['byte', NOWHERE]],
  [0x18, ['four bytes', NOWHERE]],
  [0x19, ['byte', NOWHERE]],
  [0x1a, ['string', [connack]]],
  [0x1c, ['string', [connack, disconnect]]],
  [0x1f, ['string', REASONS]],
  [0x21, ['two bytes', [connack]]],
  [0x22, ['two bytes', [connack]]],
  [0x23, ['two bytes', [publish]]],
  [0x24, ['byte', [connack]]],
  [0x25, ['byte', [connack]]],
  [0x26, ['pair', [...REASONS, publish]]],
  [0x27, ['four bytes', [connack]]],
  [0x28, ['byte', [connack]]],
  [0x29, ['byte', [connack]]],
  [0x2a, ['byte', [connack]]],
]);

/** The properties of a packet of MQTT 5; `undefined` where it has no room for any. */
export function propertiesOf(frame: Frame): PropertyBlock | undefined {
  const start = blockStart(frame);
  const { body, level } = frame;
  if (level !== MQTT_5 || start === undefined || start > body.length) return undefined;
  const length = variableAt(body, start, body.length);
  if (typeof length === 'string') return { length, start, end: body.length, ...NO_PROPERTIES };
  const end = length.end + length.value;
  if (end > body.length) return { length: 'cut', start, end: body.length, ...NO_PROPERTIES };
  return { length: 'good', start, end, ...listOf(body, length.end, end) };
}

/** Where the length of the properties stands. */
function blockStart(frame: Frame): number | undefined {
  const { body } = frame;
  switch (typeOf(frame)) {
    case PacketType.connack:
      // A server that knows 3.1.1 alone refuses without them.
      return body.length === 2 && body[1] !== 0 ? undefined : 2;
    case PacketType.publish:
      return publishIdEnd(frame);
    case PacketType.puback:
    case PacketType.pubrec:
    case PacketType.pubrel:
    case PacketType.pubcomp:
      return body.length > 3 ? 3 : undefined;
    case PacketType.suback:
    case PacketType.unsuback:
      return 2;
    case PacketType.disconnect:
      return body.length > 1 ? 1 : undefined;
    default:
      return undefined;
  }
}

type PropertyList = Pick<PropertyBlock, 'properties' | 'fault' | 'faultyId'>;

const NO_PROPERTIES: PropertyList = { properties: [], fault: undefined, faultyId: undefined };

function listOf(body: Uint8Array, start: number, end: number): PropertyList {
  const properties: Property[] = [];
  for (let at = start; at < end; ) {
    const id = body[at] as number;
    const [type] = PROPERTIES.get(id) ?? [];
    if (type === undefined) return { properties, fault: 'unknown', faultyId: id };
    const next = endOfValue(type, body, at + 1, end);
    if (typeof next === 'string') return { properties, fault: next, faultyId: id };
    properties.push({ id, value: body.subarray(at + 1, next) });
    at = next;
  }
  return { properties, fault: undefined, faultyId: undefined };
}

function endOfValue(type: ValueType, body: Uint8Array, at: number, limit: number): number | 'cut' | 'overlong' {
  if (type === 'variable') {
    const number = variableAt(body, at, limit);
    return typeof number === 'string' ? number : number.end;
  }
  let end = at;
  switch (type) {
    case 'byte':
      end += 1;
      break;
    case 'two bytes':
      end += 2;
      break;
    case 'four bytes':
      end += 4;
      break;
    default:
      for (let count = type === 'pair' ? 2 : 1; count > 0; count--) {
        if (end + 2 > limit) return 'cut';
        end += 2 + uint16(body, end);
      }
  }
  return end > limit ? 'cut' : end;
}

/** The variable byte integer at `at`, of the fewest bytes that it needs ([MQTT-1.5.5-1]). */
function variableAt(bytes: Uint8Array, at: number, limit: number): { value: number; end: number } | 'cut' | 'overlong' {
  let value = 0;
  for (let index = 0; index < 4; index++) {
    if (at + index >= limit) return 'cut';
    const byte = bytes[at + index] as number;
    value += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return byte === 0 && index > 0 ? 'overlong' : { value, end: at + index + 1 };
  }
  return 'overlong';
}

/** The frame with other properties, and the length in front that they need, with `padding` bytes more where that is above 0. */
export function withProperties(
  frame: Frame,
  { start, end }: PropertyBlock,
  properties: readonly Property[],
  padding: number,
): Frame {
  const list = properties.flatMap(({ id, value }) => [id, ...value]);
  const { body } = frame;
  const block = [...paddedLength(list.length, padding), ...list];
  return { ...frame, body: Uint8Array.of(...body.subarray(0, start), ...block, ...body.subarray(end)) };
}
