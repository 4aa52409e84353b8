// What is published, and in which order: announcements first, then the readings of each stream from its cursor in the spool.
// Nothing is kept of a message but a record from which it is built again, the same, when the session redelivers it.

import { encodeUserProperty } from '../mqtt/encode-properties.js';
import type { OutboundMessage } from '../mqtt/protocol.js';
import { ReasonCode } from '../mqtt/reason.js';
import type { Session } from '../mqtt/session.js';
import type { Outbox } from '../mqtt/session-options.js';
import type { Random } from '../ports.js';
import type { Spool } from '../spool/spool.js';
import type { Clock } from './clock.js';
import { PayloadWriter } from './payload.js';
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

/** So often a message is sent that the broker says it can make nothing of. */
const TRIES_MAXIMUM = 3;

/** Digits of epoch seconds, from 2001 to 2286. */
const TIME_DIGITS = 10;

const NEVER = Number.POSITIVE_INFINITY;

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

/** One stream of readings: `next` is the first that was not sent yet, or has to be sent once more. */
interface Stream {
  readonly kind: 'temperature' | 'humidity' | 'readings';
  readonly cursor: number;
  next: number;
  /** Made when the broker first refuses something. */
  refusals: Refusals | undefined;
}

export interface PublisherOptions {
  readonly spool: Spool;
  readonly clock: Clock;
  readonly topics: Topics;
  readonly streams: Streams;
  readonly replay: number;
  readonly window: number;
  readonly random: Random;
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
  #announcementRefusals: Refusals | undefined;
  #refusedCount = 0;
  #refusalCode = 0;
  /** The user property `time`: its digits are written for each message. */
  readonly #time = encodeUserProperty('time', '0'.repeat(TIME_DIGITS));

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#batchHead = `{"station":"${options.station}","boot":${options.boot},"readings":[`;
    this.#streams = streamKinds(options.streams).map((kind, cursor) => ({ kind, cursor, next: 0, refusals: undefined }));
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

  /** Messages that the broker refused since the start. */
  get refusedCount(): number {
    return this.#refusedCount;
  }

  /** Why it refused the last one (MQTT 5 §2.4); 0 where it refused none. */
  get refusalCode(): number {
    return this.#refusalCode;
  }

