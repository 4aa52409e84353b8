// Records what the parser reports as plain values, so that two ways of feeding it can be compared.

import type { PacketHandler } from '../../firmware/mqtt/decode.js';
import type { InboundMessage } from '../../firmware/mqtt/inbound-message.js';
import { Parser } from '../../firmware/mqtt/parser.js';
import { type Properties, PropertyId } from '../../firmware/mqtt/properties.js';
import { type AcknowledgementType, MQTT_3_1_1, type ProtocolLevel, type QoS } from '../../firmware/mqtt/protocol.js';
import type { ProtocolViolation } from '../../firmware/mqtt/reason.js';
import { decodeUtf8 } from '../../firmware/mqtt/utf8.js';
import { toHex } from './hex.js';

/** Properties by their names in `PropertyId`: strings as text, binary data in hex, user properties and subscription identifiers as lists. */
export interface PropertyValues {
  readonly userProperties?: readonly (readonly [name: string, value: string])[];
  readonly subscriptionIdentifiers?: readonly number[];
  readonly [name: string]: number | string | readonly (readonly [string, string])[] | readonly number[];
}

interface PublishEvent {
  readonly topic: string;
  /** In hex. */
  readonly payload: string;
  readonly qos: QoS;
  readonly retain: boolean;
  readonly dup: boolean;
  readonly packetId: number;
  readonly properties?: PropertyValues;
}

export type PacketEvent =
  | {
      readonly type: 'connack';
      readonly sessionPresent: boolean;
      readonly reasonCode: number;
      readonly properties?: PropertyValues;
    }
  | ({ readonly type: 'publish' } & PublishEvent)
  /** One that came in pieces, which are put together here. */
  | ({ readonly type: 'long-publish' } & PublishEvent)
  | {
      readonly type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';
      readonly packetId: number;
      readonly reasonCode: number;
      readonly properties?: PropertyValues;
    }
  | {
      readonly type: 'suback' | 'unsuback';
      readonly packetId: number;
      readonly reasonCodes: readonly number[];
      readonly properties?: PropertyValues;
    }
  | { readonly type: 'pingresp' }
  | { readonly type: 'disconnect'; readonly reasonCode: number; readonly properties?: PropertyValues };

const ACKNOWLEDGEMENTS = { 4: 'puback', 5: 'pubrec', 6: 'pubrel', 7: 'pubcomp' } as const;

export class PacketLog implements PacketHandler {
  readonly events: PacketEvent[] = [];
  #long: PublishEvent | undefined;
  #pieces: Uint8Array[] = [];
  #expected = 0;

  onConnack(sessionPresent: boolean, reasonCode: number, properties: Properties): void {
    this.events.push({ type: 'connack', sessionPresent, reasonCode, ...valuesOf(properties) });
  }

  onPublish(message: InboundMessage): void {
    this.events.push({ type: 'publish', ...eventOf(message) });
  }

  onPublishStart(message: InboundMessage, payloadLength: number): void {
    this.#long = eventOf(message);
    this.#pieces = [];
    this.#expected = payloadLength;
  }

  onPublishPiece(piece: Uint8Array): void {
    this.#pieces.push(piece.slice());
  }

  onPublishEnd(): void {
    const payload = Buffer.concat(this.#pieces);
    if (!this.#long || payload.length !== this.#expected) throw new Error(`${payload.length} bytes of ${this.#expected} came`);
    this.events.push({ type: 'long-publish', ...this.#long, payload: toHex(payload) });
  }

  onAcknowledgement(type: AcknowledgementType, packetId: number, reasonCode: number, properties: Properties): void {
    this.events.push({ type: ACKNOWLEDGEMENTS[type], packetId, reasonCode, ...valuesOf(properties) });
  }

  onSuback(packetId: number, reasonCodes: Uint8Array, properties: Properties): void {
    this.events.push({ type: 'suback', packetId, reasonCodes: [...reasonCodes], ...valuesOf(properties) });
  }

  onUnsuback(packetId: number, reasonCodes: Uint8Array, properties: Properties): void {
    this.events.push({ type: 'unsuback', packetId, reasonCodes: [...reasonCodes], ...valuesOf(properties) });
  }

  onPingresp(): void {
    this.events.push({ type: 'pingresp' });
  }

  onServerDisconnect(reasonCode: number, properties: Properties): void {
    this.events.push({ type: 'disconnect', reasonCode, ...valuesOf(properties) });
  }
}

function eventOf(message: InboundMessage): PublishEvent {
  const { qos, retain, dup, packetId } = message;
  const topic = Buffer.from(message.topic).toString();
  return { topic, payload: toHex(message.payload), qos, retain, dup, packetId, ...valuesOf(message.properties) };
}

const BINARY: readonly number[] = [PropertyId.correlationData, PropertyId.authenticationData];

/** All properties that there are; nothing where there are none. */
export function valuesOf(properties: Properties): { properties?: PropertyValues } {
  const values: Record<string, number | string | [string, string][] | number[]> = {};
  for (const [name, id] of Object.entries(PropertyId)) {
    if (id === PropertyId.userProperty || id === PropertyId.subscriptionIdentifier) continue;
    const isNumber = isNumeric(id);
    const bytes = isNumber ? undefined : properties.bytes(id);
    const value = isNumber ? properties.number(id) : bytes && (BINARY.includes(id) ? toHex(bytes) : decodeUtf8(bytes));
    if (value !== undefined) values[name] = value;
  }
  const userProperties: [string, string][] = [];
  properties.eachUserProperty((name, value) => userProperties.push([decodeUtf8(name), decodeUtf8(value)]));
  if (userProperties.length > 0) values['userProperties'] = userProperties;
  const identifiers: number[] = [];
  properties.eachSubscriptionIdentifier((identifier) => identifiers.push(identifier));
  if (identifiers.length > 0) values['subscriptionIdentifiers'] = identifiers;
  return Object.keys(values).length > 0 ? { properties: values } : {};
}

/** What is a number, and neither text nor bytes (§2.2.2.2, table 2-4). */
function isNumeric(id: number): boolean {
  const texts: readonly number[] = [
    PropertyId.contentType,
    PropertyId.responseTopic,
    PropertyId.assignedClientIdentifier,
    PropertyId.authenticationMethod,
    PropertyId.responseInformation,
    PropertyId.serverReference,
    PropertyId.reasonString,
  ];
  return !BINARY.includes(id) && !texts.includes(id);
}

export interface ParseResult {
  readonly events: readonly PacketEvent[];
  readonly violation: ProtocolViolation | undefined;
}

/** What a fresh parser with a buffer of `capacity` says to `pieces`, pushed one after the other. */
export function parsePieces(
  pieces: readonly Uint8Array[],
  capacity: number,
  level: ProtocolLevel = MQTT_3_1_1,
  takesPieces = false,
): ParseResult {
  const log = new PacketLog();
  const parser = new Parser({ capacity, takesPieces }, log);
  parser.reset(level);
  let violation: ProtocolViolation | undefined;
  for (const piece of pieces) violation = parser.push(piece);
  return { events: log.events, violation };
}

/** All the ways to cut `bytes`: whole, in two at each place, and byte by byte. */
export function* cuts(bytes: Uint8Array): Generator<readonly Uint8Array[]> {
  yield [bytes];
  for (let at = 0; at <= bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield Array.from(bytes, (byte) => Uint8Array.of(byte));
}
