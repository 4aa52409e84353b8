// The recorder's own connection to the broker: hears the topics of readings, publishes means, clears and commands.

import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import type { Login } from '../../broker/login.js';
import { installationId } from '../../installation.js';
import { type Credentials, contextOptions } from '../../ports/node-tls.js';
import type { Heard } from './recorder.js';

export interface SubscriptionOptions {
  /** The recording for which the broker keeps a session also while no page runs; `undefined`: none outlives this process. */
  readonly recording: string | undefined;
  /** `mqtt://host:port`, and what else MQTT.js dials. */
  readonly url: string;
  readonly login: Login | undefined;
  readonly credentials: Credentials;
  readonly filters: readonly string[];
  onHeard(heard: Heard): void;
  /** The broker does not let this client in; it goes on trying. `code`: the CONNACK's. */
  onRefused(code: number): void;
}

/** CONNACK codes that say: not this version. MQTT 3.1.1 §3.2.2.3, MQTT 5 §3.2.2.2. */
const UNSUPPORTED_VERSION: readonly number[] = [1, 0x84];

/** Sooner than the stations, which wait a second or more: what they deliver to a broker that has just come back must be heard. */
const RECONNECT_MS = 250;

/** How long a broker keeps what comes while the page is away (MQTT 5 §3.1.2.11.2). */
const SESSION_EXPIRY_SECONDS = 3_600;

const UNSUBSCRIBE_LIMIT_MS = 500;

/** How long a publish waits for its acknowledgement. */
const PUBLISH_LIMIT_MS = 5_000;

export class Subscription {
  readonly #options: SubscriptionOptions;
  readonly #clientId: string;
  #client: MqttClient;
  #grant = () => {};

  /** Resolves when the broker has granted all filters for the first time. */
  readonly granted: Promise<void> = new Promise((resolve) => {
    this.#grant = resolve;
  });

  /** Speaks MQTT 5, which tells when values were measured, and 3.1.1 where the broker refuses that. */
  constructor(options: SubscriptionOptions) {
    this.#options = options;
    this.#clientId = clientIdOf(options.recording);
    this.#client = this.#connect(5);
  }

  #connect(protocolVersion: 4 | 5): MqttClient {
    const { url, login, credentials, filters, onHeard } = this.#options;
    const client = mqtt.connect(url, {
      protocolVersion,
      clientId: this.#clientId,
      clean: false,
      ...(protocolVersion === 5 && { properties: { sessionExpiryInterval: SESSION_EXPIRY_SECONDS } }),
      resubscribe: false,
      reconnectPeriod: RECONNECT_MS,
      // Messages that could not be sent are told to who sent them, not kept.
      queueQoSZero: false,
      ...(login && { username: login.user, password: login.password }),
      ...contextOptions(credentials),
    });
    client.on('connect', () => client.subscribe([...filters], { qos: 1 }, (error) => !error && this.#grant()));
    client.on('message', (topic, payload, packet) => onHeard({ topic, payload, isRetained: packet.retain, time: timeOf(packet) }));
    client.on('error', (error) => this.#onError(client, error));
    return client;
  }

  #onError(client: MqttClient, error: Error): void {
    // A broker that is away comes back: MQTT.js goes on trying.
    if (!('code' in error) || typeof error.code !== 'number') return;
    const { protocolVersion } = client.options;
    if (protocolVersion === 5 && UNSUPPORTED_VERSION.includes(error.code)) {
      client.end(true);
      this.#client = this.#connect(4);
    } else this.#options.onRefused(error.code);
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
    // A session that nobody will come back to must not gather messages.
    if (this.#options.recording === undefined && this.#client.connected) {
      await Promise.race([this.#client.unsubscribeAsync([...this.#options.filters]).catch(() => {}), delay(UNSUBSCRIBE_LIMIT_MS)]);
    }
    await this.#client.endAsync(true);
  }
}

/** The same for each page of one recording, of which there is one at a time; else another one each time. */
function clientIdOf(recording: string | undefined): string {
  const name = recording === undefined ? randomBytes(6) : createHash('sha256').update(`${installationId()}/${recording}`).digest();
  return `page-${name.toString('hex').slice(0, 12)}`;
}

/** Epoch seconds of the user property `time`, which value messages carry with MQTT 5 (design §3). */
function timeOf({ properties }: IPublishPacket): number | undefined {
  const time = properties?.userProperties?.['time'];
  return typeof time === 'string' && /^\d{1,10}$/.test(time) ? Number(time) : undefined;
}
