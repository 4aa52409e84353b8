// What is published, and in which order: announcements first, then the readings of each stream from its cursor in the spool.
// Nothing is kept of a message but a record from which it is built again, the same, when the session redelivers it.

import type { OutboundMessage } from '../mqtt/protocol.js';
import type { Outbox, Session } from '../mqtt/session.js';
import type { Spool } from '../spool/spool.js';
import type { Clock } from './clock.js';
import type { Notices } from './notices.js';
import { PayloadWriter } from './payload.js';
import { Kind, Records } from './records.js';
import type { Streams } from './settings.js';
import type { Topics } from './topics.js';

/** Most readings in one message on `readings`. */
export const BATCH_MAXIMUM = 8;

/** Bytes of the longest payload: a batch in which each reading has ten-digit numbers and an uptime for a time. */
export const PAYLOAD_CAPACITY = 768;

export type Status = 'online' | 'offline';

export interface PublisherOptions {
  readonly spool: Spool;
  readonly clock: Clock;
  readonly notices: Notices;
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

const NONE = Number.POSITIVE_INFINITY;

const STATUS_PAYLOADS = Object.freeze({
  online: Uint8Array.of(0x6f, 0x6e, 0x6c, 0x69, 0x6e, 0x65),
  offline: Uint8Array.of(0x6f, 0x66, 0x66, 0x6c, 0x69, 0x6e, 0x65),
});

/** The payload of `status` as UTF-8. */
export function statusPayload(status: Status): Uint8Array {
  return STATUS_PAYLOADS[status];
}

/** The streams that a setting switches on, `from` one kind `to` another, in the order in which they are served; each has a cursor. */
function streamKinds(streams: Streams): { from: number; to: number } {
  return {
    from: streams === 'readings' ? Kind.readings : Kind.temperature,
    to: streams === 'values' ? Kind.humidity : Kind.readings,
  };
}

/** Cursors that the spool needs for `streams`. */
export function cursorCount(streams: Streams): number {
  const { from, to } = streamKinds(streams);
  return to - from + 1;
}

export class Publisher implements Outbox {
  readonly #options: PublisherOptions;
  readonly #records: Records;
  /** First and last kind of the streams in use. */
  readonly #from: number;
  readonly #to: number;
  /** For each stream, the first reading that was not sent yet. */
  readonly #next: Uint32Array;
  readonly #writer = new PayloadWriter(PAYLOAD_CAPACITY);
  /** The head of every message on `readings`: station and boot do not change. */
  readonly #batchHead: string;
  #nextNotice = 0;
  #info: Uint8Array = new Uint8Array(0);
  #infoPending = false;
  #statusPending: Status | undefined;

  constructor(options: PublisherOptions) {
    const { station, boot, streams, window } = options;
    this.#options = options;
    this.#batchHead = `{"station":"${station}","boot":${boot},"readings":[`;
    this.#records = new Records(window);
    const { from, to } = streamKinds(streams);
    this.#from = from;
    this.#to = to;
    this.#next = new Uint32Array(to - from + 1);
  }

