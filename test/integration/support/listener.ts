// A client of MQTT.js (3.1.1) that remembers what it hears and can wait until it has heard enough.

import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';

export interface Heard {
  readonly topic: string;
  readonly payload: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly dup: boolean;
}

const WAIT_LIMIT_MS = 10_000;

export class Listener {
  readonly client: MqttClient;
  readonly sessionPresent: boolean;
  readonly heard: Heard[] = [];
  readonly #onHeard = new Set<() => void>();

  private constructor(client: MqttClient, heard: Heard[], sessionPresent: boolean) {
    this.client = client;
    this.heard = heard;
    this.sessionPresent = sessionPresent;
    client.on('message', () => {
      for (const look of this.#onHeard) look();
    });
  }

  /** Resolves once the broker has accepted the connection. */
  static connect(url: string, options: IClientOptions = {}): Promise<Listener> {
    return new Promise((resolve, reject) => {
      const client = mqtt.connect(url, { protocolVersion: 4, reconnectPeriod: 0, ...options });
      const heard: Heard[] = [];
      client.on('message', (topic, payload, { qos, retain, dup }: IPublishPacket) => {
        heard.push({ topic, payload: payload.toString(), qos, retain, dup });
      });
      client.once('connect', ({ sessionPresent }) => resolve(new Listener(client, heard, sessionPresent)));
      client.once('error', reject);
      client.once('close', () => reject(new Error(`${url} closed the connection`)));
    });
  }

  /** Subscribes with QoS 1; resolves once that is granted. */
  async subscribe(...filters: string[]): Promise<this> {
    await this.client.subscribeAsync(filters, { qos: 1 });
    return this;
  }

  /** What was heard on `topic`, in order. */
  payloads(topic: string): string[] {
    return this.heard.filter((message) => message.topic === topic).map(({ payload }) => payload);
  }

  /** Resolves as soon as `isEnough` holds, asked again after each message; rejects with what was heard instead. */
  until(isEnough: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        this.#onHeard.delete(look);
        clearTimeout(limit);
        finish();
      };
      const look = () => {
        if (isEnough()) settle(resolve);
      };
      const limit = setTimeout(() => {
        const tail = this.heard.slice(-5).map(({ topic, payload }) => `${topic} ${payload}`);
        settle(() => reject(new Error(`not heard: ${what}; ${this.heard.length} messages, the last: ${tail.join(', ')}`)));
      }, WAIT_LIMIT_MS);
      this.#onHeard.add(look);
      look();
    });
  }

  /** Leaves with DISCONNECT, and waits until the connection is closed. */
  async leave(): Promise<void> {
    await this.client.endAsync();
  }
}
