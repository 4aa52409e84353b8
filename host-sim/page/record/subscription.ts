// The recorder's own connection to the broker: hears the topics of readings, publishes means, clears and commands.

import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import type { Login } from '../../broker/login.js';
import { type Credentials, contextOptions } from '../../ports/node-tls.js';
import type { Heard } from './recorder.js';

export interface SubscriptionOptions {
  /** `mqtt://host:port`, and what else MQTT.js dials. */
  readonly url: string;
  readonly login: Login | undefined;
  readonly credentials: Credentials;
  readonly filters: readonly string[];
  onHeard(heard: Heard): void;
}

const RECONNECT_MS = 1_000;

/** How long a publish waits for its acknowledgement. */
const PUBLISH_LIMIT_MS = 5_000;

export class Subscription {
  readonly #client: MqttClient;

  constructor({ url, login, credentials, filters, onHeard }: SubscriptionOptions) {
    this.#client = mqtt.connect(url, {
      clientId: `page-${Math.random().toString(16).slice(2, 10)}`,
      reconnectPeriod: RECONNECT_MS,
      // Messages that could not be sent are told to who sent them, not kept.
      queueQoSZero: false,
      ...(login && { username: login.user, password: login.password }),
      ...contextOptions(credentials),
    });
    this.#client.on('connect', () => this.#client.subscribe([...filters], { qos: 1 }));
    this.#client.on('message', (topic, payload, packet) => {
      onHeard({ topic, payload, isRetained: packet.retain, time: timeOf(packet) });
    });
    // A broker that is away comes back, and the stations say why one refuses: MQTT.js goes on trying.
    this.#client.on('error', () => {});
  }

  /** Rejects where the broker has not taken it within a few seconds. */
  async publish(topic: string, payload: string, options: { qos: 0 | 1; retain: boolean }): Promise<void> {
    if (!this.#client.connected) throw new Error('the broker is away');
    const limit = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('the broker does not acknowledge')), PUBLISH_LIMIT_MS).unref();
    });
    await Promise.race([this.#client.publishAsync(topic, payload, options), limit]);
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }
}

/** Epoch seconds of the user property `time`, which value messages carry with MQTT 5 (design §3). */
function timeOf({ properties }: IPublishPacket): number | undefined {
  const time = properties?.userProperties?.['time'];
  return typeof time === 'string' && /^\d{1,10}$/.test(time) ? Number(time) : undefined;
}
