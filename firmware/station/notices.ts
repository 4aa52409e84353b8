// Messages that are said once, with QoS 1, and then forgotten: answers to commands, what clears the topics that a station has
// left, and what Home Assistant is told. Bounded; a notice stays until the broker has acknowledged it.

import { equalBytes } from './topics.js';

/** A change leaves seven at most: four topics, the outcomes of two trials, and what Home Assistant is told. The others are for answers. */
export const NOTICES_MAXIMUM = 10;

export interface Notice {
  readonly topic: Uint8Array;
  readonly payload: Uint8Array;
  readonly retain: boolean;
  /** MQTT 5: what whoever asked wants to have back. */
  readonly correlationData?: Uint8Array | undefined;
}

export class Notices {
  /** From number `first` on; `undefined` where acknowledged before its elders. */
  private readonly waiting: (Notice | undefined)[] = [];
  private _first = 0;

  /** Number of the oldest that is not acknowledged. */
  get first(): number {
    return this._first;
  }

  /** Number that the next one will have. */
  get next(): number {
    return this._first + this.waiting.length;
  }

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Whether `count` more have room. */
  hasRoomFor(count: number): boolean {
    return this.waiting.length + count <= NOTICES_MAXIMUM;
  }

  /** Whether the same message waits already. */
  has({ topic, payload }: Notice): boolean {
    return this.waiting.some((notice) => notice && equalBytes(notice.topic, topic) && equalBytes(notice.payload, payload));
  }

  /** The caller knows that there is room. */
  add(notice: Notice): void {
    this.waiting.push(notice);
  }

  /** The notice with this number, which is not acknowledged. */
  at(number: number): Notice {
    return this.waiting[number - this._first] as Notice;
  }

  onAcknowledged(number: number): void {
    this.waiting[number - this._first] = undefined;
    while (this.waiting.length > 0 && this.waiting[0] === undefined) {
      this.waiting.shift();
      this._first++;
    }
  }
}
