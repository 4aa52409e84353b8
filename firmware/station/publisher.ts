// What is published, and in which order: announcements first, then the readings of each stream from its cursor in the spool.
// Nothing is kept of a message but a record from which it is built again, the same, when the session redelivers it.

import { encodeUserProperty } from '../mqtt/encode-properties.js';
import { EMPTY, type OutboundMessage } from '../mqtt/protocol.js';
import type { Session } from '../mqtt/session.js';
import type { Outbox } from '../mqtt/session-options.js';
import type { Random } from '../ports.js';
import type { Spool } from '../spool/spool.js';
import type { Clock } from './clock.js';
import type { Notice, Notices } from './notices.js';
import { PayloadWriter } from './payload.js';
import { Kind, Records } from './records.js';
import { Refusals } from './refusals.js';
import type { Streams } from './settings.js';
import type { Topics } from './topics.js';

/** Most readings in one message on `readings`. */
export const BATCH_MAXIMUM = 8;

/** Bytes of the longest payload: a batch in which each reading has ten-digit numbers and an uptime for a time. */
export const PAYLOAD_CAPACITY = 768;

/** Bytes of the longest reading in a batch. */
const BATCHED_READING_MAXIMUM_BYTES = 88;

/** Bytes of a PUBLISH on `readings` beside topic and readings: headers, packet id, property length, and what surrounds the readings. */
const BATCH_OVERHEAD_BYTES = 5 + 2 + 2 + 1 + 64;

/** Bytes of a PUBLISH beside topic, payload and correlation data: header, lengths, packet id, and the lengths of properties. */
const NOTICE_OVERHEAD_BYTES = 5 + 2 + 2 + 2 + 3;

/** Digits of epoch seconds, from 2001 to 2286. */
const TIME_DIGITS = 10;

export type Status = 'online' | 'offline';

export interface PublisherOptions {
  readonly spool: Spool;
  readonly clock: Clock;
  readonly notices: Notices;
  readonly topics: Topics;
  readonly streams: Streams;
  readonly replay: number;
  readonly window: number;
  readonly random: Random;
  /** 12 hex digits. */
  readonly station: string;
  /** 32 random bits, drawn at the start. */
  readonly boot: number;
  readonly subject: Subject;
  /** `PAYLOAD_CAPACITY` bytes in which payloads are composed: overwritten by each message, and anybody's in between. */
  readonly scratch: ArrayBuffer;
}

/** Whom `info` is about. */
export interface Subject {
  /** The JSON of `info`, asked for at each connection. */
  describe(): Uint8Array;
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
  private readonly spool: Spool;
  private readonly clock: Clock;
  private readonly notices: Notices;
  private readonly topics: Topics;
  private readonly subject: Subject;
  /** Most readings of a backlog on the value topics. */
  private readonly replay: number;
  private readonly records: Records;
  /** First and last kind of the streams in use. */
  private readonly from: number;
  private readonly to: number;
  /** For each stream, the first reading that was not sent yet. */
  private readonly next: Uint32Array;
  private readonly writer: PayloadWriter;
  /** The head of every message on `readings`: station and boot do not change. */
  private readonly batchHead: string;
  private nextNotice = 0;
  /** As it is or was in flight; let go when the broker has it. */
  private info: Uint8Array = EMPTY;
  private infoPending = false;
  private statusPending: Status | undefined;
  private readonly _refusals: Refusals;
  /** The user property `time`: its digits are written for each message. */
  private readonly time = encodeUserProperty('time', '0'.repeat(TIME_DIGITS));

  constructor(options: PublisherOptions) {
    const { station, boot, streams, window, random } = options;
    this.spool = options.spool;
    this.clock = options.clock;
    this.notices = options.notices;
    this.topics = options.topics;
    this.subject = options.subject;
    // With the value topics alone, nothing is skipped: there is no other place for it.
    this.replay = streams === 'both' ? options.replay : Number.POSITIVE_INFINITY;
    this.batchHead = `{"station":"${station}","boot":${boot},"readings":[`;
    this.writer = new PayloadWriter(options.scratch);
    this.records = new Records(window);
    this._refusals = new Refusals(random);
    const { from, to } = streamKinds(streams);
    this.from = from;
    this.to = to;
    this.next = new Uint32Array(to - from + 1);
  }

  /** A reading in flight has been lost to overflow, so its message cannot be built again: the session must start clean. */
  get needsCleanSession(): boolean {
    const { firstSeq } = this.spool;
    for (let kind = this.from; kind <= this.to; kind++) if (this.records.earliest(kind as Kind) < firstSeq) return true;
    return false;
  }

  /** Whether nothing waits to be sent or acknowledged. */
  get isIdle(): boolean {
    if (this.statusPending !== undefined || this.infoPending || this.spool.length > 0 || !this.notices.isEmpty) return false;
    for (let tag = 0; tag < this.records.capacity; tag++) if (this.records.kind(tag) !== undefined) return false;
    return true;
  }

