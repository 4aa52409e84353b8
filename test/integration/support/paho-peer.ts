// Eclipse Paho (Python) as a peer: a client of another make, whose words are those of paho_peer.py.

import { join } from 'node:path';
import { pythonWithPaho } from './paho.js';
import { Program } from './program.js';
import { until } from './until.js';

const SCRIPT = join('test', 'integration', 'support', 'paho_peer.py');
const WAIT_LIMIT_MS = 15_000;

export interface PeerMessage {
  readonly topic: string;
  readonly payload: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
}

/** What a peer is told to do, in this order. */
export interface Orders {
  readonly port: number;
  readonly version: 4 | 5;
  readonly id: string;
  readonly user?: string;
  readonly password?: string;
  /** File of the authority: TLS. */
  readonly ca?: string;
  readonly transport?: 'tcp' | 'websockets';
  readonly will?: PeerMessage;
  readonly subscribe?: readonly (readonly [filter: string, qos: 0 | 1 | 2])[];
  readonly publish?: readonly PeerMessage[];
  /** `die`: without a DISCONNECT, so that the broker publishes the will. */
  readonly end: 'listen' | 'leave' | 'die';
}

export class Paho {
  readonly #program: Program;
  readonly heard: PeerMessage[] = [];
  readonly #events = new Set<string>();

  private constructor(orders: Orders) {
    const complete = { user: '', password: '', ca: '', transport: 'tcp', will: null, subscribe: [], publish: [], ...orders };
    if (pythonWithPaho === undefined) throw new Error('no Python has Paho');
    this.#program = new Program(pythonWithPaho, [SCRIPT, JSON.stringify(complete)], (line) => this.#onLine(line));
  }

  /** Resolves once the broker has acknowledged its subscriptions. */
  static async listen(orders: Omit<Orders, 'end'>): Promise<Paho> {
    const peer = new Paho({ ...orders, end: 'listen' });
    await peer.#until(() => peer.#events.has('subscribed'), 'Paho has subscribed');
    return peer;
  }

  /** Resolves once it has published everything, has left or died, and has ended. */
  static async publish(orders: Orders): Promise<void> {
    const peer = new Paho(orders);
    await peer.#until(() => peer.#events.has('published') && !peer.#program.isRunning, 'Paho has published');
  }

  /** Resolves once it has heard `count` messages. */
  hears(count: number): Promise<void> {
    return this.#until(() => this.heard.length >= count, `Paho hears ${count} messages`);
  }

  async leave(): Promise<void> {
    await this.#program.end('SIGKILL');
  }

  async #until(isSo: () => boolean, what: string): Promise<void> {
    try {
      await until(() => isSo() || !this.#program.isRunning, what, WAIT_LIMIT_MS);
      if (!isSo()) throw new Error(`${what}: it has ended`);
    } catch (error) {
      await this.leave();
      throw new Error(`${(error as Error).message}; it said: ${this.#program.lines.join(' | ')}`);
    }
  }

  #onLine(line: string): void {
    if (!line.startsWith('{')) return;
    const { event, ...rest } = JSON.parse(line) as { event: string } & PeerMessage;
    this.#events.add(event);
    if (event !== 'heard') return;
    // Paho tells RETAIN as a number.
    this.heard.push({ ...rest, retain: Boolean(rest.retain) });
  }
}
