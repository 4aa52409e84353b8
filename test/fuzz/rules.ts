// Every rule that one packet of a server can break, read from the specifications apart from the code under test, and what mqtt-packet
// makes of a packet that breaks it. mqtt-packet serves clients and servers, and leaves many of these checks to its users.

import { isUtf8 } from 'node:buffer';
import { MQTT_3_1_1, MQTT_5, PacketType } from '../../firmware/mqtt/protocol.js';
import type { ProtocolViolation } from '../../firmware/mqtt/reason.js';
import {
  type Frame,
  flagsOf,
  isType,
  PROPERTIES,
  type Property,
  type PropertyBlock,
  propertiesOf,
  publishIdEnd,
  qosOf,
  topicEnd,
  topicOf,
  typeOf,
  uint16,
} from './frame.js';

export interface Rule {
  /** The packet that is meant. */
  readonly packet: string;
  /** Statement or section of MQTT 5, unless 3.1.1 is named. */
  readonly clause: string;
  /** How we refuse it; `undefined` where we take it. */
  readonly violation: ProtocolViolation | undefined;
  /** What mqtt-packet does; `misreads`: it takes it, and says other fields than are there. */
  readonly peer: 'reads' | 'refuses' | 'misreads';
  isMet(frame: Frame): boolean;
}

const { connack, publish, puback, pubrec, pubrel, pubcomp, suback, unsuback, pingresp, disconnect, auth } = PacketType;
const [SUBSCRIPTION_IDENTIFIER, RECEIVE_MAXIMUM, TOPIC_ALIAS, USER_PROPERTY, MAXIMUM_PACKET_SIZE] = [
  0x0b, 0x21, 0x23, 0x26, 0x27,
] as const;
const [AUTHENTICATION_METHOD, AUTHENTICATION_DATA] = [0x15, 0x16] as const;
const ACKNOWLEDGEMENTS = [puback, pubrec, pubrel, pubcomp] as const;
const OF_BOTH_VERSIONS = [connack, publish, ...ACKNOWLEDGEMENTS, suback, unsuback, pingresp] as const;

const is5 = ({ level }: Frame) => level === MQTT_5;
const isOld = ({ level }: Frame) => level === MQTT_3_1_1;
const isKnown = (frame: Frame) => isType(frame, ...OF_BOTH_VERSIONS) || (is5(frame) && isType(frame, disconnect, auth));
const codeOf = ({ body }: Frame, at: number) => body[at] ?? 0;
const isFailure = (code: number) => code >= 0x80;

/** Whether the length in front of the properties is not all there, or they do not end where the packet does. */
function isBlockCut(frame: Frame, endsPacket: boolean): boolean {
  const block = propertiesOf(frame);
  if (!block) return false;
  return isTooShort(frame, block) || (endsPacket && block.length === 'good' && block.end !== frame.body.length);
}

/** An overlong length with fewer than the four bytes that it may have could as well be one that is cut: it is malformed either way. */
function isTooShort({ body }: Frame, { length, start }: PropertyBlock): boolean {
  return length === 'cut' || (length === 'overlong' && body.length - start < 4);
}

function hasProperty(frame: Frame, test: (property: Property, index: number, all: readonly Property[]) => boolean): boolean {
  return propertiesOf(frame)?.properties.some(test) ?? false;
}

const isStrayed = (frame: Frame, id: number) => !PROPERTIES.get(id)?.[1].includes(typeOf(frame));

/** Codes of SUBACK and UNSUBACK: behind the packet id, and in MQTT 5 behind the properties. */
function answerCodes(frame: Frame): Uint8Array {
  const block = propertiesOf(frame);
  if (is5(frame) && block?.length !== 'good') return new Uint8Array(0);
  return frame.body.subarray(block?.end ?? 2);
}

/** §1.5.4. */
const isText = (bytes: Uint8Array) => isUtf8(bytes) && !bytes.includes(0);

function isString({ id, value }: Property): boolean {
  const type = PROPERTIES.get(id)?.[0];
  if (type === 'string') return isText(value.subarray(2));
  if (type !== 'pair') return true;
  const nameEnd = 2 + uint16(value, 0);
  return isText(value.subarray(2, nameEnd)) && isText(value.subarray(nameEnd + 2));
}

