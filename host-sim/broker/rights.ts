// Who may publish what at an embedded broker that serves a class: the class its own rooms, the key's holder and the page everything,
// and while publishing is locked, of the class only the stations that were there before.

import type { AedesOptions, Client } from 'aedes';
import { asksFor, type Login, LoginCheck } from './login.js';

type Packet = Parameters<NonNullable<AedesOptions['authorizePublish']>>[1];

/** What somebody who is logged in may do. */
type Role = 'class' | 'trusted';

export interface RightsOptions {
  /** What everybody in the class knows. */
  readonly login: Login;
  /** Who logs in with one of these may publish everything. */
  readonly trusted: readonly Login[];
  /** Topics that the class may not publish on: commands and the clock. */
  isReserved(topic: string): boolean;
  /** Whether a client is a virtual room of this very process. */
  isVirtual(clientId: string): boolean;
}

/** The client ids of our stations (design §3). */
const STATION_CLIENT = /^station-[0-9a-f]{12}$/;

/** Stations that are remembered for the time of a lock. */
const STATIONS_MAXIMUM = 5_000;

export class Rights {
  readonly #options: RightsOptions;
  readonly #roles = new WeakMap<Client, Role>();
  readonly #stations = new Set<string>();
  isLocked = false;

  constructor(options: RightsOptions) {
    this.#options = options;
  }

  /** For the options of Aedes. */
  get hooks(): ReturnType<typeof asksFor> {
    const { login, trusted } = this.#options;
    const ofClass = new LoginCheck(login);
    const ofTrusted = trusted.map((each) => new LoginCheck(each));
    return asksFor((client, user, password) => {
      // Each is asked, so that the time tells nothing.
      const isTrusted = ofTrusted.map((check) => check.isRight(user, password)).includes(true);
      const isClass = ofClass.isRight(user, password);
      if (isTrusted || isClass) this.#roles.set(client, isTrusted ? 'trusted' : 'class');
      return isTrusted || isClass;
    });
  }

  mayPublish(client: Client, { topic, payload, retain }: Packet): boolean {
    if (this.#roles.get(client) === 'trusted') return true;
    const isStation = STATION_CLIENT.test(client.id);
    if (isStation && !this.isLocked && this.#stations.size < STATIONS_MAXIMUM) this.#stations.add(client.id);
    if (this.isLocked && !this.#stations.has(client.id) && !this.#options.isVirtual(client.id)) return false;
    // An empty retained message makes the broker forget a topic; a station clears its own when it gets another room.
    const isForgetting = retain && payload.length === 0;
    return !this.#options.isReserved(topic) && (isStation || !isForgetting);
  }
}
