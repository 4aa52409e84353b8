// What is published, and in which order: announcements first, then the readings of each stream from its cursor in the spool.
// Nothing is kept of a message but a record from which it is built again, the same, when the session redelivers it.

import type { OutboundMessage } from '../mqtt/protocol.js';
import type { Outbox, Session } from '../mqtt/session.js';
import type { Spool } from '../spool/spool.js';
import type { Clock } from './clock.js';
import { PayloadWriter } from './payload.js';
import type { Streams } from './settings.js';
import type { Topics } from './topics.js';

/** Most readings in one message on `readings`. */
export const BATCH_MAXIMUM = 8;

/** Bytes of the longest payload: a batch in which each reading has ten-digit numbers and an uptime for a time. */
export const PAYLOAD_CAPACITY = 768;

export type Status = 'online' | 'offline';

/** What a message carries. The first three are streams of readings; each has a cursor in the spool. */
type Kind = 'temperature' | 'humidity' | 'readings' | Status | 'info';

/** One message in flight, so that it can be built again (design §4). */
interface InflightRecord {
  inUse: boolean;
  kind: Kind;
  /** `undefined` where the message carries no readings. */
  stream: Stream | undefined;
  firstSeq: number;
  count: number;
  /** The clock at the first send; `undefined` was unset. */
  clockOffsetSeconds: number | undefined;
  retain: boolean;
}

/** One stream of readings: `next` is the first that was not sent yet. */
interface Stream {
  readonly kind: 'temperature' | 'humidity' | 'readings';
  readonly cursor: number;
  next: number;
}

export interface PublisherOptions {
  readonly spool: Spool;
  readonly clock: Clock;
  readonly topics: Topics;
  readonly streams: Streams;
  readonly replay: number;
  readonly window: number;
  /** 12 hex digits. */
  readonly station: string;
  /** 32 random bits, drawn at the start. */
  readonly boot: number;
  /** The JSON of `info`, asked for at each connection. */
  describeStation(): Uint8Array;
}

const STATUS_PAYLOADS = Object.freeze({
  online: Uint8Array.of(0x6f, 0x6e, 0x6c, 0x69, 0x6e, 0x65),
  offline: Uint8Array.of(0x6f, 0x66, 0x66, 0x6c, 0x69, 0x6e, 0x65),
});

/** The payload of `status` as UTF-8. */
export function statusPayload(status: Status): Uint8Array {
  return STATUS_PAYLOADS[status];
}

/** The streams that a setting switches on, in the order in which they are served. */
export function streamKinds(streams: Streams): ('temperature' | 'humidity' | 'readings')[] {
  if (streams === 'values') return ['temperature', 'humidity'];
  return streams === 'readings' ? ['readings'] : ['temperature', 'humidity', 'readings'];
}

