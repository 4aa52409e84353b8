// The properties of a received MQTT 5 packet (§2.2.2): checked once when the packet comes, found again when they are asked for.
// They stay where they are in the packet, so they cost no memory, and are valid as long as it.

import { EMPTY, PacketType } from './protocol.js';
import type { ProtocolViolation } from './reason.js';
import { isUtf8 } from './utf8.js';

/** §2.2.2.2, table 2-4. */
export const PropertyId = Object.freeze({
  payloadFormatIndicator: 0x01,
  messageExpiryInterval: 0x02,
  contentType: 0x03,
  responseTopic: 0x08,
  correlationData: 0x09,
  subscriptionIdentifier: 0x0b,
  sessionExpiryInterval: 0x11,
  assignedClientIdentifier: 0x12,
  serverKeepAlive: 0x13,
  authenticationMethod: 0x15,
  authenticationData: 0x16,
  requestProblemInformation: 0x17,
  willDelayInterval: 0x18,
  requestResponseInformation: 0x19,
  responseInformation: 0x1a,
  serverReference: 0x1c,
  reasonString: 0x1f,
  receiveMaximum: 0x21,
  topicAliasMaximum: 0x22,
  topicAlias: 0x23,
  maximumQoS: 0x24,
  retainAvailable: 0x25,
  userProperty: 0x26,
  maximumPacketSize: 0x27,
  wildcardSubscriptionAvailable: 0x28,
  subscriptionIdentifierAvailable: 0x29,
  sharedSubscriptionAvailable: 0x2a,
} as const);

type Id = (typeof PropertyId)[keyof typeof PropertyId];

/** How a value is written: a number of that many bytes, or one of these. */
const VARIABLE = 0;
const BINARY = 5;
const STRING = 6;
const STRING_PAIR = 7;

const bit = (type: number) => 1 << type;
const PUBLISH = bit(PacketType.publish);
const CONNACK = bit(PacketType.connack);
const DISCONNECT = bit(PacketType.disconnect);
const ACKNOWLEDGEMENTS =
  bit(PacketType.puback) |
  bit(PacketType.pubrec) |
  bit(PacketType.pubrel) |
  bit(PacketType.pubcomp) |
  bit(PacketType.suback) |
  bit(PacketType.unsuback);

/** In which packets a server may send a property, one bit for each packet type; 0 for what no server sends. */
function packetsWith(id: number): number {
  switch (id) {
    case PropertyId.payloadFormatIndicator:
    case PropertyId.messageExpiryInterval:
    case PropertyId.contentType:
    case PropertyId.responseTopic:
    case PropertyId.correlationData:
    case PropertyId.subscriptionIdentifier:
    case PropertyId.topicAlias:
      return PUBLISH;
    case PropertyId.sessionExpiryInterval:
    case PropertyId.assignedClientIdentifier:
    case PropertyId.serverKeepAlive:
    case PropertyId.authenticationMethod:
    case PropertyId.authenticationData:
    case PropertyId.responseInformation:
    case PropertyId.receiveMaximum:
    case PropertyId.topicAliasMaximum:
    case PropertyId.maximumQoS:
    case PropertyId.retainAvailable:
    case PropertyId.maximumPacketSize:
    case PropertyId.wildcardSubscriptionAvailable:
    case PropertyId.subscriptionIdentifierAvailable:
    case PropertyId.sharedSubscriptionAvailable:
      return CONNACK;
    case PropertyId.serverReference:
      return CONNACK | DISCONNECT;
    case PropertyId.reasonString:
      return CONNACK | ACKNOWLEDGEMENTS | DISCONNECT;
    case PropertyId.userProperty:
      return CONNACK | PUBLISH | ACKNOWLEDGEMENTS | DISCONNECT;
    default:
      return 0;
  }
}

