// Knows whether what was published has been handed on to all who subscribed. Aedes acknowledges first, and delivers then.

import type { Aedes } from 'aedes';

/** A packet, perhaps its publisher, and who is told when it is done. */
type Publish = (...args: unknown[]) => void;

export class Deliveries {
  #underWay = 0;
  #onSettled: (() => void)[] = [];

  /** From now on, counts what `aedes` publishes. */
  constructor(aedes: Aedes) {
    const counted = aedes as unknown as { publish: Publish };
    const publish = counted.publish.bind(aedes);
    counted.publish = (packet, ...rest) => {
      const done = rest.pop() as Publish;
      this.#underWay++;
      publish(packet, ...rest, (...results: unknown[]) => {
        this.#underWay--;
        if (this.#underWay === 0) for (const settle of this.#onSettled.splice(0)) settle();
        done(...results);
      });
    };
  }

  /** Resolves as soon as everything that was published is written to its subscribers' connections, or kept for them. */
  settled(): Promise<void> {
    return this.#underWay === 0 ? Promise.resolve() : new Promise((resolve) => this.#onSettled.push(resolve));
  }
}
