// One Mosquitto and its subscriber: the world outside, which rooms publish to and which can be killed and come back.

import { Mosquitto } from './mosquitto.js';
import type { HeardMessage } from './record.js';
import { readRetained, Subscriber } from './subscriber.js';

export class World {
  readonly #broker = new Mosquitto();
  readonly #subscriber = new Subscriber();

  static async start(): Promise<World> {
    const world = new World();
    try {
      await world.#startBroker();
      return world;
    } catch (error) {
      await world.remove();
      throw error;
    }
  }

  get port(): number {
    return this.#broker.port;
  }

  /** What was heard of `room` so far. */
  heardOf(room: string): HeardMessage[] {
    return this.#subscriber.heard.filter(isOf(room));
  }

  /** What the broker retains of `room`. */
  async retainedOf(room: string): Promise<HeardMessage[]> {
    return (await readRetained(this.port)).filter(isOf(room));
  }

  async saveSessions(): Promise<void> {
    await this.#broker.saveSessions();
  }

  /** Kills the broker without warning. */
  async kill(): Promise<void> {
    await this.#broker.kill();
  }

  /** Brings the broker back with the sessions that it saved; resolves when the subscriber is subscribed again. */
  async restart(): Promise<void> {
    await this.#startBroker();
  }

  /** The same, but it has forgotten all. */
  async restartWithoutSessions(): Promise<void> {
    this.#broker.forgetSessions();
    await this.#startBroker();
  }

  async remove(): Promise<void> {
    await this.#subscriber.stop();
    await this.#broker.close();
  }

  async #startBroker(): Promise<void> {
    await this.#broker.start();
    await this.#subscriber.listen(this.#broker);
  }
}

function isOf(room: string): (message: HeardMessage) => boolean {
  return ({ topic }) => topic.split('/').at(-2) === room;
}
