// An MQTT client of the page: one hears everything, another is the sandbox's. It connects again when its connection is lost, and
// subscribes again to what it heard.

import type { Message, QoS } from '../model/message.js';
import { BrokerError, Connection, type Login } from './connection.js';

/** `refused`: the broker says no to the login. */
export type BrokerState = 'connecting' | 'online' | 'away' | 'refused';

export interface BrokerListener {
  onState(state: BrokerState): void;
  onMessage(message: Message): void;
}

const RECONNECT_MS = 1_500;

export class BrokerClient {
  readonly clientId: string;
  readonly #listener: BrokerListener;
  readonly #url: string;
  readonly #subscriptions: Map<string, QoS>;
  #connection: Connection | undefined;
  #retry: number | undefined;

  /**
   * @param name begins the client id; the rest is drawn by lot
   * @param subscriptions what it hears from the start: filters with their QoS
   */
  constructor(name: string, url: string, listener: BrokerListener, subscriptions: readonly (readonly [string, QoS])[] = []) {
    this.clientId = `${name}-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(16).padStart(8, '0')}`;
    this.#url = url;
    this.#listener = listener;
    this.#subscriptions = new Map(subscriptions);
  }

  connect(login?: Login): void {
    this.end();
    this.#listener.onState('connecting');
    this.#connection = new Connection(this.#url, this.clientId, login, {
      onOnline: () => {
        // What the broker refuses now, it may grant at the next connection.
        for (const [filter, qos] of this.#subscriptions) this.#connection?.subscribe(filter, qos).catch(() => {});
        this.#listener.onState('online');
      },
      onMessage: (message) => this.#listener.onMessage(message),
      onEnd: (isRefused) => {
        this.#connection = undefined;
        if (!isRefused) this.#retry = window.setTimeout(() => this.connect(login), RECONNECT_MS);
        this.#listener.onState(isRefused ? 'refused' : 'away');
      },
    });
  }

  end(): void {
    clearTimeout(this.#retry);
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** What cannot be sent is not kept: the page says so instead. Rejects with `BrokerError`. */
  async publish(topic: string, payload: string, qos: QoS, retain: boolean): Promise<void> {
    await this.#online().publish(topic, payload, qos, retain);
  }

  /**
   * Subscribes now, also where that was done before: the broker then sends again what it has retained. And at each connection to come.
   * Returns the QoS that the broker grants; rejects with `BrokerError`.
   */
  async subscribe(filter: string, qos: QoS): Promise<QoS> {
    const granted = await this.#online().subscribe(filter, qos);
    this.#subscriptions.set(filter, qos);
    return granted;
  }

  async unsubscribe(filter: string): Promise<void> {
    this.#subscriptions.delete(filter);
    await this.#online().unsubscribe(filter);
  }

  #online(): Connection {
    if (!this.#connection) throw new BrokerError('away');
    return this.#connection;
  }
}