/** §3.2.2.3, §3.3.2.3: flags are 0 or 1, and three numbers are not 0. */
function isInRange({ id, value }: Property): boolean {
  if (PROPERTIES.get(id)?.[0] === 'byte') return (value[0] as number) <= 1;
  const mayBeZero = id !== SUBSCRIPTION_IDENTIFIER && id !== RECEIVE_MAXIMUM && id !== MAXIMUM_PACKET_SIZE;
  return mayBeZero || value.some((byte) => byte !== 0);
}

function isRepeated(frame: Frame): boolean {
  const { properties, faultyId } = propertiesOf(frame) ?? { properties: [], faultyId: undefined };
  const ids = [...properties.map(({ id }) => id), faultyId].filter((id) => id !== SUBSCRIPTION_IDENTIFIER && id !== USER_PROPERTY);
  return new Set(ids).size < ids.length;
}

function comesAgainAfterEmpty({ id, value }: Property, index: number, all: readonly Property[]): boolean {
  const name = nameOf(value);
  if (id !== USER_PROPERTY || value.length > name.length + 2) return false;
  return all.some((other, at) => at > index && other.id === USER_PROPERTY && Buffer.compare(nameOf(other.value), name) === 0);
}

/** The name in a pair, with its length. */
const nameOf = (pair: Uint8Array) => pair.subarray(0, 2 + uint16(pair, 0));

const hasWildcard = (topic: Uint8Array) => topic.includes(0x2b) || topic.includes(0x23);
const isTopicWhole = (frame: Frame) => isType(frame, publish) && topicEnd(frame) <= frame.body.length;

