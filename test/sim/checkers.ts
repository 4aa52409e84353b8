// What must hold in every run, whatever went wrong in it. Each checker looks at the log alone and throws at what it finds.

import assert from 'node:assert/strict';
import type { IPublishPacket } from 'mqtt-packet';
import type { LinkEvent, Measured, RunLog } from './log.js';

/** All that must hold at the end of a run in which everything could be delivered. */
export function checkRun(log: RunLog): void {
  checkAccount(log);
  checkReadings(log);
  checkValueTopics(log);
  checkTimes(log);
  checkDuplicates(log);
  checkSessions(log);
  checkRetain(log);
  checkStatus(log);
  checkBackoff(log);
  checkSocket(log);
}

/** Every reading is acknowledged, dropped or buffered, and none is two of these. */
export function checkAccount({ counts, measured, acknowledged }: RunLog): void {
  assert.equal(counts.measured, acknowledged.length + counts.dropped + counts.buffered, 'the account of readings');
  assert.equal(new Set(acknowledged).size, acknowledged.length, 'a reading is acknowledged twice');
  const known = new Set(measured.map(({ seq }) => seq));
  assert.ok(
    acknowledged.every((seq) => known.has(seq)),
    'a reading is acknowledged that was not measured',
  );
  assert.ok(
    measured.every(({ seq }, index) => seq === index),
    'seq counts from 0 without a hole',
  );
}

interface PublishedReading {
  readonly seq: number;
  readonly time: number | null;
  readonly uptime?: number;
  readonly temperature: number;
  readonly humidity: number;
}

interface Batch {
  readonly station: string;
  readonly boot: number;
  readonly readings: readonly PublishedReading[];
}

function publishesOn(log: RunLog, quantity: string): { packet: IPublishPacket; atMs: number; connection: number }[] {
  const topic = `${log.settings.prefix}/${log.room}/${quantity}`;
  return log.wire.flatMap((event) => (event.kind === 'publish' && event.packet.topic === topic ? [event] : []));
}

function batchesOf(log: RunLog): { batch: Batch; atMs: number }[] {
  return publishesOn(log, 'readings').map(({ packet, atMs }) => ({ batch: JSON.parse(packet.payload.toString()) as Batch, atMs }));
}

/** On `readings`: what was measured, in order of first occurrence, with no hole but for what was dropped. */
export function checkReadings(log: RunLog): void {
  if (log.settings.streams === 'values') return;
  const first: number[] = [];
  for (const { batch } of batchesOf(log)) {
    assert.equal(batch.boot, log.boot);
    batch.readings.forEach((reading, index) => {
      const { temperatureTenths, humidityTenths } = measuredAs(log, reading.seq);
      assert.deepEqual(
        [reading.temperature, reading.humidity],
        [temperatureTenths / 10, humidityTenths / 10],
        `reading ${reading.seq}`,
      );
      assert.equal(reading.seq, (batch.readings[0] as PublishedReading).seq + index, 'a batch is a run of readings');
      if (reading.seq > (first.at(-1) ?? -1)) first.push(reading.seq);
      else assert.ok(first.includes(reading.seq), `reading ${reading.seq} came first behind ${first.at(-1)}`);
    });
  }
  checkArrived(log, new Set(first), log.counts.dropped);
}

/** On `temperature` and `humidity`: the same, but for the part of a backlog that is longer than `replay`. */
export function checkValueTopics(log: RunLog): void {
  if (log.settings.streams === 'readings') return;
  const mayBeSkipped = log.settings.streams === 'both' && log.measured.length > log.settings.replay;
  for (const quantity of ['temperature', 'humidity'] as const) {
    const first: number[] = [];
    for (const { packet, atMs } of publishesOn(log, quantity)) {
      const seq = seqOfValue(log, quantity, packet.payload.toString(), atMs);
      if (seq > (first.at(-1) ?? -1)) first.push(seq);
      else assert.ok(first.includes(seq), `${quantity}: reading ${seq} came first behind ${first.at(-1)}`);
    }
    checkArrived(log, new Set(first), mayBeSkipped ? Number.POSITIVE_INFINITY : log.counts.dropped);
    const newest = log.measured.length - 1;
    if (log.counts.buffered === 0 && newest >= 0) assert.ok(first.includes(newest), `${quantity}: the newest did not arrive`);
  }
}

/** What the station says is delivered has arrived, and no more is missing than was dropped. */
function checkArrived(log: RunLog, arrived: ReadonlySet<number>, mayMiss: number): void {
  const missing = log.measured.filter(({ seq }) => !arrived.has(seq));
  assert.ok(missing.length <= mayMiss + log.counts.buffered, `missing: ${missing.map(({ seq }) => seq).join(' ')}`);
  if (mayMiss === Number.POSITIVE_INFINITY) return;
  for (const seq of log.acknowledged) assert.ok(arrived.has(seq), `reading ${seq} is acknowledged and did not arrive`);
}

