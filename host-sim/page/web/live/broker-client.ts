// An MQTT client of the page, over WebSocket: one hears everything, another is the sandbox's.

import mqtt, { type IClientPublishOptions, type ISubscriptionMap, type MqttClient } from 'mqtt';
import type { Message, QoS } from '../model/message.js';

/** `refused`: the broker says no to the login. */
export type BrokerState = 'connecting' | 'online' | 'away' | 'refused';

export interface Login {
  readonly user: string;
  readonly password: string;
}

export interface BrokerListener {
  onState(state: BrokerState): void;
  onMessage(message: Message): void;
}

const RECONNECT_MS = 1_500;
const CONNECT_LIMIT_MS = 8_000;
const KEEP_ALIVE_SECONDS = 30;

/** CONNACK codes for a wrong login: of MQTT 3.1.1, 4 and 5; of MQTT 5, 0x86 and 0x87. */
const LOGIN_REFUSALS = [4, 5, 0x86, 0x87];

export class BrokerClient {
  readonly clientId: string;
  readonly #listener: BrokerListener;
  readonly #url: string;
  #client: MqttClient | undefined;

  /** @param name begins the client id; the rest is drawn by lot */
  constructor(name: string, url: string, listener: BrokerListener) {
    this.clientId = `${name}-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(16).padStart(8, '0')}`;
    this.#url = url;
    this.#listener = listener;
  }

  connect(login?: Login): void {
    this.end();
    this.#listener.onState('connecting');
    const client = mqtt.connect(this.#url, {
      clientId: this.clientId,
      // Every broker knows it.
      protocolVersion: 4,
      clean: true,
      keepalive: KEEP_ALIVE_SECONDS,
      connectTimeout: CONNECT_LIMIT_MS,
      reconnectPeriod: RECONNECT_MS,
      // The default timers live in a worker made from text, which the content security policy forbids.
      timerVariant: 'native',
      // What cannot be sent is not kept: the page says so instead.
      queueQoSZero: false,
      ...(login && { username: login.user, password: login.password }),
    });
    this.#client = client;
    client.on('connect', () => this.#listener.onState('online'));
    client.on('close', () => {
      if (this.#client === client) this.#listener.onState('away');
    });
    client.on('error', (error) => {
      if (!LOGIN_REFUSALS.includes((error as { code?: number }).code ?? 0)) return;
      client.end(true);
      this.#client = undefined;
      this.#listener.onState('refused');
    });
    client.on('message', (topic, payload, { qos, retain, dup }) => {
      this.#listener.onMessage({ topic, payload, qos, isRetained: retain, isDuplicate: dup });
    });
  }

  end(): void {
    this.#client?.end(true);
    this.#client = undefined;
  }

  /** Rejects where the broker is away or refuses. */
  async publish(topic: string, payload: string, options: Pick<IClientPublishOptions, 'qos' | 'retain'>): Promise<void> {
    await this.#online().publishAsync(topic, payload, options);
  }

  /**
   * Subscribes now, also where that was done before: the broker then sends again what it has retained. And at each connection to come.
   * Returns the QoS that the broker grants; rejects where it refuses.
   */
  async subscribe(filter: string, qos: QoS): Promise<number> {
    const [grant] = (await this.#client?.subscribeAsync({ [filter]: { qos }, resubscribe: true } as ISubscriptionMap)) ?? [];
    return grant?.qos ?? qos;
  }

  async unsubscribe(filter: string): Promise<void> {
    await this.#client?.unsubscribeAsync(filter);
  }

  #online(): MqttClient {
    if (!this.#client?.connected) throw new Error('the broker is away');
    return this.#client;
  }
}
