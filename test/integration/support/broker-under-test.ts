// What a suite needs of a broker, whichever it is: somewhere to connect, and an end.

export interface BrokerUnderTest {
  /** For MQTT.js: `mqtt://127.0.0.1:port` or `ws://127.0.0.1:port`. */
  readonly url: string;
  close(): Promise<void>;
}