export const RULES: readonly Rule[] = [
  // --- Fixed header (§2.1) --------------------------------------------------------------------------------------------
  {
    packet: 'one that only a client sends, or that its version does not have',
    clause: '§2.1.2; §2.2.1 of 3.1.1',
    violation: 'unexpected-packet-type',
    peer: 'reads',
    isMet: (frame) => !isKnown(frame),
  },
  {
    packet: 'reserved flags, PUBLISH aside',
    clause: '[MQTT-2.1.3-1], [MQTT-3.6.1-1]; [MQTT-2.2.2-2] of 3.1.1',
    violation: 'reserved-flags',
    peer: 'refuses',
    isMet: (frame) => isKnown(frame) && !isType(frame, publish) && flagsOf(frame) !== (isType(frame, pubrel) ? 0x02 : 0),
  },
  {
    packet: 'PUBLISH of QoS 0 with DUP',
    clause: '[MQTT-3.3.1-2]',
    violation: 'reserved-flags',
    peer: 'reads',
    isMet: (frame) => isType(frame, publish) && qosOf(frame) === 0 && (flagsOf(frame) & 0x08) !== 0,
  },
  {
    packet: 'PUBLISH of QoS 3',
    clause: '[MQTT-3.3.1-4]',
    violation: 'invalid-qos',
    peer: 'refuses',
    isMet: (frame) => isType(frame, publish) && qosOf(frame) === 3,
  },
  {
    packet: 'a remaining length of more bytes than it needs',
    clause: '[MQTT-1.5.5-1]; 3.1.1 does not ask for it',
    violation: 'malformed-remaining-length',
    peer: 'reads',
    isMet: (frame) => is5(frame) && frame.padding > 0 && lengthBytes(frame) <= 4,
  },
  {
    packet: 'a remaining length of more than four bytes',
    clause: '§1.5.5; §2.2.3 of 3.1.1',
    violation: 'malformed-remaining-length',
    peer: 'refuses',
    isMet: (frame) => lengthBytes(frame) > 4,
  },
  {
    packet: 'AUTH to a client that named no method',
    clause: '[MQTT-4.12.0-6]',
    violation: 'authentication-not-asked',
    peer: 'reads',
    isMet: (frame) => is5(frame) && isType(frame, auth),
  },

  // --- Lengths --------------------------------------------------------------------------------------------------------
  {
    packet: 'CONNACK of 3.1.1 of another length than 2',
    clause: '§3.2.1 of 3.1.1',
    violation: 'wrong-length',
    peer: 'reads',
    isMet: (frame) => isOld(frame) && isType(frame, connack) && frame.body.length !== 2,
  },
  {
    packet: 'CONNACK of MQTT 5 that is cut, or goes on behind its properties',
    clause: '§3.2.2',
    violation: 'wrong-length',
    peer: 'reads',
    isMet: (frame) => is5(frame) && isType(frame, connack) && (frame.body.length < 2 || isBlockCut(frame, true)),
  },
  {
    packet: 'PUBLISH whose topic is cut',
    clause: '§3.3.2.1',
    violation: 'wrong-length',
    peer: 'refuses',
    isMet: (frame) => isType(frame, publish) && topicEnd(frame) > frame.body.length,
  },
  {
    packet: 'PUBLISH of QoS 1 or 2 whose packet id is cut: it gets another',
    clause: '§3.3.2.2',
    violation: 'wrong-length',
    peer: 'reads',
    isMet: (frame) => isTopicWhole(frame) && publishIdEnd(frame) > frame.body.length,
  },
  {
    packet: 'PUBLISH whose properties are cut, or missing',
    clause: '§2.2.2.1',
    violation: 'wrong-length',
    peer: 'reads',
    isMet: (frame) => isTopicWhole(frame) && isBlockCut(frame, false),
  },
  {
    packet: 'PUBACK, PUBREC, PUBREL or PUBCOMP that is cut, or goes on behind its end',
    clause: '§3.4.1, §3.4.2; §3.4.1 of 3.1.1',
    violation: 'wrong-length',
    peer: 'reads',
    isMet: (frame) =>
      isType(frame, ...ACKNOWLEDGEMENTS) &&
      (frame.body.length < 2 || (isOld(frame) ? frame.body.length > 2 : isBlockCut(frame, true))),
  },
  {
    packet: 'SUBACK that is cut, or has no code',
    clause: '§3.9.2, §3.9.3',
    violation: 'wrong-length',
    peer: 'reads',
    isMet: (frame) => isType(frame, suback) && isAnswerCut(frame),
  },
  {
    packet: 'UNSUBACK of MQTT 5 that is cut, or has no code',
    clause: '§3.11.2, §3.11.3',
    violation: 'wrong-length',
    peer: 'reads',
    isMet: (frame) => is5(frame) && isType(frame, unsuback) && isAnswerCut(frame),
  },
  {
    packet: 'UNSUBACK of 3.1.1 of another length than 2',
    clause: '§3.11.1 of 3.1.1',
    violation: 'wrong-length',
    peer: 'refuses',
    isMet: (frame) => isOld(frame) && isType(frame, unsuback) && frame.body.length !== 2,
  },
  {
    packet: 'PINGRESP with a body',
    clause: '§3.13.2',
    violation: 'wrong-length',
    peer: 'reads',
    isMet: (frame) => isType(frame, pingresp) && frame.body.length > 0,
  },
  {
    packet: 'DISCONNECT that is cut, or goes on behind its properties',
    clause: '§3.14.2.2',
    violation: 'wrong-length',
    peer: 'reads',
    isMet: (frame) => is5(frame) && isType(frame, disconnect) && isBlockCut(frame, true),
  },

  // --- Codes, ids, topics ---------------------------------------------------------------------------------------------
  {
    packet: 'CONNACK with reserved flags',
    clause: '§3.2.2.1',
    violation: 'reserved-bits',
    peer: 'refuses',
    isMet: (frame) => isType(frame, connack) && codeOf(frame, 0) > 1,
  },
  {
    packet: 'CONNACK that refuses, and has a session',
    clause: '[MQTT-3.2.2-6]; [MQTT-3.2.2-4] of 3.1.1',
    violation: 'reserved-bits',
    peer: 'reads',
    isMet: (frame) => isType(frame, connack) && codeOf(frame, 0) === 1 && codeOf(frame, 1) !== 0,
  },
  {
    packet: 'CONNACK with a code that its version does not have',
    clause: '[MQTT-3.2.2-8]; §3.2.2.3 of 3.1.1',
    violation: 'reserved-reason-code',
    peer: 'reads',
    isMet: (frame) => isType(frame, connack) && !isConnackCode(frame),
  },
  {
    packet: 'PUBACK, PUBREC, PUBREL or PUBCOMP with a code that says yes, and is none of its own',
    clause: '§3.4.2.1 to §3.7.2.1',
    violation: 'reserved-reason-code',
    peer: 'refuses',
    isMet: (frame) => is5(frame) && isType(frame, ...ACKNOWLEDGEMENTS) && !isAcknowledgementCode(frame),
  },
  {
    packet: 'SUBACK or UNSUBACK with a code that says yes, and is none of its own',
    clause: '§3.9.3, §3.11.3; [MQTT-3.9.3-2] of 3.1.1',
    violation: 'reserved-reason-code',
    peer: 'refuses',
    isMet: (frame) => isAnswer(frame) && answerCodes(frame).some((code) => !isAnswerCode(frame, code)),
  },
  {
    packet: 'DISCONNECT with a code that says yes, and is in no list',
    clause: '§3.14.2.1',
    violation: 'reserved-reason-code',
    peer: 'refuses',
    isMet: (frame) => is5(frame) && isType(frame, disconnect) && !isDisconnectCode(codeOf(frame, 0)),
  },
  {
    packet: 'DISCONNECT with the code that asks for the will: only a client has one',
    clause: '§3.14.2.1',
    violation: 'reserved-reason-code',
    peer: 'reads',
    isMet: (frame) => is5(frame) && isType(frame, disconnect) && codeOf(frame, 0) === 0x04,
  },
  {
    packet: 'a code that says no, and is in no list: it says no all the same',
    clause: '§2.4',
    violation: undefined,
    peer: 'refuses',
    isMet: (frame) => is5(frame) && hasFailureCode(frame),
  },
  {
    packet: 'packet id 0',
    clause: '[MQTT-2.2.1-3], [MQTT-2.2.1-4]; [MQTT-2.3.1-1] of 3.1.1',
    violation: 'packet-id-zero',
    peer: 'reads',
    isMet: (frame) => packetIdOf(frame) === 0,
  },
  {
    packet: 'PUBLISH whose topic is empty, or has wildcards',
    clause: '[MQTT-4.7.3-1], [MQTT-3.3.2-2]',
    violation: 'invalid-topic',
    peer: 'reads',
    isMet: (frame) => isTopicWhole(frame) && (topicOf(frame).length === 0 || hasWildcard(topicOf(frame))),
  },
  {
    packet: 'PUBLISH whose topic is no UTF-8, or has a NUL',
    clause: '[MQTT-3.3.2-1], [MQTT-1.5.4-1], [MQTT-1.5.4-2]',
    violation: 'malformed-string',
    peer: 'reads',
    isMet: (frame) => isTopicWhole(frame) && !isText(topicOf(frame)),
  },

  // --- Properties (§2.2.2) --------------------------------------------------------------------------------------------
  {
    packet: 'a length of properties of more bytes than it needs, or than four',
    clause: '[MQTT-1.5.5-1], §2.2.2.1',
    violation: 'malformed-property',
    peer: 'reads',
    isMet: (frame) => propertiesOf(frame)?.length === 'overlong',
  },
  {
    packet: 'a property that MQTT does not have',
    clause: '§2.2.2.2',
    violation: 'malformed-property',
    peer: 'refuses',
    isMet: (frame) => propertiesOf(frame)?.fault === 'unknown',
  },
  {
    packet: 'a property of another packet',
    clause: '§2.2.2.2, table 2-4',
    violation: 'malformed-property',
    peer: 'reads',
    isMet: (frame) => hasProperty(frame, ({ id }) => isStrayed(frame, id)),
  },
  {
    packet: 'a property whose value goes beyond the properties, or has more bytes than it needs',
    clause: '§2.2.2.1, [MQTT-1.5.5-1]',
    violation: 'malformed-property',
    peer: 'reads',
    isMet: (frame) => ['cut', 'overlong'].includes(propertiesOf(frame)?.fault ?? ''),
  },
  {
    packet: 'a property twice, user properties and subscription identifiers aside',
    clause: '§2.2.2.2',
    violation: 'duplicate-property',
    peer: 'reads',
    isMet: isRepeated,
  },
  {
    packet: 'a property with a value that it cannot have',
    clause: '§3.2.2.3, §3.3.2.3',
    violation: 'invalid-property-value',
    peer: 'reads',
    isMet: (frame) => hasProperty(frame, (property) => !isInRange(property)),
  },
  {
    packet: 'a property that is no UTF-8, or has a NUL',
    clause: '[MQTT-1.5.4-1], [MQTT-1.5.4-2]',
    violation: 'malformed-string',
    peer: 'reads',
    isMet: (frame) => hasProperty(frame, (property) => !isString(property)),
  },
  {
    packet: 'a user property that comes again after it was empty: the empty one is lost',
    clause: '§2.2.2.2, [MQTT-3.3.2-17]',
    violation: undefined,
    peer: 'misreads',
    isMet: (frame) => hasProperty(frame, comesAgainAfterEmpty),
  },
  {
    packet: 'PUBLISH with a topic alias, although we announced that we take none',
    clause: '[MQTT-3.1.2-26], [MQTT-3.1.2-27]',
    violation: 'topic-alias',
    peer: 'reads',
    isMet: (frame) => isType(frame, publish) && hasProperty(frame, ({ id }) => id === TOPIC_ALIAS),
  },
  {
    packet: 'CONNACK with an authentication that nobody asked for',
    clause: '[MQTT-4.12.0-6]',
    violation: 'authentication-not-asked',
    peer: 'reads',
    isMet: (frame) =>
      isType(frame, connack) && hasProperty(frame, ({ id }) => id === AUTHENTICATION_METHOD || id === AUTHENTICATION_DATA),
  },
];