function measuredAs(log: RunLog, seq: number): Measured {
  const measured = log.measured[seq];
  assert.ok(measured, `reading ${seq} was never measured`);
  return measured;
}

/** The newest reading before `atMs` with this value: the sensor of the scene gives each value once in hours. */
function seqOfValue(log: RunLog, quantity: 'temperature' | 'humidity', payload: string, atMs: number): number {
  const key = `${quantity}Tenths` as const;
  const seq = log.measured.findLastIndex((reading) => reading.atMs <= atMs && (reading[key] / 10).toFixed(1) === payload);
  assert.ok(seq >= 0, `${quantity} ${payload} was never measured`);
  return seq;
}

/** A time that the host tells can be late by as long as a connection can be silent before it is given up. */
const HOST_TIME_LATE_SECONDS = 40;

/** `time` is when the reading was measured, or `null` with `uptime` where the station could not know. */
export function checkTimes(log: RunLog): void {
  const known = new Map<number, number>();
  for (const { batch } of batchesOf(log)) {
    for (const { seq, time, uptime } of batch.readings) {
      const { uptimeSeconds } = measuredAs(log, seq);
      if (time === null) {
        assert.ok(!log.knowsTime, `reading ${seq} has no time, and the station knows it`);
        assert.equal(uptime, uptimeSeconds);
        continue;
      }
      assert.equal(uptime, undefined);
      const lateSeconds = log.epochAtStartSeconds + uptimeSeconds - time;
      const mayBeLateSeconds = log.knowsTime ? 1 : HOST_TIME_LATE_SECONDS;
      assert.ok(lateSeconds >= -1 && lateSeconds <= mayBeLateSeconds, `reading ${seq}: time ${time} is ${lateSeconds} s late`);
      if (log.knowsTime) assert.equal(known.get(seq) ?? time, time, `reading ${seq} has two times`);
      known.set(seq, time);
    }
  }
}

/** A message can come again for each that was in flight when a connection ended: a window, each time. */
export function checkDuplicates(log: RunLog): void {
  const disconnects = log.link.filter(({ kind }) => kind === 'down').length;
  let duplicates = 0;
  for (const quantity of ['temperature', 'humidity', 'readings'] as const) {
    const seen = new Set<number>();
    for (const { packet, atMs } of publishesOn(log, quantity)) {
      const payload = packet.payload.toString();
      const seqs =
        quantity === 'readings'
          ? (JSON.parse(payload) as Batch).readings.map(({ seq }) => seq)
          : [seqOfValue(log, quantity, payload, atMs)];
      if (seqs.some((seq) => seen.has(seq))) duplicates++;
      for (const seq of seqs) seen.add(seq);
    }
  }
  assert.ok(duplicates <= log.settings.window * disconnects, `${duplicates} duplicates after ${disconnects} disconnects`);
}

/** A message of QoS 1 as a session knows it. */
interface Sent {
  readonly content: string;
  /** Counts first occurrences in the session. */
  readonly place: number;
}

/** Packet ids, DUP, order and content of what is redelivered, and the window, session by session. */
export function checkSessions(log: RunLog): void {
  const session = new SessionChecker(log.settings.window);
  for (const event of log.wire) {
    if (event.kind === 'connect') session.onConnect(event.connection, event.sessionPresent, event.packet.clean === true);
    else if (event.kind === 'publish') session.onPublish(event.connection, event.packet);
    else if (event.kind === 'acknowledge') session.onAcknowledge(event.packetId);
  }
}

class SessionChecker {
  readonly #window: number;
  /** Messages that the broker has and has not acknowledged, by packet id. */
  readonly #open = new Map<number, Sent>();
  /** Messages whose acknowledgement may be lost on its way. */
  readonly #acknowledged = new Map<number, Sent>();
  #connection = -1;
  #isResumed = false;
  #places = 0;
  /** Redelivery has come so far on this connection. */
  #redeliveredPlace = -1;
  #awaited = new Set<number>();

  constructor(window: number) {
    this.#window = window;
  }

  onConnect(connection: number, sessionPresent: boolean, isClean: boolean): void {
    assert.ok(!(sessionPresent && isClean));
    this.#connection = connection;
    this.#isResumed = sessionPresent;
    this.#redeliveredPlace = -1;
    if (!sessionPresent) {
      this.#open.clear();
      this.#acknowledged.clear();
    }
    this.#awaited = new Set(this.#open.keys());
  }

