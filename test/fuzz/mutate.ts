// Breaks packets by chance: bytes, lengths, and the properties of MQTT 5, one property at a time.

import fc from 'fast-check';
import type { Packet } from 'mqtt-packet';
import { MQTT_5, type ProtocolLevel } from '../../firmware/mqtt/protocol.js';
import { Chance } from '../model/chance.js';
import {
  type Frame,
  frameOf,
  PROPERTIES,
  type Property,
  type PropertyBlock,
  propertiesOf,
  typeOf,
  type ValueType,
  withProperties,
} from './frame.js';
import { deliveredPacket, serverPacket, uninvitedPacket } from './packets.js';

/** Bytes that mean something in many places: nothing, one, a limit, wildcards, the beginning of a long character. */
const TELLING_BYTES = [0x00, 0x01, 0x02, 0x04, 0x7f, 0x80, 0xff, 0x23, 0x2b, 0xc3, 0xed] as const;
/** Bytes in front that are often ids and codes, and bytes that are often lengths. */
const CODE_BYTES = 3;
const FRONT_BYTES = 12;
const PROPERTY_ID_MAXIMUM = 0x2c;
const GARBAGE_MAXIMUM_BYTES = 16;

type Mutation = (frame: Frame, chance: Chance) => Frame;

const MUTATIONS: readonly Mutation[] = [
  changeHeader,
  changeBytes,
  changeBytes,
  cutBody,
  extendBody,
  removeBytes,
  changeProperties,
  changeProperties,
  changeProperties,
  padLength,
  replaceBody,
];

/** A packet, often one with much in it, and what chance makes of it. */
export function brokenFrame(level: ProtocolLevel): fc.Arbitrary<Frame> {
  const packet = fc.oneof(
    { weight: 10, arbitrary: serverPacket(level) },
    { weight: 9, arbitrary: deliveredPacket(level) as fc.Arbitrary<Packet> },
    { weight: 1, arbitrary: uninvitedPacket(level) },
  );
  return fc.tuple(packet, fc.noBias(fc.nat())).map(([good, seed]) => mutate(frameOf(good, level), new Chance(seed)));
}

/** `frame` with one thing or two changed; now and then it is a good packet all the same. */
export function mutate(frame: Frame, chance: Chance): Frame {
  let mutant = frame;
  for (let count = chance.whole(1, 2); count > 0; count--) mutant = one(MUTATIONS, chance)(mutant, chance);
  return mutant;
}

function one<Value>(values: readonly Value[], chance: Chance): Value {
  return values[chance.whole(0, values.length - 1)] as Value;
}

function byte(chance: Chance): number {
  return chance.share() < 0.5 ? one(TELLING_BYTES, chance) : chance.whole(0, 0xff);
}

function bytes(count: number, chance: Chance): Uint8Array {
  return Uint8Array.from({ length: count }, () => byte(chance));
}

/** Another type or other flags; both would seldom be taken. */
function changeHeader(frame: Frame, chance: Chance): Frame {
  const { header } = frame;
  const nibble = chance.whole(0, 0x0f);
  return { ...frame, header: chance.share() < 0.5 ? (header & 0xf0) | nibble : (nibble << 4) | (header & 0x0f) };
}

function changeBytes(frame: Frame, chance: Chance): Frame {
  const body = frame.body.slice();
  const limit = Math.min(one([CODE_BYTES, FRONT_BYTES, body.length], chance), body.length);
  const at = chance.whole(0, Math.max(0, limit - 1));
  body.fill(byte(chance), at, at + chance.whole(1, 2));
  return { ...frame, body };
}

function cutBody(frame: Frame, chance: Chance): Frame {
  return { ...frame, body: frame.body.subarray(0, chance.whole(0, Math.min(FRONT_BYTES, frame.body.length))) };
}

function extendBody(frame: Frame, chance: Chance): Frame {
  return { ...frame, body: Uint8Array.of(...frame.body, ...bytes(chance.whole(1, 4), chance)) };
}

function removeBytes(frame: Frame, chance: Chance): Frame {
  const { body } = frame;
  const at = chance.whole(0, body.length);
  return { ...frame, body: Uint8Array.of(...body.subarray(0, at), ...body.subarray(at + chance.whole(1, 3))) };
}

function replaceBody(frame: Frame, chance: Chance): Frame {
  return { ...frame, body: bytes(chance.whole(0, GARBAGE_MAXIMUM_BYTES), chance) };
}

function padLength(frame: Frame, chance: Chance): Frame {
  return { ...frame, padding: chance.whole(1, 4) };
}

/** Adds a property, says one again, or leaves one out. Where there is no room for any, bytes change instead. */
function changeProperties(frame: Frame, chance: Chance): Frame {
  const block = propertiesOf(frame);
  if (frame.level !== MQTT_5 || block?.length !== 'good') return changeBytes(frame, chance);
  return withProperties(frame, block, changedList(frame, block, chance), chance.whole(-20, 4));
}

function changedList(frame: Frame, { properties }: PropertyBlock, chance: Chance): readonly Property[] {
  const at = chance.whole(0, properties.length);
  const given = properties[at];
  if (given === undefined || chance.share() < 0.5) return properties.toSpliced(at, 0, newProperty(frame, chance));
  return chance.share() < 0.7 ? properties.toSpliced(chance.whole(0, properties.length), 0, given) : properties.toSpliced(at, 1);
}

/** Often one that belongs to the packet. */
function newProperty(frame: Frame, chance: Chance): Property {
  const own = [...PROPERTIES.keys()].filter((id) => PROPERTIES.get(id)?.[1].includes(typeOf(frame)));
  const id = own.length > 0 && chance.share() < 0.5 ? one(own, chance) : chance.whole(0, PROPERTY_ID_MAXIMUM);
  const [type = 'byte'] = PROPERTIES.get(id) ?? [];
  return { id, value: newValue(type, chance) };
}

function newValue(type: ValueType, chance: Chance): Uint8Array {
  switch (type) {
    case 'byte':
      return bytes(1, chance);
    case 'two bytes':
      return chance.share() < 0.3 ? new Uint8Array(2) : bytes(2, chance);
    case 'four bytes':
      return chance.share() < 0.3 ? new Uint8Array(4) : bytes(4, chance);
    case 'variable':
      return bytes(chance.whole(1, 4), chance);
    case 'pair':
      return Uint8Array.of(...newString(chance), ...newString(chance));
    default:
      return newString(chance);
  }
}

/** A length and as many bytes; seldom one too few. */
function newString(chance: Chance): Uint8Array {
  const length = chance.whole(0, 4);
  const content = chance.share() < 0.5 ? new Uint8Array(length).fill(0x61) : bytes(length, chance);
  return Uint8Array.of(0, length, ...(chance.share() < 0.1 ? content.subarray(1) : content));
}
