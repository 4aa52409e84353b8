// What must be true of every room, whatever happened to it. Each checker judges a record and lists what is wrong with it.

import {
  expectedSample,
  type HeardMessage,
  kindOf,
  type LinkEvent,
  measuredAtSeconds,
  type RoomRecord,
  type WirePacket,
} from './record.js';
import { readBatch, readWire, type Sending } from './wire-story.js';

export interface Checker {
  /** Completes the sentence "the room …". */
  readonly claim: string;
  findFaults(record: RoomRecord): string[];
}

const VALUE_KINDS: readonly string[] = ['temperature', 'humidity'];
const READING_KINDS: readonly string[] = [...VALUE_KINDS, 'readings'];

/** How far the time of a reading may be from the true one. */
const TIME_TOLERANCE_SECONDS = 2;

/** A packet takes this long to the proxy at most. */
const TRANSIT_MS = 100;

const RETRY_MINIMUM_MS = 1_000;
const RETRY_MAXIMUM_MS = 60_000;
/** Timers may fire 1 ms early, and both ends of a wait are rounded. */
const TIMER_EARLY_MS = 5;
/** A try takes this long to fail, and timers may be late on a busy machine. */
const TRY_MS = 1_500;

export const CHECKERS: readonly Checker[] = [
  { claim: 'delivers every reading, `seq` without a hole, in order of first occurrence', findFaults: findOrderFaults },
  { claim: 'measures as often as elapsed time and interval say (±1)', findFaults: findCountFaults },
  { claim: 'delivers on `readings` what the seed says, with the true time', findFaults: findBatchFaults },
  { claim: 'delivers on both value topics what the seed says, every reading in order', findFaults: findValueFaults },
  { claim: 'is heard by the subscriber as the proxy passed it on', findFaults: findHeardFaults },
  { claim: 'repeats at most window × disconnects messages', findFaults: findDuplicateFaults },
  {
    claim: 'sends again with DUP 1, same ids, order and bytes in a kept session, and never otherwise',
    findFaults: findRedeliveryFaults,
  },
  { claim: 'uses no packet id that is 0 or in flight, and keeps to the window', findFaults: findPacketIdFaults },
  { claim: 'retains a value exactly when its reading was the newest, and never a batch', findFaults: findRetainFaults },
  { claim: 'leaves the newest values and `offline` retained at the end', findFaults: findRetainedFaults },
  { claim: 'connects clean once, with the will `offline`, and speaks MQTT that others can read', findFaults: findConnectFaults },
  { claim: 'waits 1 s to 60 s between tries, no longer than its backoff allows', findFaults: findRetryFaults },
];

// --- Readings ---------------------------------------------------------------------------------------------------------

function findOrderFaults(record: RoomRecord): string[] {
  const faults: string[] = [];
  let next = 0;
  for (const { payload } of heardLive(record, 'readings')) {
    for (const { seq } of readBatch(payload).readings) {
      if (seq > next) faults.push(`readings: seq ${seq} is heard first where ${next} is due`);
      next = Math.max(next, seq + 1);
    }
  }
  if (next !== record.measured.length)
    faults.push(`readings: heard up to seq ${next - 1}, but ${record.measured.length} were measured`);
  return faults;
}

function findCountFaults(record: RoomRecord): string[] {
  const { startedAtMs, stoppedAtMs, intervalSeconds, measured } = record;
  const elapsedSeconds = (stoppedAtMs - startedAtMs) / 1000;
  const expected = 1 + Math.floor((elapsedSeconds - measuredAtSeconds(record, 0)) / intervalSeconds);
  if (Math.abs(measured.length - expected) <= 1) return [];
  return [
    `${measured.length} readings in ${elapsedSeconds.toFixed(1)} s at one each ${intervalSeconds} s, expected ${expected} ±1`,
  ];
}

function findBatchFaults(record: RoomRecord): string[] {
  const faults: string[] = [];
  for (const { payload } of heardLive(record, 'readings')) {
    const { station, boot, readings } = readBatch(payload);
    if (station !== record.station || boot !== record.boot) faults.push(`readings: from ${station}/${boot}`);
    for (const { seq, time, temperature, humidity } of readings) {
      const { temperatureTenths, humidityTenths } = expectedSample(record, seq);
      if (Math.round(temperature * 10) !== temperatureTenths || Math.round(humidity * 10) !== humidityTenths) {
        const expected = `${temperatureTenths / 10} °C, ${humidityTenths / 10} %RH`;
        faults.push(`readings: seq ${seq} is ${temperature} °C, ${humidity} %RH, expected ${expected}${lateness(record, seq)}`);
      }
      const trueTime = record.startedAtEpochSeconds + measuredAtSeconds(record, seq);
      if (time === null || !(Math.abs(time - trueTime) <= TIME_TOLERANCE_SECONDS)) {
        faults.push(`readings: seq ${seq} has time ${time}, expected ${trueTime.toFixed(1)} ±${TIME_TOLERANCE_SECONDS}`);
      }
    }
  }
  return faults;
}