function formOf(id: number): number {
  switch (id) {
    case PropertyId.payloadFormatIndicator:
    case PropertyId.maximumQoS:
    case PropertyId.retainAvailable:
    case PropertyId.wildcardSubscriptionAvailable:
    case PropertyId.subscriptionIdentifierAvailable:
    case PropertyId.sharedSubscriptionAvailable:
      return 1;
    case PropertyId.serverKeepAlive:
    case PropertyId.receiveMaximum:
    case PropertyId.topicAliasMaximum:
    case PropertyId.topicAlias:
      return 2;
    case PropertyId.messageExpiryInterval:
    case PropertyId.sessionExpiryInterval:
    case PropertyId.maximumPacketSize:
      return 4;
    case PropertyId.subscriptionIdentifier:
      return VARIABLE;
    case PropertyId.correlationData:
    case PropertyId.authenticationData:
      return BINARY;
    case PropertyId.userProperty:
      return STRING_PAIR;
    default:
      return STRING;
  }
}

export class Properties {
  private _bytes: Uint8Array = EMPTY;
  /** Where the first property begins, and behind the last. */
  private start = 0;
  private _end = 0;

  /** Offset behind the last property. */
  get end(): number {
    return this._end;
  }

  clear(): void {
    this._bytes = EMPTY;
    this.start = 0;
    this._end = 0;
  }

  /** Reads the length at `at`, and checks the properties of a packet of `type` that ends at `limit`. Nothing is kept after a violation. */
  load(bytes: Uint8Array, at: number, limit: number, type: number): ProtocolViolation | undefined {
    if (at < limit && bytes[at] === 0) {
      // As in nearly every packet: none.
      this.start = at + 1;
      this._end = at + 1;
      return undefined;
    }
    const violation = this.loadList(bytes, at, limit, type);
    if (violation) this.clear();
    return violation;
  }

  private loadList(bytes: Uint8Array, at: number, limit: number, type: number): ProtocolViolation | undefined {
    const start = endOfVariable(bytes, at, limit);
    // Where the packet may just be cut, its length is wrong.
    if (start < 0) return limit - at < 4 ? 'wrong-length' : 'malformed-property';
    const end = start + variableAt(bytes, at);
    if (end > limit) return 'wrong-length';
    this._bytes = bytes;
    this.start = start;
    this._end = end;
    return this.check(type);
  }

  /** A number, or `undefined` where there is no such property. */
  number(id: Id): number | undefined {
    const at = this.find(id);
    if (at < 0) return undefined;
    const form = formOf(id);
    return form === VARIABLE ? variableAt(this._bytes, at) : numberAt(this._bytes, at, form);
  }

  /** The bytes of a string or of binary data, as a view, or `undefined` where there is no such property. */
  bytes(id: Id): Uint8Array | undefined {
    const at = this.find(id);
    return at < 0 ? undefined : lengthPrefixed(this._bytes, at);
  }

  /** Calls `visit` with each user property in order: name and value as UTF-8, as views. */
  eachUserProperty(visit: (name: Uint8Array, value: Uint8Array) => void): void {
    for (
      let at = this.find(PropertyId.userProperty);
      at >= 0;
      at = this.findFrom(PropertyId.userProperty, this.behind(at, STRING_PAIR))
    ) {
      const name = lengthPrefixed(this._bytes, at);
      visit(name, lengthPrefixed(this._bytes, at + 2 + name.length));
    }
  }

  /** Calls `visit` with each subscription identifier: one for each subscription that brought the message (§3.3.2.3.8). */
  eachSubscriptionIdentifier(visit: (identifier: number) => void): void {
    const id = PropertyId.subscriptionIdentifier;
    for (let at = this.find(id); at >= 0; at = this.findFrom(id, this.behind(at, VARIABLE))) visit(variableAt(this._bytes, at));
  }

  // --- Inside -------------------------------------------------------------------------------------------------------

