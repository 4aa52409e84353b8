// Turns what is heard on the topics of readings into records: parses, reckons times, waits a moment, and writes in batches.

import type { RecorderCounts } from '../api.js';
import { type Batch, parseBatch, parseInterval, parseValue, type StationReading } from './messages.js';
import type { NewReading, Store } from './store.js';
import type { RoomTopic, RoomTopics } from './topics.js';
import { ValueGate } from './value-gate.js';

/** A message on a topic of readings, and when it came. */
export interface Heard {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** What the broker had kept: its age is not known. */
  readonly isRetained: boolean;
  /** Epoch seconds that came with the message (MQTT 5 user property `time`). */
  readonly time: number | undefined;
}

export interface RecorderOptions {
  readonly topics: RoomTopics;
  readonly store: Store;
  /** Epoch seconds. */
  readonly now: () => number;
  /** Seconds between the readings of a room. */
  readonly intervalOf: (room: string) => number;
  /** A room says how often it measures. */
  readonly onInterval: (room: string, seconds: number) => void;
  /** What was new, after each write. */
  readonly onRecorded: (readings: readonly NewReading[]) => void;
}

/** Readings that wait to be written: a thousand stations deliver eight each at once. */
const PENDING_MAXIMUM_READINGS = 20_000;

/** A reading that took this much longer than the room's interval came out of a buffer. */
const LATE_MARGIN_SECONDS = 5;

/** A station whose clock runs ahead by more than this is not believed. */
const AHEAD_MAXIMUM_SECONDS = 86_400;

/** A microsecond, of which a number of this size still has four. */
const ARRIVAL_STEP_SECONDS = 1e-6;

/** Runs of stations without a time that are followed. */
const STARTS_MAXIMUM = 2_000;

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #gate = new ValueGate();
  #pending: NewReading[] = [];
  /** Epoch seconds at uptime 0 of the runs that do not know the time: as early as any of their messages allows. */
  readonly #starts = new Map<string, number>();
  #lastArrival = 0;
  #recorded = 0;
  #duplicates = 0;
  #invalid = 0;
  #dropped = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  get counts(): RecorderCounts {
    return {
      recorded: this.#recorded,
      duplicates: this.#duplicates,
      invalid: this.#invalid,
      dropped: this.#dropped,
      expired: this.#options.store.expiredCount,
    };
  }

  hear(heard: Heard): void {
    const topic = this.#options.topics.parse(heard.topic);
    if (!topic) return;
    if (topic.quantity === 'info') this.#hearInfo(topic.room, heard.payload);
    else if (heard.isRetained || heard.payload.length === 0) return;
    else if (topic.quantity === 'readings') this.#hearBatch(topic.room, heard.payload);
    else this.#hearValue(topic, heard);
  }

  /** Writes what has waited. To be called a few times a second. */
  flush(): void {
    const values = this.#gate.release(this.#options.now() * 1000);
    const readings = [...this.#pending, ...values];
    this.#pending = [];
    if (readings.length === 0) return;
    const { store, onRecorded } = this.#options;
    const { recorded, duplicates, withoutPlace } = store.record(readings);
    this.#dropped += withoutPlace;
    this.#duplicates += duplicates;
    this.#recorded += recorded.length;
    if (recorded.length > 0) onRecorded(recorded);
  }

  #hearInfo(room: string, payload: Uint8Array): void {
    const seconds = parseInterval(payload);
    if (seconds !== undefined) this.#options.onInterval(room, seconds);
  }

  #hearBatch(room: string, payload: Uint8Array): void {
    const batch = parseBatch(payload);
    const now = this.#options.now();
    if (!batch || batch.readings.some(({ time }) => time !== null && time > now + AHEAD_MAXIMUM_SECONDS)) {
      this.#invalid++;
      return;
    }
    this.#gate.batch(room, now * 1000);
    this.#noteStart(batch, now);
    for (const reading of batch.readings) this.#queue(this.#newReading(room, batch, reading, now));
  }

  #hearValue({ room, quantity }: RoomTopic, { payload, time: told }: Heard): void {
    const value = parseValue(quantity as 'temperature' | 'humidity', payload);
    if (value === undefined) {
      this.#invalid++;
      return;
    }
    const now = this.#options.now();
    const time = told ?? this.#nextArrival(now);
    const reading: NewReading = {
      room,
      identity: undefined,
      time,
      isGuessed: false,
      isLate: this.#isLate(room, time, now),
      temperature: quantity === 'temperature' ? value : null,
      humidity: quantity === 'humidity' ? value : null,
    };
    if (!this.#gate.hold(reading, now * 1000)) this.#dropped++;
  }

  /** No two values arrive at the same moment: that is how those without an identity are told apart. */
  #nextArrival(now: number): number {
    this.#lastArrival = Math.max(now, this.#lastArrival + ARRIVAL_STEP_SECONDS);
    return this.#lastArrival;
  }

  #newReading(room: string, { station, boot }: Batch, reading: StationReading, now: number): NewReading {
    const { seq, temperature, humidity } = reading;
    const time = reading.time ?? (this.#starts.get(`${station}/${boot}`) as number) + (reading.uptime as number);
    const isGuessed = reading.time === null;
    return {
      room,
      identity: { station, boot, seq },
      time,
      isGuessed,
      isLate: this.#isLate(room, time, now),
      temperature,
      humidity,
    };
  }

  #queue(reading: NewReading): void {
    if (this.#pending.length < PENDING_MAXIMUM_READINGS) this.#pending.push(reading);
    else this.#dropped++;
  }

  /** Every message was sent after its readings were measured: the earliest start that a message allows is the nearest to the truth. */
  #noteStart({ station, boot, readings }: Batch, now: number): void {
    const name = `${station}/${boot}`;
    for (const { time, uptime } of readings) {
      if (time !== null) continue;
      const start = Math.min(now - (uptime as number), this.#starts.get(name) ?? Number.POSITIVE_INFINITY);
      if (this.#starts.size >= STARTS_MAXIMUM && !this.#starts.has(name)) {
        this.#starts.delete(this.#starts.keys().next().value as string);
      }
      this.#starts.set(name, start);
    }
  }

  #isLate(room: string, time: number, now: number): boolean {
    return now - time > this.#options.intervalOf(room) + LATE_MARGIN_SECONDS;
  }
}