export class Publisher implements Outbox {
  readonly #options: PublisherOptions;
  readonly #records: InflightRecord[] = [];
  readonly #streams: Stream[];
  readonly #writer = new PayloadWriter(PAYLOAD_CAPACITY);
  /** The head of every message on `readings`: station and boot do not change. */
  readonly #batchHead: string;
  #info: Uint8Array = new Uint8Array(0);
  #infoPending = false;
  #statusPending: Status | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#batchHead = `{"station":"${options.station}","boot":${options.boot},"readings":[`;
    this.#streams = streamKinds(options.streams).map((kind, cursor) => ({ kind, cursor, next: 0 }));
    for (let slot = 0; slot < options.window; slot++) {
      this.#records.push({
        inUse: false,
        kind: 'info',
        stream: undefined,
        firstSeq: 0,
        count: 0,
        clockOffsetSeconds: undefined,
        retain: false,
      });
    }
  }

  /** A reading in flight has been lost to overflow, so its message cannot be built again: the session must start clean. */
  get needsCleanSession(): boolean {
    const { firstSeq } = this.#options.spool;
    // Plain loops here and below: what runs for each message makes no closures on the device.
    for (const record of this.#records) if (record.inUse && record.stream && record.firstSeq < firstSeq) return true;
    return false;
  }

  /** Whether nothing waits to be sent or acknowledged. */
  get isIdle(): boolean {
    if (this.#statusPending !== undefined || this.#infoPending || this.#options.spool.length > 0) return false;
    for (const record of this.#records) if (record.inUse) return false;
    return true;
  }

  announceStatus(status: Status): void {
    this.#statusPending = status;
  }

  announceInfo(): void {
    this.#infoPending = true;
  }

  /** Publishes what can be published now. */
  pump(session: Session, nowMs: number): void {
    this.#skipLost();
    while (session.canPublish) {
      const tag = this.#freeTag();
      const record = this.#records[tag];
      if (!record || !this.#prepare(record)) return;
      if (!session.publish(tag, nowMs)) return;
      record.inUse = true;
      this.#advance(record);
    }
  }

  /** The session's server keeps nothing of what was in flight: all of it is built anew from where each cursor stands. */
  onSessionLost(): void {
    for (const record of this.#records) record.inUse = false;
    for (const stream of this.#streams) stream.next = this.#options.spool.cursor(stream.cursor);
  }

  onAcknowledged(tag: number): void {
    const record = this.#records[tag] as InflightRecord;
    record.inUse = false;
    if (record.stream) this.#settle(record.stream);
  }

  // --- Outbox -------------------------------------------------------------------------------------------------------

  compose(tag: number, message: OutboundMessage): void {
    const record = this.#records[tag] as InflightRecord;
    const { topics } = this.#options;
    message.retain = record.retain;
    switch (record.kind) {
      case 'temperature':
      case 'humidity':
      case 'readings':
        message.topic = topics[record.kind];
        this.#writer.clear();
        this.#writeReadings(record);
        message.payload = this.#writer.bytes;
        message.payloadLength = this.#writer.length;
        return;
      case 'info':
        message.topic = topics.info;
        message.payload = this.#info;
        break;
      default:
        message.topic = topics.status;
        message.payload = statusPayload(record.kind);
    }
    message.payloadLength = message.payload.length;
  }

  #writeReadings(record: InflightRecord): void {
    const { spool } = this.#options;
    const writer = this.#writer;
    if (record.kind === 'temperature') return writer.tenths(spool.temperatureTenths(record.firstSeq));
    if (record.kind === 'humidity') return writer.tenths(spool.humidityTenths(record.firstSeq));
    writer.text(this.#batchHead);
    for (let seq = record.firstSeq; seq < record.firstSeq + record.count; seq++) {
      writer.text(seq === record.firstSeq ? '{"seq":' : ',{"seq":');
      writer.whole(seq);
      const uptimeSeconds = spool.uptimeSeconds(seq);
      if (record.clockOffsetSeconds === undefined) {
        writer.text(',"time":null,"uptime":');
        writer.whole(uptimeSeconds);
      } else {
        writer.text(',"time":');
        writer.whole(record.clockOffsetSeconds + uptimeSeconds);
      }
      writer.text(',"temperature":');
      writer.tenths(spool.temperatureTenths(seq));
      writer.text(',"humidity":');
      writer.tenths(spool.humidityTenths(seq));
      writer.text('}');
    }
    writer.text(']}');
  }

  // --- Choosing -----------------------------------------------------------------------------------------------------

  /** Fills `record` with the message that is due next; false where there is none. */
  #prepare(record: InflightRecord): boolean {
    record.stream = undefined;
    record.retain = true;
    if (this.#statusPending !== undefined) {
      record.kind = this.#statusPending;
      return true;
    }
    // An info in flight must be redelivered as it was, so a newer one waits for its acknowledgement.
    if (this.#infoPending && !this.#isInfoInflight()) {
      this.#info = this.#options.describeStation();
      record.kind = 'info';
      return true;
    }
    return this.#prepareReadings(record);
  }

  #prepareReadings(record: InflightRecord): boolean {
    const { spool, clock } = this.#options;
    let due: Stream | undefined;
    for (const stream of this.#streams) {
      if (stream.next < spool.nextSeq && (!due || stream.next < due.next)) due = stream;
    }
    if (!due) return false;
    record.kind = due.kind;
    record.stream = due;
    record.firstSeq = due.next;
    record.count = due.kind === 'readings' ? Math.min(BATCH_MAXIMUM, spool.nextSeq - due.next) : 1;
    record.clockOffsetSeconds = clock.offsetSeconds;
    // Retained is the value that is true now: never one out of the backlog (design §3).
    record.retain = due.kind !== 'readings' && due.next === spool.nextSeq - 1;
    return true;
  }

  /** `record` was sent: what is due next lies behind it. */
  #advance(record: InflightRecord): void {
    if (record.stream) record.stream.next += record.count;
    else if (record.kind === 'info') this.#infoPending = false;
    else this.#statusPending = undefined;
  }

  /** Streams step over readings that overflow took, and value streams over a backlog longer than `replay`. */
  #skipLost(): void {
    const { spool, replay, streams } = this.#options;
    for (const stream of this.#streams) {
      const earliest =
        streams === 'both' && stream.kind !== 'readings' ? Math.max(spool.firstSeq, spool.nextSeq - replay) : spool.firstSeq;
      if (stream.next >= earliest) continue;
      stream.next = earliest;
      this.#settle(stream);
    }
  }

  /** Moves the stream's cursor to its first reading that is not acknowledged. */
  #settle(stream: Stream): void {
    let settled = stream.next;
    for (const record of this.#records) {
      if (record.inUse && record.stream === stream && record.firstSeq < settled) settled = record.firstSeq;
    }
    this.#options.spool.advance(stream.cursor, settled);
  }

  /** Index of a record that is not in use; beyond the last where there is none. */
  #freeTag(): number {
    let tag = 0;
    while (this.#records[tag]?.inUse) tag++;
    return tag;
  }

  #isInfoInflight(): boolean {
    for (const { inUse, kind } of this.#records) if (inUse && kind === 'info') return true;
    return false;
  }
}