function findValueFaults(record: RoomRecord): string[] {
  const faults: string[] = [];
  const { sendings, next } = readWire(record);
  for (const { kind, seqs, payload } of sendings.filter(isValue)) {
    const expected = expectedValue(record, kind, seqs[0] as number);
    if (payload !== expected)
      faults.push(`${kind}: seq ${seqs[0]} is ${payload}, expected ${expected}${lateness(record, seqs[0])}`);
  }
  for (const kind of VALUE_KINDS) {
    const count = record.measured.length;
    if (next[kind] !== count) faults.push(`${kind}: ${next[kind]} readings were sent, but ${count} were measured`);
  }
  return faults;
}

/** What the broker published is what reached it: so what is true of the wire is true of what was heard. */
function findHeardFaults(record: RoomRecord): string[] {
  const passed = readWire(record).sendings.filter(({ kind, wire }) => kind !== 'status' && wire.isForwarded);
  const heard = record.heard.filter(({ topic, isRetained }) => {
    return !isRetained && [...READING_KINDS, 'info'].includes(kindOf(topic));
  });
  const describe = (kind: string, payload: string, qos: number) => `${kind} ${payload} with QoS ${qos}`;
  for (let index = 0; index < Math.max(passed.length, heard.length); index++) {
    const [sending, message] = [passed[index], heard[index]];
    const expected = sending ? describe(sending.kind, sending.payload, 1) : 'nothing';
    const seen = message ? describe(kindOf(message.topic), message.payload, message.qos) : 'nothing';
    if (expected !== seen) return [`message ${index}: heard ${seen}, expected ${expected}`];
  }
  return [];
}

// --- Sending again ----------------------------------------------------------------------------------------------------

function findDuplicateFaults(record: RoomRecord): string[] {
  const { sendings, connections } = readWire(record);
  const seen = new Set<string>();
  let duplicates = 0;
  for (const { kind, seqs, wire } of sendings) {
    if (!wire.isForwarded || seqs.length === 0) continue;
    const names = seqs.map((seq) => `${kind} ${seq}`);
    if (names.some((name) => seen.has(name))) duplicates++;
    for (const name of names) seen.add(name);
  }
  const disconnects = connections.length - 1;
  const allowed = record.window * disconnects;
  return duplicates <= allowed
    ? []
    : [`${duplicates} messages were repeated, allowed: ${record.window} × ${disconnects} disconnects`];
}

function findRedeliveryFaults(record: RoomRecord): string[] {
  const { redeliveryFaults, inflight } = readWire(record);
  return [...redeliveryFaults, ...inflight.map(({ kind, packetId }) => `packet ${packetId} (${kind}) was never acknowledged`)];
}

function findPacketIdFaults(record: RoomRecord): string[] {
  return [...readWire(record).packetIdFaults];
}

// --- Retain -----------------------------------------------------------------------------------------------------------

function findRetainFaults(record: RoomRecord): string[] {
  return readWire(record)
    .sendings.filter(({ isRedelivery }) => !isRedelivery)
    .flatMap((sending) => {
      const allowed = allowedRetain(record, sending);
      if (allowed.includes(sending.retain)) return [];
      return [`${[sending.kind, ...sending.seqs].join(' ')}: retain is ${Number(sending.retain)}, expected ${Number(allowed[0])}`];
    });
}

function allowedRetain({ measured }: RoomRecord, { kind, seqs, wire }: Sending): boolean[] {
  if (kind === 'readings') return [false];
  if (!VALUE_KINDS.includes(kind)) return [true];
  const [seq = 0] = seqs;
  const successor = measured[seq + 1];
  if (!successor || successor.atMs > wire.atMs) return [true];
  // A successor measured only just before may have come while the packet was under way.
  return successor.atMs > wire.atMs - TRANSIT_MS ? [false, true] : [false];
}

