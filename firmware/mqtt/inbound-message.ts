// A received message: what every message has as fields, what MQTT 5 adds is looked up when it is asked for.

import { Properties, PropertyId } from './properties.js';
import { EMPTY, type QoS } from './protocol.js';
import { isTopicName } from './topic.js';

/** One object serves for all messages: it and its views are valid only during the call that hands it over. */
export class InboundMessage {
  topic: Uint8Array = EMPTY;
  payload: Uint8Array = EMPTY;
  qos: QoS = 0;
  retain = false;
  dup = false;
  /** 1 to 65,535 with QoS 1 and 2; 0 with QoS 0, which has none. */
  packetId = 0;
  readonly properties = new Properties();

  /** Where an answer goes, or `undefined` where none is asked for, or what is asked for is no topic name ([MQTT-3.3.2-14]). */
  get responseTopic(): Uint8Array | undefined {
    const topic = this.properties.bytes(PropertyId.responseTopic);
    return topic !== undefined && isTopicName(topic) ? topic : undefined;
  }

  /** What an answer must carry, so that it is known for what it answers (§3.3.2.3.6). */
  get correlationData(): Uint8Array | undefined {
    return this.properties.bytes(PropertyId.correlationData);
  }

  /** UTF-8 (§3.3.2.3.9). */
  get contentType(): Uint8Array | undefined {
    return this.properties.bytes(PropertyId.contentType);
  }

  /** Whether the sender says that the payload is UTF-8 text (§3.3.2.3.2). */
  get isText(): boolean {
    return this.properties.number(PropertyId.payloadFormatIndicator) === 1;
  }

  /** Seconds that the message has left, or `undefined` where it does not expire (§3.3.2.3.3). */
  get messageExpirySeconds(): number | undefined {
    return this.properties.number(PropertyId.messageExpiryInterval);
  }
}