/** The rules about which mqtt-packet does not do as we do. */
export const DIFFERENCES: readonly Rule[] = RULES.filter(
  ({ violation, peer }) => (violation === undefined) === (peer === 'refuses'),
);

// --- What some of them ask --------------------------------------------------------------------------------------------

function lengthBytes({ body, padding }: Frame): number {
  return (body.length < 128 ? 1 : body.length < 16_384 ? 2 : body.length < 2_097_152 ? 3 : 4) + padding;
}

function isAnswer(frame: Frame): boolean {
  return isType(frame, suback) || (is5(frame) && isType(frame, unsuback));
}

function isAnswerCut(frame: Frame): boolean {
  const block = propertiesOf(frame);
  if (block && block.length !== 'good') return isTooShort(frame, block);
  return frame.body.length < 2 || answerCodes(frame).length === 0;
}

function isConnackCode(frame: Frame): boolean {
  const code = codeOf(frame, 1);
  const isOfOldVersion = isOld(frame) || (frame.body.length === 2 && code !== 0);
  return isOfOldVersion ? code <= 5 : code === 0 || isFailure(code);
}

function isAcknowledgementCode(frame: Frame): boolean {
  const code = codeOf(frame, 2);
  return code === 0 || isFailure(code) || (code === 0x10 && isType(frame, puback, pubrec));
}

function isAnswerCode(frame: Frame, code: number): boolean {
  if (isOld(frame)) return code <= 2 || code === 0x80;
  if (isFailure(code)) return true;
  return isType(frame, suback) ? code <= 2 : code === 0 || code === 0x11;
}

function isDisconnectCode(code: number): boolean {
  return code === 0 || code === 0x04 || isFailure(code);
}

function hasFailureCode(frame: Frame): boolean {
  if (isType(frame, disconnect)) return isFailure(codeOf(frame, 0));
  if (isType(frame, ...ACKNOWLEDGEMENTS)) return isFailure(codeOf(frame, 2));
  return isType(frame, suback, unsuback) && answerCodes(frame).some(isFailure);
}

/** The packet id, where there is one, and it is all there. */
function packetIdOf(frame: Frame): number | undefined {
  const { body } = frame;
  if (isType(frame, publish)) {
    const end = publishIdEnd(frame);
    return qosOf(frame) > 0 && end <= body.length ? uint16(body, end - 2) : undefined;
  }
  return isType(frame, ...ACKNOWLEDGEMENTS, suback, unsuback) && body.length >= 2 ? uint16(body, 0) : undefined;
}
