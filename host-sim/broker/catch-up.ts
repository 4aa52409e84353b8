// Lets a returning client catch up before anything new is published. Aedes writes new messages between those that it kept for
// the client, so that their order on a topic is lost (moscajs/aedes#649), and against [MQTT-4.6.0-6].

import type { AedesOptions, Client } from 'aedes';

type Hooks = Required<Pick<AedesOptions, 'preConnect' | 'authorizePublish' | 'authorizeForward'>>;

/** Topics under this level are the broker's own. */
const BROKER_TOPICS = '$SYS/';

/** A client that takes longer to read what was kept for it holds nobody up any more. */
const CATCH_UP_LIMIT_MS = 2_000;

export class CatchUp {
  /** Clients that return to their session, with the timer that ends the waiting for them. */
  readonly #returning = new Map<Client, NodeJS.Timeout>();
  #waiting: (() => void)[] = [];

  /** For the options of Aedes; `ready` belongs to its event `clientReady`. */
  readonly hooks: Hooks = {
    preConnect: (client, packet, callback) => {
      if (packet.clean === false) this.#await(client);
      callback(null, true);
    },
    authorizePublish: (_client, packet, callback) => {
      if (packet.topic.startsWith(BROKER_TOPICS)) return callback(new Error(`${BROKER_TOPICS} is the broker's own`));
      this.whenCaughtUp(() => callback(null));
    },
    authorizeForward: (_client, packet) => {
      // What comes out of a session's queue has its id already. It is no answer to a subscription, so it is not retained
      // [MQTT-3.3.1-9]; Aedes leaves the flag as the publisher set it.
      if (packet.messageId !== undefined) packet.retain = false;
      return packet;
    },
  };

  /** Calls `publish` now, or as soon as nobody has to catch up; in the order of the calls. */
  whenCaughtUp(publish: () => void): void {
    if (this.#returning.size === 0) publish();
    else this.#waiting.push(publish);
  }

  /** The client has all that was kept for it, or does not need it any more. */
  readonly ready = (client: Client): void => {
    clearTimeout(this.#returning.get(client));
    if (!this.#returning.delete(client) || this.#returning.size > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const publish of waiting) publish();
  };

  #await(client: Client): void {
    this.#returning.set(
      client,
      setTimeout(() => this.ready(client), CATCH_UP_LIMIT_MS),
    );
    client.conn.once('close', () => this.ready(client));
  }
}