  /** A reading in flight has been lost to overflow, so its message cannot be built again: the session must start clean. */
  get needsCleanSession(): boolean {
    const { firstSeq } = this.#options.spool;
    for (let kind = this.#from; kind <= this.#to; kind++) if (this.#records.earliest(kind as Kind) < firstSeq) return true;
    return false;
  }

  /** Whether nothing waits to be sent or acknowledged. */
  get isIdle(): boolean {
    const { spool, notices } = this.#options;
    if (this.#statusPending !== undefined || this.#infoPending || spool.length > 0 || !notices.isEmpty) return false;
    for (let tag = 0; tag < this.#records.capacity; tag++) if (this.#records.kind(tag) !== undefined) return false;
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
      const tag = this.#records.freeTag;
      if (tag === this.#records.capacity || !this.#prepare(tag)) return;
      if (!session.publish(tag, nowMs)) return this.#records.free(tag);
      this.#advance(tag);
    }
  }

  /** The session's server keeps nothing of what was in flight: all of it is built anew from where each cursor stands. */
  onSessionLost(): void {
    const { spool, notices } = this.#options;
    this.#records.clear();
    this.#nextNotice = notices.first;
    for (let cursor = 0; cursor < this.#next.length; cursor++) this.#next[cursor] = spool.cursor(cursor);
  }

  onAcknowledged(tag: number): void {
    const kind = this.#records.kind(tag) as Kind;
    const number = this.#records.firstSeq(tag);
    this.#records.free(tag);
    if (kind <= Kind.readings) this.#settle(kind);
    else if (kind === Kind.notice) this.#options.notices.onAcknowledged(number);
  }

  // --- Outbox -------------------------------------------------------------------------------------------------------

  compose(tag: number, message: OutboundMessage): void {
    const { topics, notices } = this.#options;
    const records = this.#records;
    message.retain = records.retain(tag);
    switch (records.kind(tag)) {
      case Kind.info:
        message.topic = topics.info;
        message.payload = this.#info;
        break;
      case Kind.notice: {
        const notice = notices.at(records.firstSeq(tag));
        message.topic = notice.topic;
        message.payload = notice.payload;
        break;
      }
      case Kind.online:
        message.topic = topics.status;
        message.payload = statusPayload('online');
        break;
      case Kind.offline:
        message.topic = topics.status;
        message.payload = statusPayload('offline');
        break;
      default:
        return this.#composeReadings(tag, message);
    }
    message.payloadLength = message.payload.length;
  }

  #composeReadings(tag: number, message: OutboundMessage): void {
    const { spool, topics } = this.#options;
    const writer = this.#writer;
    const seq = this.#records.firstSeq(tag);
    writer.clear();
    switch (this.#records.kind(tag)) {
      case Kind.temperature:
        message.topic = topics.temperature;
        writer.tenths(spool.temperatureTenths(seq));
        break;
      case Kind.humidity:
        message.topic = topics.humidity;
        writer.tenths(spool.humidityTenths(seq));
        break;
      default:
        message.topic = topics.readings;
        this.#writeBatch(seq, this.#records.count(tag), this.#records.clockOffsetSeconds(tag));
    }
    message.payload = writer.bytes;
    message.payloadLength = writer.length;
  }

  #writeBatch(firstSeq: number, count: number, clockOffsetSeconds: number | undefined): void {
    const { spool } = this.#options;
    const writer = this.#writer;
    writer.text(this.#batchHead);
    for (let seq = firstSeq; seq < firstSeq + count; seq++) {
      writer.text(seq === firstSeq ? '{"seq":' : ',{"seq":');
      writer.whole(seq);
      const uptimeSeconds = spool.uptimeSeconds(seq);
      if (clockOffsetSeconds === undefined) {
        writer.text(',"time":null,"uptime":');
        writer.whole(uptimeSeconds);
      } else {
        writer.text(',"time":');
        writer.whole(clockOffsetSeconds + uptimeSeconds);
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

  /** Fills record `tag` with the message that is due next; false where there is none. */
  #prepare(tag: number): boolean {
    const records = this.#records;
    const { notices } = this.#options;
    if (this.#statusPending !== undefined) {
      records.put(tag, Kind[this.#statusPending], 0, 0, undefined, true);
      return true;
    }
    // An info in flight must be redelivered as it was, so a newer one waits for its acknowledgement.
    if (this.#infoPending && records.earliest(Kind.info) === NONE) {
      this.#info = this.#options.describeStation();
      records.put(tag, Kind.info, 0, 0, undefined, true);
      return true;
    }
    if (this.#nextNotice < notices.next) {
      records.put(tag, Kind.notice, this.#nextNotice, 0, undefined, notices.at(this.#nextNotice).retain);
      return true;
    }
    return this.#prepareReadings(tag);
  }

  #prepareReadings(tag: number): boolean {
    const { spool, clock } = this.#options;
    let kind = 0;
    let seq = spool.nextSeq;
    for (let candidate = this.#from; candidate <= this.#to; candidate++) {
      if (this.#nextOf(candidate) >= seq) continue;
      kind = candidate;
      seq = this.#nextOf(candidate);
    }
    if (kind === 0) return false;
    const isBatch = kind === Kind.readings;
    const count = isBatch ? Math.min(BATCH_MAXIMUM, spool.nextSeq - seq) : 1;
    // Retained is the value that is true now: never one out of the backlog (design §3).
    const retain = !isBatch && seq === spool.nextSeq - 1;
    this.#records.put(tag, kind as Kind, seq, count, clock.offsetSeconds, retain);
    return true;
  }

  /** Message `tag` was sent: what is due next lies behind it. */
  #advance(tag: number): void {
    const kind = this.#records.kind(tag) as Kind;
    if (kind <= Kind.readings) this.#next[kind - this.#from] = this.#records.firstSeq(tag) + this.#records.count(tag);
    else if (kind === Kind.info) this.#infoPending = false;
    else if (kind === Kind.notice) this.#nextNotice++;
    else this.#statusPending = undefined;
  }

  /** Streams step over readings that overflow took, and value streams over a backlog longer than `replay`. */
  #skipLost(): void {
    const { spool, replay, streams } = this.#options;
    for (let kind = this.#from; kind <= this.#to; kind++) {
      const skips = streams === 'both' && kind !== Kind.readings;
      const earliest = skips ? Math.max(spool.firstSeq, spool.nextSeq - replay) : spool.firstSeq;
      if (this.#nextOf(kind) >= earliest) continue;
      this.#next[kind - this.#from] = earliest;
      this.#settle(kind as Kind);
    }
  }

  /** Moves the stream's cursor to its first reading that is not acknowledged. */
  #settle(kind: Kind): void {
    this.#options.spool.advance(kind - this.#from, Math.min(this.#nextOf(kind), this.#records.earliest(kind)));
  }

  #nextOf(kind: number): number {
    return this.#next[kind - this.#from] as number;
  }
}
