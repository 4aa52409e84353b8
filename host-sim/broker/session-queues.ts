// Bounds what the embedded broker keeps for subscribers that are away: Aedes' own store in memory has no limit.

import type { Aedes } from 'aedes';

/** Messages kept for one subscriber: ten times what Mosquitto keeps. 25 rooms send as many in 20 minutes, four rooms in two hours. */
export const QUEUE_MAXIMUM_MESSAGES = 10_000;

/** What Aedes asks of its store for each message with QoS 1 or 2, in the form in which Aedes 1.2 calls it. */
interface QueueStore {
  outgoingEnqueue(subscriber: { clientId: string }, packet: object): Promise<void>;
  outgoingEnqueueCombi(subscribers: { clientId: string }[], packet: object): Promise<void>;
  /** Takes a message out; resolves to it, or to nothing where there was none. */
  outgoingClearMessageId(client: { id: string }, packet: object): Promise<object | undefined>;
}

export class SessionQueues {
  readonly #lengths = new Map<string, number>();
  #dropped = 0;

  /** From now on, the store of `aedes` keeps at most `QUEUE_MAXIMUM_MESSAGES` for each subscriber; newer ones are dropped. */
  constructor(aedes: Aedes) {
    const { persistence } = aedes as unknown as { persistence: QueueStore };
    const enqueue = persistence.outgoingEnqueue.bind(persistence);
    const enqueueForAll = persistence.outgoingEnqueueCombi.bind(persistence);
    const clear = persistence.outgoingClearMessageId.bind(persistence);
    persistence.outgoingEnqueue = (subscriber, packet) => {
      this.#count(subscriber.clientId, 1);
      return enqueue(subscriber, packet);
    };
    persistence.outgoingEnqueueCombi = (subscribers, packet) => {
      return enqueueForAll(
        subscribers.filter(({ clientId }) => this.#hasRoom(clientId)),
        packet,
      );
    };
    persistence.outgoingClearMessageId = async (client, packet) => {
      const cleared = await clear(client, packet);
      if (cleared) this.#count(client.id, -1);
      return cleared;
    };
  }

  /** Messages that were dropped because a subscriber stayed away too long. */
  get droppedCount(): number {
    return this.#dropped;
  }

  #hasRoom(clientId: string): boolean {
    if ((this.#lengths.get(clientId) ?? 0) >= QUEUE_MAXIMUM_MESSAGES) {
      this.#dropped++;
      return false;
    }
    this.#count(clientId, 1);
    return true;
  }

  #count(clientId: string, change: number): void {
    const length = (this.#lengths.get(clientId) ?? 0) + change;
    if (length > 0) this.#lengths.set(clientId, length);
    else this.#lengths.delete(clientId);
  }
}