function findRetainedFaults(record: RoomRecord): string[] {
  const { temperature, humidity, status, info, ...others } = Object.fromEntries(
    record.retained.map((message) => [kindOf(message.topic), message] as const),
  ) as Partial<Record<string, HeardMessage>>;
  const last = record.measured.length - 1;
  const faults = Object.keys(others).map((kind) => `${kind} is retained`);
  const expect = (kind: string, message: HeardMessage | undefined, payload: string | undefined) => {
    if (message === undefined) faults.push(`${kind}: nothing is retained`);
    else if (payload !== undefined && message.payload !== payload) {
      faults.push(`${kind}: ${message.payload} is retained, expected ${payload}`);
    } else if (message.qos !== 1) faults.push(`${kind}: retained with QoS ${message.qos}`);
  };
  expect('temperature', temperature, expectedValue(record, 'temperature', last));
  expect('humidity', humidity, expectedValue(record, 'humidity', last));
  expect('status', status, 'offline');
  expect('info', info, undefined);
  return faults;
}

// --- Connections ------------------------------------------------------------------------------------------------------

function findConnectFaults({ wire, malformed }: RoomRecord): string[] {
  const faults = [...malformed];
  let wasAccepted = false;
  for (const packet of wire) {
    faults.push(...findConnectFault(packet, wasAccepted));
    if (packet.packet.cmd === 'connack') wasAccepted = true;
  }
  return faults;
}

function findConnectFault({ packet, connection }: WirePacket, wasAccepted: boolean): string[] {
  if (packet.cmd !== 'connect') return [];
  const faults: string[] = [];
  if (packet.clean === wasAccepted)
    faults.push(`connection ${connection}: clean session ${packet.clean}, expected ${!wasAccepted}`);
  const { will } = packet;
  if (!will || kindOf(will.topic) !== 'status' || String(will.payload) !== 'offline' || will.qos !== 1 || !will.retain) {
    faults.push(`connection ${connection}: will ${JSON.stringify(will)}, expected status offline, QoS 1, retained`);
  }
  return faults;
}

function findRetryFaults({ links }: RoomRecord): string[] {
  const faults: string[] = [];
  let ceilingMs = RETRY_MINIMUM_MS;
  links.forEach((link, index) => {
    const following = links[index + 1];
    // A network that comes back is used at once, and one that goes away ends the wait.
    if (!isRetried(link) || !following || (following.state === 'down' && following.failure === 'network-down')) return;
    ceilingMs = Math.min(2 * ceilingMs, RETRY_MAXIMUM_MS);
    const waitMs = following.atMs - link.atMs;
    if (waitMs >= RETRY_MINIMUM_MS - TIMER_EARLY_MS && waitMs <= ceilingMs + TRY_MS) return;
    faults.push(`after ${link.failure} it tried again in ${Math.round(waitMs)} ms, expected ${RETRY_MINIMUM_MS} to ${ceilingMs}`);
  });
  return faults;
}

function isRetried(link: LinkEvent): link is LinkEvent & { state: 'down' } {
  return link.state === 'down' && link.failure !== 'network-down' && link.failure !== 'closed';
}

/** Whether the status went through `expected`, as the subscriber heard it; saying the same again changes nothing. */
export function findStatusFaults(record: RoomRecord, expected: readonly string[]): string[] {
  const messages = heardLive(record, 'status');
  const statuses = messages.map(({ payload }) => payload);
  const changes = statuses.filter((status, index) => status !== statuses[index - 1]);
  const faults = messages.filter(({ qos }) => qos !== 1).map(({ payload, qos }) => `status ${payload}: QoS ${qos}`);
  if (changes.join() !== expected.join()) faults.push(`status was ${changes.join(', ')}; expected ${expected.join(', ')}`);
  return faults;
}

// --- Help -------------------------------------------------------------------------------------------------------------

function heardLive(record: RoomRecord, kind: string): HeardMessage[] {
  return record.heard.filter(({ topic, isRetained }) => !isRetained && kindOf(topic) === kind);
}

function isValue({ kind }: Sending): boolean {
  return VALUE_KINDS.includes(kind);
}

function expectedValue(record: RoomRecord, kind: string, seq: number): string {
  const { temperatureTenths, humidityTenths } = expectedSample(record, seq);
  return ((kind === 'temperature' ? temperatureTenths : humidityTenths) / 10).toFixed(1);
}

/** A sensor that is read a second late measures another second: that is said, because the machine is to blame. */
function lateness(record: RoomRecord, seq = 0): string {
  const measured = record.measured[seq];
  if (!measured) return '';
  const lateMs = Math.round(measured.atMs - record.startedAtMs - 1000 * measuredAtSeconds(record, seq));
  return ` (measured ${lateMs} ms late)`;
}
