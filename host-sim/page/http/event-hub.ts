// Server-Sent Events: gathers what happens, encodes it once for all listeners, and lets a slow listener lose some, counted.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BrokerEvent, EventData, EventName, RecordedReading, StreamName } from '../api.js';
import { HttpError } from './http-error.js';

/** How long events are gathered before they are sent together. */
const GATHER_MS = 100;

/** A comment now and then, so that neither side takes the connection for dead. */
const HEARTBEAT_MS = 15_000;

const LISTENERS_MAXIMUM = 200;

/** Events of one kind that are gathered at most. */
const GATHERED_MAXIMUM = 2_000;

/** What waits in the socket of a listener; beyond it, the listener loses what comes. */
const WAITING_MAXIMUM_BYTES = 1 << 20;

interface Listener {
  readonly response: ServerResponse;
  readonly streams: ReadonlySet<StreamName>;
  readonly lost: { readings: number; broker: number };
}

/** Events that come in numbers, and are sent in batches. */
type BatchName = keyof Listener['lost'];

/** The items of an event that come in numbers. */
class Batch<Item> {
  items: Item[] = [];
  /** Beyond what is gathered. */
  lost = 0;

  add(item: Item): void {
    if (this.items.length < GATHERED_MAXIMUM) this.items.push(item);
    else this.lost++;
  }
}

export class EventHub {
  readonly #listeners = new Set<Listener>();
  #readings = new Batch<RecordedReading>();
  #broker = new Batch<BrokerEvent>();
  #gathering: NodeJS.Timeout | undefined;
  /** It keeps no process alive: listeners do. */
  readonly #heartbeat = setInterval(() => this.#sendToAll(':\n\n', () => true), HEARTBEAT_MS).unref();

  /** Whether somebody listens to `stream`: else its events need not be made. */
  isHeard(stream: StreamName): boolean {
    for (const { streams } of this.#listeners) if (streams.has(stream)) return true;
    return false;
  }

  /** Takes a listener, with the events that it is told at the start. Throws `HttpError` where there are too many. */
  listen(request: IncomingMessage, response: ServerResponse, streams: ReadonlySet<StreamName>, start: readonly string[]): void {
    if (this.#listeners.size >= LISTENERS_MAXIMUM) throw new HttpError('too-many', 'Too many pages are open.');
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    response.write(`retry: 2000\n\n${start.join('')}`);
    const listener: Listener = { response, streams, lost: { readings: 0, broker: 0 } };
    this.#listeners.add(listener);
    request.on('close', () => this.#listeners.delete(listener));
    response.on('error', () => this.#listeners.delete(listener));
  }

  addReadings(readings: readonly RecordedReading[]): void {
    if (!this.isHeard('readings')) return;
    for (const reading of readings) this.#readings.add(reading);
    this.#gather();
  }

  addBrokerEvent(event: BrokerEvent): void {
    this.#broker.add(event);
    this.#gather();
  }

  /** Sends a state, of which only the newest counts: a slow listener simply misses it. */
  sendState<Name extends 'house' | 'simulator'>(name: Name, data: EventData[Name]): void {
    if (this.isHeard(name)) this.#sendToAll(encodeEvent(name, data), ({ streams }) => streams.has(name));
  }

  /** Sends what everybody must know. */
  announce<Name extends 'forgotten' | 'lock'>(name: Name, data: EventData[Name]): void {
    this.#sendToAll(encodeEvent(name, data), () => true);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#gathering);
    for (const { response } of this.#listeners) response.end();
    this.#listeners.clear();
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      const [readings, broker] = [this.#readings, this.#broker];
      this.#readings = new Batch();
      this.#broker = new Batch();
      this.#sendBatch('readings', readings, (lost) => encodeEvent('readings', { readings: readings.items, lost }));
      this.#sendBatch('broker', broker, (lost) => encodeEvent('broker', { events: broker.items, lost }));
    }, GATHER_MS);
  }

  #sendBatch(name: BatchName, { items, lost }: Batch<unknown>, encode: (lost: number) => string): void {
    if (items.length === 0) return;
    let common: string | undefined;
    for (const listener of this.#listeners) {
      if (!listener.streams.has(name)) continue;
      if (isSlow(listener)) {
        listener.lost[name] += items.length + lost;
        continue;
      }
      // Who has lost nothing is sent the same bytes as everybody else.
      const ownLost = listener.lost[name];
      listener.lost[name] = 0;
      common ??= encode(lost);
      listener.response.write(ownLost === 0 ? common : encode(lost + ownLost));
    }
  }

  #sendToAll(text: string, isFor: (listener: Listener) => boolean): void {
    for (const listener of this.#listeners) if (isFor(listener) && !isSlow(listener)) listener.response.write(text);
  }
}

export function encodeEvent<Name extends EventName>(name: Name, data: EventData[Name]): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function isSlow({ response }: Listener): boolean {
  return response.writableLength > WAITING_MAXIMUM_BYTES;
}