  private check(type: number): ProtocolViolation | undefined {
    // Identifiers go up to 42: two words have a bit for each.
    let seenLow = 0;
    let seenHigh = 0;
    for (let at = this.start; at < this._end; ) {
      // An identifier is a variable byte integer (§2.2.2.2), but those that there are have one byte.
      const id = this._bytes[at++] as number;
      if ((packetsWith(id) & bit(type)) === 0) return 'malformed-property';
      if (id !== PropertyId.userProperty && id !== PropertyId.subscriptionIdentifier) {
        const seen = bit(id & 31);
        if (((id < 32 ? seenLow : seenHigh) & seen) !== 0) return 'duplicate-property';
        if (id < 32) seenLow |= seen;
        else seenHigh |= seen;
      }
      const form = formOf(id);
      const next = this.behind(at, form);
      if (next < 0) return 'malformed-property';
      const violation = this.checkValue(id, form, at, next);
      if (violation) return violation;
      at = next;
    }
    return undefined;
  }

  private checkValue(id: number, form: number, at: number, next: number): ProtocolViolation | undefined {
    const bytes = this._bytes;
    // This client announces that it takes none (§3.1.2.11.5).
    if (id === PropertyId.topicAlias) return 'topic-alias';
    // The server must not begin an authentication that nobody asked for ([MQTT-4.12.0-6]).
    if (id === PropertyId.authenticationMethod || id === PropertyId.authenticationData) return 'authentication-not-asked';
    if (form === STRING) return isUtf8(bytes, at + 2, next) ? undefined : 'malformed-string';
    if (form === STRING_PAIR) {
      const nameEnd = at + 2 + numberAt(bytes, at, 2);
      return isUtf8(bytes, at + 2, nameEnd) && isUtf8(bytes, nameEnd + 2, next) ? undefined : 'malformed-string';
    }
    if (form === 1 && (bytes[at] as number) > 1) return 'invalid-property-value';
    const isZero = form === VARIABLE ? bytes[at] === 0 : form < BINARY && numberAt(bytes, at, form) === 0;
    const mayNotBeZero =
      id === PropertyId.receiveMaximum || id === PropertyId.maximumPacketSize || id === PropertyId.subscriptionIdentifier;
    return isZero && mayNotBeZero ? 'invalid-property-value' : undefined;
  }

  private find(id: Id): number {
    return this.findFrom(id, this.start);
  }

  /** Offset of the value of the first property `id` at or behind `from`; -1 where there is none. */
  private findFrom(id: Id, from: number): number {
    // Whoever asks when the call is over looks at other bytes, and must come to an end all the same.
    for (let at = from; at >= 0 && at < this._end; ) {
      const found = this._bytes[at++] as number;
      if (found === id) return at;
      at = this.behind(at, formOf(found));
    }
    return -1;
  }

  /** Offset behind the value that begins at `at`; -1 where the properties end first. */
  private behind(at: number, form: number): number {
    const end = this._end;
    if (form === VARIABLE) return endOfVariable(this._bytes, at, end);
    let next = at + form;
    if (form >= BINARY) {
      next = endOfPrefixed(this._bytes, at, end);
      if (form === STRING_PAIR && next >= 0) next = endOfPrefixed(this._bytes, next, end);
    }
    return next > end ? -1 : next;
  }
}

function endOfPrefixed(bytes: Uint8Array, at: number, limit: number): number {
  if (at + 2 > limit) return -1;
  const end = at + 2 + numberAt(bytes, at, 2);
  return end > limit ? -1 : end;
}

function lengthPrefixed(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.subarray(at + 2, at + 2 + numberAt(bytes, at, 2));
}

/** The number of `byteCount` bytes at `at`, high byte first. */
function numberAt(bytes: Uint8Array, at: number, byteCount: number): number {
  let value = 0;
  for (let index = at; index < at + byteCount; index++) value = value * 256 + (bytes[index] as number);
  return value;
}

/** Offset behind the variable byte integer at `at`; -1 where it is longer than four bytes, than it needs ([MQTT-1.5.5-1]), or than `limit`. */
function endOfVariable(bytes: Uint8Array, at: number, limit: number): number {
  for (let index = at; index < limit && index < at + 4; index++) {
    const byte = bytes[index] as number;
    if (byte < 0x80) return byte === 0 && index > at ? -1 : index + 1;
  }
  return -1;
}

function variableAt(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let shift = 0, index = at; ; shift += 7, index++) {
    const byte = bytes[index] as number;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}