  /** What the broker has refused. */
  get refusals(): Pick<Refusals, 'count' | 'code'> {
    return this._refusals;
  }

  /** When what was refused is due again, behind `nowMs`; or infinity. */
  deadlineMs(nowMs: number): number {
    return this._refusals.deadlineMs(nowMs);
  }

  announceStatus(status: Status): void {
    this.statusPending = status;
  }

  announceInfo(): void {
    this.infoPending = true;
  }

  /** Publishes what can be published now. */
  pump(session: Session, nowMs: number): void {
    this.skipLost();
    while (session.canPublish) {
      const tag = this.records.freeTag;
      if (tag === this.records.capacity || !this.prepare(tag, session, nowMs)) return;
      if (!session.publish(tag, nowMs)) return this.records.free(tag);
      this.advance(tag);
    }
  }

  /** The session's server keeps nothing of what was in flight: all of it is built anew from where each cursor stands. */
  onSessionLost(): void {
    this.records.clear();
    this.nextNotice = this.notices.first;
    for (let cursor = 0; cursor < this.next.length; cursor++) this.next[cursor] = this.spool.cursor(cursor);
  }

  onAcknowledged(tag: number): void {
    const kind = this.records.kind(tag) as Kind;
    const number = this.records.firstSeq(tag);
    this.records.free(tag);
    this._refusals.accepted(laneOf(kind), kind === Kind.info ? INFO_KEY : number);
    if (kind <= Kind.readings) this.settle(kind);
    else if (kind === Kind.notice) this.notices.onAcknowledged(number);
    else if (kind === Kind.info) this.info = EMPTY;
  }

  /** The broker does not take message `tag`: it is sent once more, when its lane has waited, or given up. */
  onRefused(tag: number, reasonCode: number, nowMs: number): void {
    const kind = this.records.kind(tag) as Kind;
    const number = this.records.firstSeq(tag);
    const count = this.records.count(tag);
    this.records.free(tag);
    const isGivenUp = this._refusals.refused(laneOf(kind), kind === Kind.info ? INFO_KEY : number, reasonCode, nowMs);
    if (kind <= Kind.readings) {
      if (isGivenUp) this.giveUp(number, count);
      else this.next[kind - this.from] = Math.min(this.nextOf(kind), number);
      this.settle(kind);
    } else if (kind === Kind.notice) {
      // Whoever asked is not to be reached there, or has gone.
      this.notices.onAcknowledged(number);
    } else if (isGivenUp) {
      // The next connection makes all announcements again.
    } else if (kind === Kind.info) {
      this.infoPending = true;
    } else {
      this.statusPending ??= kind === Kind.online ? 'online' : 'offline';
    }
  }

  // --- Outbox -------------------------------------------------------------------------------------------------------

