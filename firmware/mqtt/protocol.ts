// The numbers and shapes of MQTT 3.1.1 that encoder, parser and session share. Frozen, so that XS keeps them in flash.

/** Control packet types (MQTT 3.1.1 §2.2.1), in the upper four bits of a packet's first byte. */
export const PacketType = Object.freeze({
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  subscribe: 8,
  suback: 9,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
} as const);

/** CONNACK return codes (§3.2.2.3). */
export const ConnectReturnCode = Object.freeze({
  accepted: 0,
  unacceptableProtocolVersion: 1,
  identifierRejected: 2,
  serverUnavailable: 3,
  badUserNameOrPassword: 4,
  notAuthorized: 5,
} as const);

/** SUBACK return code of a filter that the server refused (§3.9.3); the others are the granted QoS. */
export const SUBSCRIPTION_REFUSED = 0x80;

export const PACKET_ID_MAXIMUM = 65_535;

/** Quality of service of a message in this client: at most once, or at least once. */
export type QoS = 0 | 1;

/** A message to be sent. One object can serve for all messages: it is read before `publish` returns. */
export interface OutboundMessage {
  /** UTF-8; a valid topic name. */
  topic: Uint8Array;
  /** The first `payloadLength` bytes are the payload. */
  payload: Uint8Array;
  payloadLength: number;
  qos: QoS;
  retain: boolean;
}

/** A received message. The views are valid only during the call that hands it over. */
export interface InboundMessage {
  topic: Uint8Array;
  payload: Uint8Array;
  qos: QoS;
  retain: boolean;
  dup: boolean;
  /** 1 to 65,535 with QoS 1; 0 with QoS 0, which has none. */
  packetId: number;
}

/** What the server publishes when this client is lost (§3.1.2.5). */
export interface Will {
  readonly topic: Uint8Array;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
}

export interface ConnectOptions {
  /** UTF-8, 1 to 23 bytes of letters and digits are accepted everywhere ([MQTT-3.1.3-5]); most servers take more. */
  readonly clientId: string;
  /** Discard the session that the server may still hold (§3.1.2.4). */
  readonly cleanSession: boolean;
  /** Seconds, 1 to 65,535 (§3.1.2.10). */
  readonly keepAliveSeconds: number;
  readonly will?: Will | undefined;
  readonly user?: string | undefined;
  /** Only together with `user` ([MQTT-3.1.2-22]). */
  readonly password?: string | undefined;
}

export interface Subscription {
  /** UTF-8; a valid topic filter. */
  readonly filter: Uint8Array;
  readonly qos: QoS;
}