  /** When what was refused is due again, behind `nowMs`; or infinity. */
  deadlineMs(nowMs: number): number {
    const { spool } = this.#options;
    let deadlineMs = this.#hasAnnouncement ? dueMs(this.#announcementRefusals, nowMs) : NEVER;
    for (const { refusals, next } of this.#streams) {
      if (next < spool.nextSeq) deadlineMs = Math.min(deadlineMs, dueMs(refusals, nowMs));
    }
    return deadlineMs;
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
      if (!record || !this.#prepare(record, session.server.maximumPacketBytes, nowMs)) return;
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
    this.#refusalsOf(record)?.accepted(keyOf(record));
    if (record.stream) this.#settle(record.stream);
  }

  /**
   * The broker does not take this message, and the reason decides: what it says is wrong in itself is given up after some tries; all else,
   * a right or a quota that is missing, may be mended, and is tried for ever. Either way its lane waits.
   */
  onRefused(tag: number, reasonCode: number, nowMs: number): void {
    const record = this.#records[tag] as InflightRecord;
    record.inUse = false;
    this.#refusedCount++;
    this.#refusalCode = reasonCode;
    const refusals = this.#makeRefusalsOf(record);
    const tries = refusals.refused(keyOf(record), nowMs);
    const isHopeless = reasonCode === ReasonCode.topicNameInvalid || reasonCode === ReasonCode.payloadFormatInvalid;
    if (isHopeless && tries >= TRIES_MAXIMUM) {
      refusals.settled(keyOf(record));
      this.#giveUp(record);
    } else this.#sendOnceMore(record);
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
        // A batch says the time of each reading itself.
        if (record.kind !== 'readings') message.userProperties = this.#timeOf(record);
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

  /** The user property `time` of a value message; none where the time was not known at the first send. */
  #timeOf({ clockOffsetSeconds, firstSeq }: InflightRecord): Uint8Array | undefined {
    if (clockOffsetSeconds === undefined) return undefined;
    const property = this.#time;
    let rest = clockOffsetSeconds + this.#options.spool.uptimeSeconds(firstSeq);
    for (let at = property.length - 1; at >= property.length - TIME_DIGITS; at--) {
      property[at] = 0x30 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    return property;
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
  #prepare(record: InflightRecord, packetMaximumBytes: number, nowMs: number): boolean {
    record.stream = undefined;
    record.retain = true;
    if (this.#hasAnnouncement && dueMs(this.#announcementRefusals, nowMs) === NEVER) {
      if (this.#statusPending !== undefined) {
        record.kind = this.#statusPending;
        return true;
      }
      // An info in flight must be redelivered as it was, so a newer one waits for its acknowledgement.
      if (!this.#isInfoInflight()) {
        this.#info = this.#options.describeStation();
        record.kind = 'info';
        return true;
      }
    }
    return this.#prepareReadings(record, packetMaximumBytes, nowMs);
  }

  get #hasAnnouncement(): boolean {
    return this.#statusPending !== undefined || this.#infoPending;
  }

  #prepareReadings(record: InflightRecord, packetMaximumBytes: number, nowMs: number): boolean {
    const { spool, clock } = this.#options;
    let due: Stream | undefined;
    for (const stream of this.#streams) {
      const isDue = stream.next < spool.nextSeq && dueMs(stream.refusals, nowMs) === NEVER;
      if (isDue && (!due || stream.next < due.next)) due = stream;
    }
    if (!due) return false;
    record.kind = due.kind;
    record.stream = due;
    record.firstSeq = due.next;
    record.count = due.kind === 'readings' ? Math.min(this.#batchLimit(packetMaximumBytes), spool.nextSeq - due.next) : 1;
    record.clockOffsetSeconds = clock.offsetSeconds;
    // Retained is the value that is true now: never one out of the backlog (design §3).
    record.retain = due.kind !== 'readings' && due.next === spool.nextSeq - 1;
    return true;
  }

  /** Most readings in one message that a server takes with packets of `packetMaximumBytes`; one is always tried. */
  #batchLimit(packetMaximumBytes: number): number {
    const room = packetMaximumBytes - BATCH_OVERHEAD_BYTES - this.#options.topics.readings.length;
    return Math.max(1, Math.min(BATCH_MAXIMUM, Math.floor(room / BATCHED_READING_MAXIMUM_BYTES)));
  }

  /** `record` was sent: what is due next lies behind it. */
  #advance(record: InflightRecord): void {
    if (record.stream) record.stream.next += record.count;
    else if (record.kind === 'info') this.#infoPending = false;
    else this.#statusPending = undefined;
  }

  /** What `record` carried is due again. */
  #sendOnceMore({ stream, kind, firstSeq }: InflightRecord): void {
    if (stream) stream.next = Math.min(stream.next, firstSeq);
    else if (kind === 'info') this.#infoPending = true;
    else this.#statusPending ??= kind as Status;
  }

  /** What `record` carried is lost on its stream. An announcement is made again at the next connection. */
  #giveUp({ stream, firstSeq, count }: InflightRecord): void {
    if (!stream) return;
    const { spool } = this.#options;
    for (let seq = Math.max(firstSeq, spool.firstSeq); seq < firstSeq + count; seq++) spool.giveUp(seq);
    this.#settle(stream);
  }

  /** The refusals of the lane that `record` is in: its stream, or the announcements. */
  #refusalsOf({ stream }: InflightRecord): Refusals | undefined {
    return stream ? stream.refusals : this.#announcementRefusals;
  }

  #makeRefusalsOf({ stream }: InflightRecord): Refusals {
    const { random } = this.#options;
    if (stream) {
      stream.refusals ??= new Refusals(random);
      return stream.refusals;
    }
    this.#announcementRefusals ??= new Refusals(random);
    return this.#announcementRefusals;
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

/** When a lane that waits may go on; infinity where it does not wait. */
function dueMs(refusals: Refusals | undefined, nowMs: number): number {
  return refusals !== undefined && refusals.untilMs > nowMs ? refusals.untilMs : NEVER;
}

/** What rises along a lane: the seq of a reading; of the announcements, status comes before info. */
function keyOf({ stream, kind, firstSeq }: InflightRecord): number {
  if (stream) return firstSeq;
  return kind === 'info' ? 1 : 0;
}
