// What the server takes, as its CONNACK says (§3.2.2.3). In 3.1.1, and where it says nothing, it takes all that MQTT has.

import { type Properties, PropertyId } from './properties.js';
import { FIXED_HEADER_MAXIMUM_BYTES, PACKET_ID_MAXIMUM, type QoS, VARIABLE_LENGTH_MAXIMUM } from './protocol.js';

const PACKET_MAXIMUM_BYTES = FIXED_HEADER_MAXIMUM_BYTES + VARIABLE_LENGTH_MAXIMUM;

export class ServerLimits {
  /** QoS 1 and 2 messages that may be unfinished (§3.2.2.3.3). */
  receiveMaximum = PACKET_ID_MAXIMUM;
  /** Bytes of the largest packet (§3.2.2.3.6). */
  maximumPacketBytes = PACKET_MAXIMUM_BYTES;
  /** (§3.2.2.3.4) */
  maximumQoS: QoS = 2;
  /** (§3.2.2.3.5) */
  retainAvailable = true;
  /** (§3.2.2.3.12) */
  subscriptionIdentifiersAvailable = true;

  /** Takes over what a CONNACK says. */
  load(properties: Properties): void {
    this.receiveMaximum = properties.number(PropertyId.receiveMaximum) ?? PACKET_ID_MAXIMUM;
    this.maximumPacketBytes = properties.number(PropertyId.maximumPacketSize) ?? PACKET_MAXIMUM_BYTES;
    this.maximumQoS = (properties.number(PropertyId.maximumQoS) ?? 2) as QoS;
    this.retainAvailable = properties.number(PropertyId.retainAvailable) !== 0;
    this.subscriptionIdentifiersAvailable = properties.number(PropertyId.subscriptionIdentifierAvailable) !== 0;
  }
}