  compose(tag: number, message: OutboundMessage): void {
    const topics = this.topics;
    const records = this.records;
    message.retain = records.retain(tag);
    switch (records.kind(tag)) {
      case Kind.info:
        message.topic = topics.info;
        message.payload = this.info;
        break;
      case Kind.notice: {
        const notice = this.notices.at(records.firstSeq(tag));
        message.topic = notice.topic;
        message.payload = notice.payload;
        message.correlationData = notice.correlationData;
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
        return this.composeReadings(tag, message);
    }
    message.payloadLength = message.payload.length;
  }

  private composeReadings(tag: number, message: OutboundMessage): void {
    const spool = this.spool;
    const topics = this.topics;
    const writer = this.writer;
    const seq = this.records.firstSeq(tag);
    writer.clear();
    const clockOffsetSeconds = this.records.clockOffsetSeconds(tag);
    switch (this.records.kind(tag)) {
      case Kind.temperature:
        message.topic = topics.temperature;
        message.userProperties = this.timeOf(seq, clockOffsetSeconds);
        writer.tenths(spool.temperatureTenths(seq));
        break;
      case Kind.humidity:
        message.topic = topics.humidity;
        message.userProperties = this.timeOf(seq, clockOffsetSeconds);
        writer.tenths(spool.humidityTenths(seq));
        break;
      default:
        message.topic = topics.readings;
        this.writeBatch(seq, this.records.count(tag), clockOffsetSeconds);
    }
    message.payload = writer.bytes;
    message.payloadLength = writer.length;
  }

  /** The user property `time` of a value; none where the time was not known at the first send. A batch says its times itself. */
  private timeOf(seq: number, clockOffsetSeconds: number | undefined): Uint8Array | undefined {
    if (clockOffsetSeconds === undefined) return undefined;
    const property = this.time;
    let rest = clockOffsetSeconds + this.spool.uptimeSeconds(seq);
    for (let at = property.length - 1; at >= property.length - TIME_DIGITS; at--) {
      property[at] = 0x30 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    return property;
  }

  private writeBatch(firstSeq: number, count: number, clockOffsetSeconds: number | undefined): void {
    const spool = this.spool;
    const writer = this.writer;
    writer.text(this.batchHead);
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
  private prepare(tag: number, session: Session, nowMs: number): boolean {
    const records = this.records;
    const notices = this.notices;
    const mayAnnounce = !this._refusals.holds(ANNOUNCEMENTS, nowMs);
    if (mayAnnounce && this.statusPending !== undefined) {
      records.put(tag, Kind[this.statusPending], 0, 0, undefined, true);
      return true;
    }
    // An info in flight must be redelivered as it was, so a newer one waits for its acknowledgement.
    if (mayAnnounce && this.infoPending && records.earliest(Kind.info) === NONE) {
      this.info = this.subject.describe();
      records.put(tag, Kind.info, 0, 0, undefined, true);
      return true;
    }
    // What the server said that it does not take would end the connection, again and again.
    while (this.nextNotice < notices.next && lengthOf(notices.at(this.nextNotice)) > session.server.maximumPacketBytes) {
      notices.onAcknowledged(this.nextNotice++);
    }
    if (this.nextNotice < notices.next) {
      records.put(tag, Kind.notice, this.nextNotice, 0, undefined, notices.at(this.nextNotice).retain);
      return true;
    }
    return this.prepareReadings(tag, session, nowMs);
  }

  private prepareReadings(tag: number, session: Session, nowMs: number): boolean {
    const spool = this.spool;
    let kind = 0;
    let seq = spool.nextSeq;
    for (let candidate = this.from; candidate <= this.to; candidate++) {
      if (this.nextOf(candidate) >= seq || this.isHeld(candidate, nowMs)) continue;
      kind = candidate;
      seq = this.nextOf(candidate);
    }
    if (kind === 0) return false;
    const isBatch = kind === Kind.readings;
    const count = isBatch ? Math.min(this.batchLimit(session), spool.nextSeq - seq) : 1;
    // Retained is the value that is true now: never one out of the backlog (design §3).
    const retain = !isBatch && seq === spool.nextSeq - 1;
    this.records.put(tag, kind as Kind, seq, count, this.clock.offsetSeconds, retain);
    return true;
  }

  /** Whether the broker has refused the last message of this stream, and the next one has to wait, or is being tried. */
  private isHeld(kind: number, nowMs: number): boolean {
    if (this._refusals.holds(kind, nowMs)) return true;
    return this._refusals.isProbing(kind) && this.records.earliest(kind as Kind) !== NONE;
  }

  /** Most readings in one message that the server takes; one is always tried. */
  private batchLimit(session: Session): number {
    const room = session.server.maximumPacketBytes - BATCH_OVERHEAD_BYTES - this.topics.readings.length;
    return Math.max(1, Math.min(BATCH_MAXIMUM, Math.floor(room / BATCHED_READING_MAXIMUM_BYTES)));
  }

  /** Message `tag` was sent: what is due next lies behind it. */
  private advance(tag: number): void {
    const kind = this.records.kind(tag) as Kind;
    if (kind <= Kind.readings) this.next[kind - this.from] = this.records.firstSeq(tag) + this.records.count(tag);
    else if (kind === Kind.info) this.infoPending = false;
    else if (kind === Kind.notice) this.nextNotice++;
    else this.statusPending = undefined;
  }

  /** These readings are lost on one of their streams. */
  private giveUp(firstSeq: number, count: number): void {
    const spool = this.spool;
    for (let seq = Math.max(firstSeq, spool.firstSeq); seq < firstSeq + count; seq++) spool.giveUp(seq);
  }

  /** Streams step over readings that overflow took, and value streams over a backlog longer than `replay`. */
  private skipLost(): void {
    const spool = this.spool;
    for (let kind = this.from; kind <= this.to; kind++) {
      const skipped = kind === Kind.readings ? 0 : spool.nextSeq - this.replay;
      const earliest = Math.max(spool.firstSeq, skipped);
      if (this.nextOf(kind) >= earliest) continue;
      this.next[kind - this.from] = earliest;
      this.settle(kind as Kind);
    }
  }

  /** Moves the stream's cursor to its first reading that is not acknowledged. */
  private settle(kind: Kind): void {
    this.spool.advance(kind - this.from, Math.min(this.nextOf(kind), this.records.earliest(kind)));
  }

  private nextOf(kind: number): number {
    return this.next[kind - this.from] as number;
  }
}

/** The lane of status and info; the kinds of readings and of notices are lanes of their own. */
const ANNOUNCEMENTS = 0;

/** In their lane, status comes before info. */
const INFO_KEY = 1;

function laneOf(kind: Kind): number {
  return kind <= Kind.readings || kind === Kind.notice ? kind : ANNOUNCEMENTS;
}

/** Bytes that the PUBLISH of `notice` takes at most. */
function lengthOf({ topic, payload, correlationData }: Notice): number {
  return topic.length + payload.length + (correlationData?.length ?? 0) + NOTICE_OVERHEAD_BYTES;
}
