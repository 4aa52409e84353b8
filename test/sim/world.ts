// Virtual time: one heap of events, one seeded generator. The same seed gives the same run, event by event.

/** Something that will happen; `cancel` takes it back. */
export class WorldEvent {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  isCancelled = false;

  constructor(atMs: number, order: number, run: () => void) {
    this.atMs = atMs;
    this.order = order;
    this.run = run;
  }

  cancel(): void {
    this.isCancelled = true;
  }

  /** What is due at the same time happens in the order in which it was planned. */
  isBefore(other: WorldEvent): boolean {
    return this.atMs < other.atMs || (this.atMs === other.atMs && this.order < other.order);
  }
}

/** More events than this at one moment, and time stands still: somebody plans for now, again and again. */
const EVENTS_AT_ONCE_MAXIMUM = 100_000;

export class World {
  readonly #heap: WorldEvent[] = [];
  #nowMs = 0;
  #planned = 0;
  #eventsAtOnce = 0;
  #state: number;

  /** @param seed any integer */
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Plans `run` for the time `atMs`; what is past happens now, but never from within this call. */
  at(atMs: number, run: () => void): WorldEvent {
    const event = new WorldEvent(Math.max(atMs, this.#nowMs), this.#planned++, run);
    this.#push(event);
    return event;
  }

  after(delayMs: number, run: () => void): WorldEvent {
    return this.at(this.#nowMs + delayMs, run);
  }

  /** Lets time pass up to and including `untilMs`. */
  run(untilMs: number): void {
    for (let next = this.#heap[0]; next && next.atMs <= untilMs; next = this.#heap[0]) {
      this.#pop();
      this.#eventsAtOnce = next.atMs > this.#nowMs ? 0 : this.#eventsAtOnce + 1;
      if (this.#eventsAtOnce > EVENTS_AT_ONCE_MAXIMUM) throw new Error(`time stands still at ${this.#nowMs} ms`);
      this.#nowMs = next.atMs;
      if (!next.isCancelled) next.run();
    }
    this.#nowMs = untilMs;
  }

  /** Lets time pass, event by event, until `isOver`; false where it is not over by `untilMs`. */
  runUntil(isOver: () => boolean, untilMs: number): boolean {
    while (!isOver()) {
      const next = this.#heap[0];
      if (!next || next.atMs > untilMs) return false;
      this.run(next.atMs);
    }
    return true;
  }

  // --- Chance -------------------------------------------------------------------------------------------------------

  /** 32 random bits (splitmix32). */
  random(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return (bits ^ (bits >>> 15)) >>> 0;
  }

  /** A whole number from `minimum` to `maximum`, both included. */
  between(minimum: number, maximum: number): number {
    return minimum + (this.random() % (maximum - minimum + 1));
  }

  /** True once in `count` times. */
  once(count: number): boolean {
    return this.random() % count === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.random() % items.length] as Item;
  }

  // --- The heap -----------------------------------------------------------------------------------------------------

  #push(event: WorldEvent): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!event.isBefore(heap[parent] as WorldEvent)) break;
      heap[at] = heap[parent] as WorldEvent;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as WorldEvent;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as WorldEvent).isBefore(heap[child] as WorldEvent)) child++;
      if (!(heap[child] as WorldEvent).isBefore(last)) break;
      heap[at] = heap[child] as WorldEvent;
      at = child;
    }
    heap[at] = last;
  }
}
