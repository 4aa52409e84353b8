// A TCP proxy between one station and the broker that refuses, resets, holds acknowledgements, goes silent, splits and joins,
// and writes down every packet.

import { createServer, type Server, type Socket } from 'node:net';
import type { Chop } from './conduit.js';
import { freePort, LOOPBACK } from './port.js';
import type { WirePacket } from './record.js';
import { type Faults, type Log, Relay } from './relay.js';

export interface ProxyOptions {
  /** Where the broker is now. */
  brokerPort(): number;
  readonly chop: Chop;
}

export class FaultyProxy {
  readonly #options: ProxyOptions;
  readonly #server: Server;
  readonly #relays: Relay[] = [];
  readonly #log: Log = { wire: [], malformed: [] };
  readonly #faults: Faults = {
    acknowledgementsLeft: Number.POSITIVE_INFINITY,
    stallsInPublish: false,
    keepsBrokerSide: false,
  };
  #port = 0;
  #resetsArrivals = false;

  private constructor(options: ProxyOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (station) => this.#accept(station));
  }

  /** A proxy that has its port and refuses until it is opened. */
  static async create(options: ProxyOptions): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(options);
    proxy.#port = await freePort();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  get wire(): readonly WirePacket[] {
    return this.#log.wire;
  }

  get malformed(): readonly string[] {
    return this.#log.malformed;
  }

  /** PUBACKs that are held from the station. */
  get heldCount(): number {
    return this.#relays.reduce((count, relay) => count + relay.heldCount, 0);
  }

  /** Whether the newest connection has gone silent. */
  get isSilent(): boolean {
    return this.#relays.at(-1)?.isSilent ?? false;
  }

  /** Takes connections. */
  open(): Promise<void> {
    this.#resetsArrivals = false;
    if (this.#server.listening) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, LOOPBACK, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  /** Takes no more connections; those that are open stay. */
  refuse(): void {
    this.#server.close();
  }

  /** Takes connections, only to reset them at once. */
  async resetArrivals(): Promise<void> {
    await this.open();
    this.#resetsArrivals = true;
  }

  /** Resets the connection that is open. */
  reset(): void {
    this.#relays.at(-1)?.reset();
  }

  /** Lets `count` more PUBACKs pass and holds those that come behind. */
  holdAcknowledgements(count = 0): void {
    this.#faults.acknowledgementsLeft = count;
  }

  /** Holds no longer; what was held on a connection that is still open goes on. */
  releaseAcknowledgements(): void {
    this.#faults.acknowledgementsLeft = Number.POSITIVE_INFINITY;
    for (const relay of this.#relays) relay.release();
  }

  /** The connection that is open now goes silent for good; others are not touched. */
  silence(): void {
    this.#relays.at(-1)?.silence();
  }

  /** The connection goes silent in the middle of the next PUBLISH. */
  stallInPublish(): void {
    this.#faults.stallsInPublish = true;
  }

  /** From now on the broker is not told when the station's side is gone. */
  keepBrokerSide(): void {
    this.#faults.keepsBrokerSide = true;
  }

  close(): void {
    this.refuse();
    for (const relay of this.#relays) relay.destroy();
  }

  #accept(station: Socket): void {
    if (this.#resetsArrivals) {
      station.on('error', () => {});
      station.resetAndDestroy();
      return;
    }
    const { brokerPort, chop } = this.#options;
    const { faults, log } = { faults: this.#faults, log: this.#log };
    this.#relays.push(new Relay({ number: this.#relays.length + 1, station, brokerPort: brokerPort(), chop, faults, log }));
  }
}