  onPublish(connection: number, packet: IPublishPacket): void {
    // Bytes of a connection that was given up can still be under way when the next one is there.
    if (connection !== this.#connection) return this.#onLate(packet);
    if (packet.qos === 0) return assert.equal(packet.dup, false, 'DUP with QoS 0 [MQTT-3.3.1-2]');
    const packetId = packet.messageId as number;
    const content = JSON.stringify([packet.topic, packet.payload.toString(), packet.retain, packet.length]);
    assert.ok(packetId >= 1 && packetId <= 65_535, `packet id ${packetId}`);
    if (packet.dup) this.#onRedelivered(packetId, content);
    else this.#onNew(packetId, content);
    assert.ok(this.#open.size <= this.#window, `${this.#open.size} messages in flight`);
  }

  onAcknowledge(packetId: number): void {
    const sent = this.#open.get(packetId);
    if (!sent) return;
    this.#open.delete(packetId);
    this.#acknowledged.set(packetId, sent);
    this.#awaited.delete(packetId);
  }

  #onRedelivered(packetId: number, content: string): void {
    assert.ok(this.#isResumed, 'DUP in a new session');
    const before = this.#open.get(packetId) ?? this.#acknowledged.get(packetId);
    // What was lost on its way comes with DUP, too, and the broker sees it for the first time.
    const sent = before ?? { content, place: this.#places++ };
    assert.equal(content, sent.content, `message ${packetId} is redelivered as another`);
    assert.ok(sent.place > this.#redeliveredPlace, `message ${packetId} is redelivered out of order [MQTT-4.6.0-1]`);
    this.#redeliveredPlace = sent.place;
    this.#awaited.delete(packetId);
    this.#open.set(packetId, sent);
  }

  #onNew(packetId: number, content: string): void {
    assert.equal(this.#awaited.size, 0, `message ${packetId} is new, and ${[...this.#awaited]} wait for redelivery [MQTT-4.4.0-1]`);
    assert.ok(!this.#open.has(packetId), `packet id ${packetId} is in use [MQTT-2.3.1-2]`);
    this.#acknowledged.delete(packetId);
    this.#open.set(packetId, { content, place: this.#places++ });
  }

  #onLate(packet: IPublishPacket): void {
    assert.fail(`${packet.topic} on a connection that was taken over`);
  }
}

/** Retained are the newest value, status and info; what comes out of a backlog is not. */
export function checkRetain(log: RunLog): void {
  for (const { packet } of publishesOn(log, 'readings')) assert.equal(packet.retain, false);
  for (const { packet } of publishesOn(log, 'diagnostics')) assert.equal(packet.retain, false);
  for (const quantity of ['status', 'info']) for (const { packet } of publishesOn(log, quantity)) assert.equal(packet.retain, true);
  for (const quantity of ['temperature', 'humidity'] as const) {
    let newest = -1;
    for (const { packet, atMs } of publishesOn(log, quantity)) {
      const seq = seqOfValue(log, quantity, packet.payload.toString(), atMs);
      if (!packet.retain) {
        assert.ok(log.measured.length - 1 > seq, `${quantity}: reading ${seq} is the newest and not retained`);
        continue;
      }
      // Otherwise whoever comes later is told an old value for a new one.
      assert.ok(seq >= newest || packet.dup, `${quantity}: reading ${seq} is retained behind ${newest}`);
      newest = Math.max(newest, seq);
    }
  }
}

/** The station is known as online, and its newest values are what a newcomer is told. */
export function checkStatus(log: RunLog): void {
  const retained = (quantity: string) => log.retained.get(`${log.settings.prefix}/${log.room}/${quantity}`);
  assert.equal(retained('status'), 'online');
  assert.ok(retained('info') !== undefined);
}

/** Between the end of a try and the next one lies a wait of 1 s to 60 s, unless the network came back meanwhile. */
export function checkBackoff({ link }: RunLog): void {
  let down: LinkEvent | undefined;
  for (const event of link) {
    if (event.kind === 'down') down = event.failure === 'network-down' || event.failure === 'closed' ? undefined : event;
    if (event.kind === 'network-up') down = undefined;
    if (event.kind !== 'try' || !down) continue;
    const waitedMs = event.atMs - down.atMs;
    assert.ok(waitedMs >= 1_000 && waitedMs <= 60_000, `a wait of ${waitedMs} ms after ${JSON.stringify(down)}`);
    down = undefined;
  }
}

/** The socket was never asked for more than it had announced, nor for more writes than it can queue. */
export function checkSocket({ misuses }: RunLog): void {
  assert.deepEqual(misuses, []);
}
