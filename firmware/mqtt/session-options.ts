// What a session is made with: its limits, who builds its messages, and who hears what happens.

import type { InboundMessage } from './inbound-message.js';
import type { Properties } from './properties.js';
import type { OutboundMessage } from './protocol.js';
import type { ProtocolViolation, SessionViolation } from './reason.js';

/** Why a session gave its connection up. */
export type SessionFailure =
  | ProtocolViolation
  | SessionViolation
  | 'connack-timeout'
  | 'connection-refused'
  | 'server-disconnected'
  | 'beyond-server-limits'
  | 'acknowledgement-timeout'
  | 'ping-timeout'
  | 'send-timeout'
  | 'output-full';

/** Builds messages: once to send them first, and again, byte for byte the same, when they must be redelivered. */
export interface Outbox {
  /**
   * Fills `message` with the message that `tag` stands for. Its QoS is 1 where that is not changed to 2; it has no properties and no
   * source but those that are set here.
   */
  compose(tag: number, message: OutboundMessage): void;
}

/** Receives what happens; called from within `receive`, `sent` and `tick`. Commands may be given from within a call. */
export interface SessionHandler {
  /**
   * The server accepted the connection. Where `sessionPresent` is false, `onSessionLost` came first if anything was in flight.
   * `properties` are those of its CONNACK: assigned client id, response information and what else it says.
   */
  onConnected(sessionPresent: boolean, properties: Properties): void;
  /** The server kept no session: all messages in flight are forgotten, and their tags are free. */
  onSessionLost(): void;
  /** The message with this tag is the server's now (QoS 2: and will not be sent again); the tag is free. */
  onAcknowledged(tag: number, reasonCode: number): void;
  /** MQTT 5: the server does not take the message with this tag, as `reasonCode` (0x80 or more) says; the tag is free. */
  onRefused(tag: number, reasonCode: number, properties: Properties): void;
  /** One reason code for each filter: the granted QoS, or 0x80 and more. */
  onSubscribed(reasonCodes: Uint8Array, properties: Properties): void;
  /** MQTT 5: one reason code for each filter; 3.1.1: none. */
  onUnsubscribed(reasonCodes: Uint8Array, properties: Properties): void;
  onMessage(message: InboundMessage): void;
  /** A message longer than the input buffer was skipped: in 3.1.1, or because the stream did not want it. */
  onOversizedMessage(): void;
  /**
   * The connection cannot go on: the owner sends what is pending where there is a farewell, closes the transport, and then calls
   * `close`. `reasonCode` and `properties` are those of the server's CONNACK or DISCONNECT, else 0 and `undefined`.
   */
  onFailed(failure: SessionFailure, reasonCode: number, properties: Properties | undefined): void;
}

/** Takes messages that are longer than the input buffer, piece by piece. */
export interface MessageStream {
  /** A message begins, its payload left out. Returns whether it is wanted. */
  begin(message: InboundMessage, payloadLength: number): boolean;
  /** The next bytes of its payload: a view, valid during the call. */
  piece(bytes: Uint8Array): void;
  /** It is complete. */
  end(): void;
  /** The connection ended first; with QoS 1 and 2 it may come again from the start. */
  abort(): void;
}

export interface SessionOptions {
  /** Bytes of output that can be pending; the largest packet must fit beside `CONTROL_RESERVE_BYTES`. */
  readonly outputCapacity: number;
  /** Longest received packet that is handed on whole, in bytes without its fixed header. */
  readonly inputCapacity: number;
  /** Most QoS 1 and 2 messages in flight. */
  readonly window: number;
  /** Most QoS 1 and 2 messages that the server may send ahead of their acknowledgement. */
  readonly receiveMaximum: number;
  /** How long the server may take for its CONNACK. */
  readonly connackTimeoutMs: number;
  /** How long it may take to acknowledge a PUBLISH, SUBSCRIBE or UNSUBSCRIBE, and to take bytes of a long message. */
  readonly acknowledgementTimeoutMs: number;
  /** How long it may take for a PINGRESP. */
  readonly pingTimeoutMs: number;
  readonly outbox: Outbox;
  readonly handler: SessionHandler;
  /** Without it, messages longer than the input buffer are refused (MQTT 5) or skipped (3.1.1). */
  readonly stream?: MessageStream | undefined;
}

/** Output room that messages leave for acknowledgements and pings. */
export const CONTROL_RESERVE_BYTES = 64;
