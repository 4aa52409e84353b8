// Why a packet says no: the reason codes of MQTT 5 (§2.4), the return codes of 3.1.1, and what a broken rule is told to the server as.

/** Reason codes that this client sends or acts on; others are handed on as they come. */
export const ReasonCode = Object.freeze({
  success: 0x00,
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
  unspecifiedError: 0x80,
  malformedPacket: 0x81,
  protocolError: 0x82,
  implementationSpecificError: 0x83,
  unsupportedProtocolVersion: 0x84,
  clientIdentifierNotValid: 0x85,
  badUserNameOrPassword: 0x86,
  notAuthorized: 0x87,
  serverUnavailable: 0x88,
  badAuthenticationMethod: 0x8c,
  sessionTakenOver: 0x8e,
  topicNameInvalid: 0x90,
  packetIdentifierNotFound: 0x92,
  receiveMaximumExceeded: 0x93,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  quotaExceeded: 0x97,
  payloadFormatInvalid: 0x99,
} as const);

/** Codes from here on mean no (§2.4); those below acknowledge. */
export const FAILURE_CODES_BEGIN = 0x80;

/** CONNACK return codes of 3.1.1 (§3.2.2.3 there). */
export const ConnectReturnCode = Object.freeze({
  accepted: 0,
  unacceptableProtocolVersion: 1,
  identifierRejected: 2,
  serverUnavailable: 3,
  badUserNameOrPassword: 4,
  notAuthorized: 5,
} as const);

/** SUBACK return code of a filter that the server refused in 3.1.1 (§3.9.3 there); the others are the granted QoS. */
export const SUBSCRIPTION_REFUSED = 0x80;

/** How a server broke the protocol in a packet of its own; the connection must be closed ([MQTT-4.13.1-1]). */
export type ProtocolViolation =
  | 'reserved-flags'
  | 'unexpected-packet-type'
  | 'malformed-remaining-length'
  | 'wrong-length'
  | 'packet-too-large'
  | 'reserved-bits'
  | 'reserved-reason-code'
  | 'invalid-qos'
  | 'invalid-topic'
  | 'malformed-string'
  | 'packet-id-zero'
  | 'malformed-property'
  | 'duplicate-property'
  | 'invalid-property-value'
  | 'topic-alias'
  | 'authentication-not-asked';

/** How a server broke the protocol by what it sent when. */
export type SessionViolation =
  | 'packet-before-connack'
  | 'second-connack'
  | 'session-present-after-clean-start'
  | 'unexpected-acknowledgement'
  | 'receive-maximum-exceeded';

/** The reason code with which this client leaves (§4.13). */
export function reasonFor(violation: ProtocolViolation | SessionViolation): number {
  switch (violation) {
    case 'reserved-flags':
    case 'malformed-remaining-length':
    case 'wrong-length':
    case 'reserved-bits':
    case 'reserved-reason-code':
    case 'invalid-qos':
    case 'malformed-string':
    case 'malformed-property':
      return ReasonCode.malformedPacket;
    case 'packet-too-large':
      return ReasonCode.packetTooLarge;
    case 'topic-alias':
      return ReasonCode.topicAliasInvalid;
    case 'receive-maximum-exceeded':
      return ReasonCode.receiveMaximumExceeded;
    default:
      return ReasonCode.protocolError;
  }
}
