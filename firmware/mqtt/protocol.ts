// The numbers and shapes of MQTT 3.1.1 and 5 that encoder, parser and session share. Frozen, so that XS keeps them in flash.
// Clauses are those of MQTT 5, unless 3.1.1 is named.

/** Control packet types (§2.1.2), in the upper four bits of a packet's first byte. */
export const PacketType = Object.freeze({
  connect: 1,
  connack: 2,
  publish: 3,
  puback: 4,
  pubrec: 5,
  pubrel: 6,
  pubcomp: 7,
  subscribe: 8,
  suback: 9,
  unsubscribe: 10,
  unsuback: 11,
  pingreq: 12,
  pingresp: 13,
  disconnect: 14,
  auth: 15,
} as const);

/** The packets that move a message of QoS 1 or 2 on (§3.4 to §3.7). */
export type AcknowledgementType = 4 | 5 | 6 | 7;

/** Protocol level as CONNECT says it (§3.1.2.2): 4 is MQTT 3.1.1, 5 is MQTT 5. */
export type ProtocolLevel = 4 | 5;

export const MQTT_3_1_1 = 4;
export const MQTT_5 = 5;

/** No bytes: one array for all who have none, in a board's flash. */
export const EMPTY = new Uint8Array(0);

export const PACKET_ID_MAXIMUM = 65_535;

/** Largest variable byte integer (§1.5.5), and so the largest remaining length. */
export const VARIABLE_LENGTH_MAXIMUM = 268_435_455;

/** Bytes of the longest fixed header: type, and four bytes of remaining length. */
export const FIXED_HEADER_MAXIMUM_BYTES = 5;

/** At most once, at least once, exactly once (§4.3). */
export type QoS = 0 | 1 | 2;

/** What MQTT 5 lets a message say beside its payload (§3.3.2.3); 3.1.1 leaves it out. */
export interface MessageProperties {
  /** The payload is UTF-8 text. */
  isText?: boolean | undefined;
  /** Seconds after which a server no longer delivers it, 0 to 4,294,967,295. */
  messageExpirySeconds?: number | undefined;
  /** UTF-8. */
  contentType?: Uint8Array | undefined;
  /** UTF-8; a valid topic name. */
  responseTopic?: Uint8Array | undefined;
  correlationData?: Uint8Array | undefined;
  /** Whole properties, one behind the other, as `encodeUserProperty` writes them. */
  userProperties?: Uint8Array | undefined;
}

/** Gives a payload piece by piece, so that it need not be in memory; the same bytes each time, for a redelivery. */
export interface PayloadSource {
  /** Fills all of `target` with the payload's bytes from `offset` on. */
  read(offset: number, target: Uint8Array): void;
}

/** A message to be sent. One object can serve for all messages: it is read before `publish` returns. */
export interface OutboundMessage extends MessageProperties {
  /** UTF-8; a valid topic name. */
  topic: Uint8Array;
  /** The first `payloadLength` bytes are the payload; not looked at where there is a `source`. */
  payload: Uint8Array;
  payloadLength: number;
  qos: QoS;
  retain: boolean;
  /** Where the `payloadLength` bytes come from, in place of `payload`. */
  source?: PayloadSource | undefined;
}

/** What the server publishes when this client is lost (§3.1.2.5). */
export interface Will extends Readonly<MessageProperties> {
  readonly topic: Uint8Array;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  /** Seconds that the server waits for this client to come back (§3.1.3.2.2). */
  readonly delaySeconds?: number | undefined;
}

export interface ConnectOptions {
  readonly level: ProtocolLevel;
  /**
   * UTF-8, 1 to 23 bytes of letters and digits are accepted everywhere ([MQTT-3.1.3-5]); most servers take more. Where it is empty, the
   * server chooses one: in 3.1.1 only with `cleanStart` ([MQTT-3.1.3-7] there).
   */
  readonly clientId: string;
  /** Discard the session that the server may still hold (§3.1.2.4). In 3.1.1 it also ends with this connection. */
  readonly cleanStart: boolean;
  /** Seconds, 0 to 65,535 (§3.1.2.10); 0 switches it off. */
  readonly keepAliveSeconds: number;
  /** MQTT 5: seconds for which the server keeps the session after the connection (§3.1.2.11.2); 0 where it is left out. */
  readonly sessionExpirySeconds?: number | undefined;
  /** MQTT 5: asks for a base of response topics (§3.1.2.11.6). */
  readonly requestsResponseInformation?: boolean | undefined;
  /** MQTT 5: false asks for no reason strings and user properties with acknowledgements (§3.1.2.11.7). */
  readonly requestsProblemInformation?: boolean | undefined;
  /** MQTT 5: as those of a message. */
  readonly userProperties?: Uint8Array | undefined;
  readonly will?: Will | undefined;
  readonly user?: string | undefined;
  /** 3.1.1: only together with `user` ([MQTT-3.1.2-22] there). */
  readonly password?: string | undefined;
}

export interface Subscription {
  /** UTF-8; a valid topic filter. */
  readonly filter: Uint8Array;
  readonly qos: QoS;
  /** MQTT 5: not what this client publishes itself. */
  readonly noLocal?: boolean | undefined;
  /** MQTT 5: RETAIN as it was published, not 0 for what is new. */
  readonly retainAsPublished?: boolean | undefined;
  /** MQTT 5: retained messages now (0, as without), only for a new subscription (1), or never (2). */
  readonly retainHandling?: 0 | 1 | 2 | undefined;
}

/** MQTT 5: what holds for all filters of one SUBSCRIBE or UNSUBSCRIBE. */
export interface RequestProperties {
  /** Comes with each message that these filters brought, 1 to 268,435,455 (§3.8.2.1.2). SUBSCRIBE only. */
  readonly identifier?: number | undefined;
  readonly userProperties?: Uint8Array | undefined;
}
