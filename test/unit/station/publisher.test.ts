// The publisher on a session whose server the test plays: what is sent, in which order, and what leaves the spool.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Packet } from 'mqtt-packet';
import type { Properties } from '../../../firmware/mqtt/properties.js';
import type { OutboundMessage, ProtocolLevel } from '../../../firmware/mqtt/protocol.js';
import { type OverflowPolicy, Spool } from '../../../firmware/spool/spool.js';
import { Clock } from '../../../firmware/station/clock.js';
import { Notices } from '../../../firmware/station/notices.js';
import { BATCH_MAXIMUM, cursorCount, PAYLOAD_CAPACITY, Publisher } from '../../../firmware/station/publisher.js';
import { parseSettings, type Streams } from '../../../firmware/station/settings.js';
import { buildTopics } from '../../../firmware/station/topics.js';
import { toHex } from '../../vectors/hex.js';
import { Wire } from '../mqtt/wire.js';

const TOPICS = buildTopics(parseSettings({}), 'salle');
const NOON = 1_763_812_800;

interface BenchOptions {
  readonly streams?: Streams;
  readonly replay?: number;
  readonly window?: number;
  readonly capacity?: number;
  readonly overflow?: OverflowPolicy;
  /** In place of a spool of its own. */
  readonly spool?: Spool;
  readonly level?: ProtocolLevel;
}

/** Spool, clock and publisher on a connected session. */
class Bench extends Wire {
  readonly spool: Spool;
  readonly publisher: Publisher;
  readonly delivered: number[] = [];
  info = 'info 0';
  epochSeconds: number | undefined;
  readonly clock = new Clock(() => this.epochSeconds);
  readonly notices = new Notices();
  #unacknowledged: number[] = [];

  constructor({
    streams = 'both',
    replay = 512,
    window = 8,
    capacity = 64,
    overflow = 'oldest',
    spool,
    level = 4,
  }: BenchOptions = {}) {
    super({ window, outputCapacity: 4_096 }, level);
    const listener = { onDelivered: (seq: number) => this.delivered.push(seq) };
    this.spool = spool ?? new Spool({ capacity, overflow, cursorCount: cursorCount(streams), listener });
    this.publisher = new Publisher({
      spool: this.spool,
      clock: this.clock,
      notices: this.notices,
      topics: TOPICS,
      streams,
      replay,
      window,
      random: () => 0,
      station: 'a4cf12f0a1b2',
      boot: 2_781_932_331,
      scratch: new ArrayBuffer(PAYLOAD_CAPACITY),
      subject: { describe: () => new Uint8Array(Buffer.from(this.info)) },
    });
    this.connected();
  }

  /** Measures `count` readings: the reading with seq n has n tenths of a degree, and was measured at n seconds. */
  measure(count: number): this {
    for (let index = 0; index < count; index++) this.spool.append(this.spool.nextSeq, this.spool.nextSeq, 452);
    return this;
  }

  /** Publishes what goes; returns what the server saw, in words. */
  pump(): string[] {
    this.publisher.pump(this.session, this.nowMs);
    return this.seen();
  }

  seen(): string[] {
    return this.drainPackets().map((packet) => this.#see(packet));
  }

  /** The server acknowledges the `count` messages that it saw first, or all. */
  acknowledge(count = Number.POSITIVE_INFINITY): void {
    this.puback(...this.#unacknowledged.splice(0, count));
  }

  acknowledgeLast(): void {
    this.puback(this.#unacknowledged.pop() as number);
  }

  /** Publishes and acknowledges until nothing is left; returns what the server saw. */
  deliver(): string[] {
    const seen: string[] = [];
    for (let round = 0; !this.publisher.isIdle; round++) {
      assert.ok(round < 1_000, 'the publisher makes no progress');
      seen.push(...this.pump());
      this.acknowledge();
    }
    return seen;
  }

  override reconnect(sessionPresent: boolean): void {
    super.reconnect(sessionPresent);
    this.#unacknowledged = [];
  }

  override onAcknowledged(tag: number): void {
    super.onAcknowledged(tag);
    this.publisher.onAcknowledged(tag);
  }

  /** The server refuses the `count` messages that it saw first, with this code. */
  refuse(reasonCode: number, count = 1): void {
    for (const messageId of this.#unacknowledged.splice(0, count)) this.send({ cmd: 'puback', messageId, reasonCode });
  }

  override onRefused(tag: number, reasonCode: number, properties: Properties): void {
    super.onRefused(tag, reasonCode, properties);
    this.publisher.onRefused(tag, reasonCode, this.nowMs);
  }

  override onSessionLost(): void {
    super.onSessionLost();
    this.publisher.onSessionLost();
  }

  override compose(tag: number, message: OutboundMessage): void {
    this.publisher.compose(tag, message);
  }

  #see(packet: Packet): string {
    assert.ok(packet.cmd === 'publish' && packet.qos === 1);
    this.#unacknowledged.push(packet.messageId as number);
    const quantity = packet.topic.split('/').at(-1);
    const text = packet.payload.toString();
    const what = quantity === 'readings' ? seqsOf(text).join() : text;
    return `${quantity} ${what}${packet.retain ? ' retain' : ''}${packet.dup ? ' dup' : ''}`;
  }
}

function seqsOf(payload: string): number[] {
  return (JSON.parse(payload) as { readings: { seq: number }[] }).readings.map(({ seq }) => seq);
}

/** Of what was seen, the values on one topic. */
const on = (quantity: string, seen: readonly string[]) =>
  seen.filter((words) => words.startsWith(`${quantity} `)).map((words) => words.split(' ')[1] as string);

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const tenths = (from: number, to: number) => range(from, to).map((seq) => (seq / 10).toFixed(1));

describe('publisher', () => {
  it('publishes a reading on each stream', () => {
    assert.deepEqual(new Bench().measure(1).pump(), ['temperature 0.0 retain', 'humidity 45.2 retain', 'readings 0']);
    assert.deepEqual(new Bench({ streams: 'values' }).measure(1).pump(), ['temperature 0.0 retain', 'humidity 45.2 retain']);
    assert.deepEqual(new Bench({ streams: 'readings' }).measure(1).pump(), ['readings 0']);
  });

  it('writes readings as the contract says (design §3)', () => {
    const bench = new Bench({ streams: 'readings' });
    bench.measure(1);
    bench.epochSeconds = NOON;
    bench.pump();
    bench.acknowledge();
    bench.clock.refresh(0);
    bench.spool.append(42, -9, 1_000);
    bench.spool.append(52, 214, 0);
    bench.publisher.pump(bench.session, bench.nowMs);
    const [packet] = bench.drainPackets();
    assert.ok(packet?.cmd === 'publish');
    assert.equal(packet.topic, 'maison/salle/readings');
    assert.equal(
      packet.payload.toString(),
      '{"station":"a4cf12f0a1b2","boot":2781932331,"readings":[' +
        `{"seq":1,"time":${NOON + 42},"temperature":-0.9,"humidity":100.0},` +
        `{"seq":2,"time":${NOON + 52},"temperature":21.4,"humidity":0.0}]}`,
    );
  });

  it('says null for the time, and the uptime, while the clock was never set', () => {
    const bench = new Bench({ streams: 'readings' }).measure(1);
    bench.publisher.pump(bench.session, bench.nowMs);
    const [packet] = bench.drainPackets();
    assert.ok(packet?.cmd === 'publish');
    assert.ok(packet.payload.toString().includes('{"seq":0,"time":null,"uptime":0,"temperature":0.0,"humidity":45.2}'));
  });

  it('puts announcements before readings', () => {
    const bench = new Bench().measure(1);
    bench.publisher.announceInfo();
    bench.publisher.announceStatus('online');
    const seen = bench.pump();
    assert.deepEqual(seen.slice(0, 2), ['status online retain', 'info info 0 retain']);
    assert.equal(seen.length, 5);
  });

  it('asks what the station is when it says so, and waits with a newer answer for the acknowledgement of the last', () => {
    const bench = new Bench();
    bench.publisher.announceInfo();
    bench.pump();
    bench.info = 'info 1';
    bench.publisher.announceInfo();
    assert.deepEqual(bench.pump(), []);
    bench.reconnect(true);
    assert.deepEqual(bench.seen(), ['info info 0 retain dup']);
    bench.acknowledge();
    assert.deepEqual(bench.pump(), ['info info 1 retain']);
  });

  it('says the last status where two were asked for', () => {
    const bench = new Bench();
    bench.publisher.announceStatus('online');
    bench.publisher.announceStatus('offline');
    assert.deepEqual(bench.pump(), ['status offline retain']);
  });

  it('is idle when nothing waits to be sent or acknowledged', () => {
    const bench = new Bench();
    assert.equal(bench.publisher.isIdle, true);
    for (const wait of [
      () => bench.publisher.announceStatus('online'),
      () => bench.publisher.announceInfo(),
      () => bench.measure(1),
    ]) {
      wait();
      assert.equal(bench.publisher.isIdle, false);
      bench.pump();
      assert.equal(bench.publisher.isIdle, false);
      bench.acknowledge();
      assert.equal(bench.publisher.isIdle, true);
    }
  });

  describe('with a backlog', () => {
    it('publishes each stream oldest first, in batches of at most 8', () => {
      const seen = new Bench().measure(20).deliver();
      assert.deepEqual(on('temperature', seen), tenths(0, 20));
      assert.deepEqual(on('humidity', seen), new Array(20).fill('45.2'));
      assert.deepEqual(on('readings', seen), [range(0, 8).join(), range(8, 16).join(), range(16, 20).join()]);
      assert.equal(BATCH_MAXIMUM, 8);
    });

    it('retains the newest value alone: what was newest when it was first sent', () => {
      const bench = new Bench({ streams: 'values', window: 4 }).measure(2);
      assert.deepEqual(bench.pump(), ['temperature 0.0', 'humidity 45.2', 'temperature 0.1 retain', 'humidity 45.2 retain']);
      // A newer reading does not take the retain of the message in flight away.
      bench.measure(1);
      bench.reconnect(true);
      assert.deepEqual(bench.seen().slice(2), ['temperature 0.1 retain dup', 'humidity 45.2 retain dup']);
    });

    it('keeps to the window', () => {
      const bench = new Bench({ window: 3 }).measure(20);
      assert.equal(bench.pump().length, 3);
      assert.equal(bench.pump().length, 0);
      bench.acknowledge(1);
      assert.equal(bench.pump().length, 1);
    });

    it('repeats at most `replay` readings as values, when the readings are published too', () => {
      const seen = new Bench({ replay: 5 }).measure(20).deliver();
      assert.deepEqual(on('temperature', seen), tenths(15, 20));
      assert.equal(on('humidity', seen).length, 5);
      assert.equal(
        on('readings', seen)
          .flatMap((seqs) => seqs.split(','))
          .join(),
        range(0, 20).join(),
      );
    });

    it('skips no value where there is nothing but values', () => {
      const seen = new Bench({ streams: 'values', replay: 5 }).measure(20).deliver();
      assert.deepEqual(on('temperature', seen), tenths(0, 20));
      assert.equal(on('humidity', seen).length, 20);
    });
  });

  describe('and the spool', () => {
    it('keeps a reading until every stream has delivered it', () => {
      const bench = new Bench().measure(1);
      bench.pump();
      bench.acknowledge(2);
      assert.equal(bench.spool.length, 1);
      bench.acknowledge(1);
      assert.equal(bench.spool.length, 0);
    });

    it('keeps all from the oldest that was not acknowledged', () => {
      const bench = new Bench({ streams: 'values', window: 6 }).measure(3);
      bench.pump();
      bench.acknowledgeLast();
      bench.acknowledgeLast();
      assert.equal(bench.spool.firstSeq, 0);
      bench.acknowledge(2);
      assert.equal(bench.spool.firstSeq, 1);
      bench.acknowledge();
      assert.equal(bench.spool.firstSeq, 3);
    });

    it('steps over what overflow took before it was sent', () => {
      const bench = new Bench({ streams: 'readings', capacity: 4 }).measure(10);
      assert.deepEqual(bench.deliver(), ['readings 6,7,8,9']);
      assert.equal(bench.spool.dropped, 6);
    });
  });

  describe('when the connection broke', () => {
    for (const [clock, epochSeconds] of [
      ['was set', undefined],
      ['went on by an hour', NOON - 3_600],
    ] as const) {
      it(`builds messages again byte for byte, though the clock ${clock} and readings have come since`, () => {
        const bench = new Bench().measure(3);
        bench.epochSeconds = epochSeconds;
        bench.clock.refresh(bench.nowMs);
        bench.publisher.announceStatus('online');
        bench.publisher.announceInfo();
        bench.publisher.pump(bench.session, bench.nowMs);
        const first = toHex(bench.takeBytes(Number.POSITIVE_INFINITY));
        bench.epochSeconds = NOON;
        bench.clock.refresh(bench.nowMs);
        bench.info = 'info 1';
        bench.measure(2);
        bench.reconnect(true);
        const again = bench.takeBytes(Number.POSITIVE_INFINITY);
        // DUP is the one bit that differs, in each first byte ([MQTT-3.3.1-1]).
        for (let at = 0; at < again.length; at += packetLength(again, at)) again[at] = (again[at] as number) & ~0x08;
        assert.equal(toHex(again), first);
      });
    }

    it('builds them anew when the server kept nothing: from where each stream stands, with the time known by now', () => {
      const bench = new Bench({ streams: 'both' }).measure(2);
      bench.pump();
      bench.acknowledge(2); // temperature and humidity of 0
      bench.epochSeconds = NOON;
      bench.clock.refresh(0);
      bench.measure(1);
      bench.reconnect(false);
      const seen = bench.deliver();
      assert.deepEqual(on('temperature', seen), ['0.1', '0.2']);
      assert.deepEqual(on('readings', seen), ['0,1,2']);
      assert.ok(seen.every((words) => !words.includes('dup')));
      assert.ok(seen.includes('temperature 0.2 retain') && seen.includes('temperature 0.1'));
    });

    it('needs a clean session when overflow took a reading in flight, and none once it has that', () => {
      const bench = new Bench({ streams: 'readings', capacity: 4 }).measure(2);
      bench.pump();
      assert.equal(bench.publisher.needsCleanSession, false);
      bench.measure(2);
      assert.equal(bench.publisher.needsCleanSession, false);
      bench.measure(1);
      assert.equal(bench.publisher.needsCleanSession, true);
      bench.reconnect(false);
      assert.equal(bench.publisher.needsCleanSession, false);
      assert.deepEqual(bench.deliver(), ['readings 1,2,3,4']);
    });

    it('needs none when the acknowledgement came after all, and loses no place', () => {
      const bench = new Bench({ streams: 'readings', capacity: 4 }).measure(2);
      bench.pump();
      bench.measure(4);
      assert.equal(bench.publisher.needsCleanSession, true);
      bench.acknowledge();
      assert.equal(bench.publisher.needsCleanSession, false);
      assert.deepEqual(bench.deliver(), ['readings 2,3,4,5']);
    });

    it('needs none for announcements in flight', () => {
      const bench = new Bench({ streams: 'readings', capacity: 4 });
      bench.publisher.announceStatus('online');
      bench.publisher.announceInfo();
      bench.pump();
      bench.measure(5);
      assert.equal(bench.publisher.needsCleanSession, false);
    });
  });

  it('has room for the longest batch: ten-digit numbers everywhere', () => {
    const nextSeq = 4_294_967_295;
    // No test can fill a real spool that far.
    const spool = {
      firstSeq: nextSeq - BATCH_MAXIMUM,
      nextSeq,
      length: BATCH_MAXIMUM,
      cursor: () => 0,
      advance: () => {},
      uptimeSeconds: () => 4_294_967_295,
      temperatureTenths: () => -600,
      humidityTenths: () => 1_000,
    } as unknown as Spool;
    const bench = new Bench({ streams: 'readings', spool });
    bench.publisher.pump(bench.session, bench.nowMs);
    const [packet] = bench.drainPackets();
    assert.ok(packet?.cmd === 'publish');
    assert.equal(seqsOf(packet.payload.toString()).length, BATCH_MAXIMUM);
    assert.ok(packet.payload.length <= PAYLOAD_CAPACITY);
  });

  describe('whatever happens', () => {
    type Step =
      | { readonly type: 'measure'; readonly count: number }
      | { readonly type: 'pump' }
      | { readonly type: 'acknowledge'; readonly count: number }
      | { readonly type: 'reconnect'; readonly sessionKept: boolean };

    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 4, arbitrary: fc.record({ type: fc.constant('measure' as const), count: fc.integer({ min: 1, max: 6 }) }) },
      { weight: 4, arbitrary: fc.record({ type: fc.constant('pump' as const) }) },
      { weight: 4, arbitrary: fc.record({ type: fc.constant('acknowledge' as const), count: fc.integer({ min: 1, max: 8 }) }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('reconnect' as const), sessionKept: fc.boolean() }) },
    );

    /** Runs the steps as a station would, then delivers what is left. Returns all that the server saw. */
    function run(bench: Bench, steps: readonly Step[]): string[] {
      const seen: string[] = [];
      for (const each of steps) {
        if (each.type === 'measure') bench.measure(each.count);
        else if (each.type === 'pump') seen.push(...bench.pump());
        else if (each.type === 'acknowledge') bench.acknowledge(each.count);
        else {
          // A clean start is what the publisher may ask for; then no server keeps anything.
          bench.reconnect(each.sessionKept && !bench.publisher.needsCleanSession);
          seen.push(...bench.seen());
        }
      }
      return [...seen, ...bench.deliver()];
    }

    const firstSights = (values: readonly number[]) => [...new Set(values)];

    for (const overflow of ['oldest', 'newest'] as const) {
      it(`every reading arrives on every stream, in order of first sight, but for those dropped (${overflow})`, () => {
        fc.assert(
          fc.property(fc.integer({ min: 16, max: 40 }), fc.array(step, { maxLength: 60, size: 'max' }), (capacity, steps) => {
            const bench = new Bench({ window: 5, capacity, overflow });
            const seen = run(bench, steps);
            const { nextSeq, dropped } = bench.spool;
            const temperatures = firstSights(on('temperature', seen).map((value) => Math.round(10 * Number(value))));
            const readings = firstSights(on('readings', seen).flatMap((seqs) => seqs.split(',').map(Number)));
            for (const seqs of [temperatures, readings]) {
              assert.deepEqual(
                seqs,
                seqs.toSorted((left, right) => left - right),
              );
              // With `newest`, what is dropped never had a seq.
              assert.ok(seqs.length >= nextSeq - (overflow === 'oldest' ? dropped : 0));
            }
            assert.equal(bench.spool.length, 0);
          }),
          { seed: 20_251_122, numRuns: 200 },
        );
      });
    }
  });
});

/** Bytes of the packet that begins at `at` and has one or two length bytes. */
function packetLength(bytes: Uint8Array, at: number): number {
  const low = bytes[at + 1] as number;
  return low < 0x80 ? 2 + low : 3 + (low & 0x7f) + ((bytes[at + 2] as number) << 7);
}

describe('publisher, MQTT 5', () => {
  const QUOTA_EXCEEDED = 0x97;
  const PAYLOAD_INVALID = 0x99;
  /** The shortest wait is drawn always. */
  const RETRY_MS = 1_000;

  const timesOf = (packets: readonly Packet[]) =>
    packets.map((packet) => (packet.cmd === 'publish' ? { ...packet.properties?.userProperties } : assert.fail()));

  it('says the time of a value as a user property (design §3), and none where it is not known', () => {
    const bench = new Bench({ streams: 'values', level: 5 }).measure(1);
    bench.publisher.pump(bench.session, bench.nowMs);
    assert.deepEqual(timesOf(bench.drainPackets()), [{}, {}]);
    bench.epochSeconds = NOON;
    bench.clock.refresh(0);
    bench.spool.append(42, 214, 452);
    bench.publisher.pump(bench.session, bench.nowMs);
    const time = String(NOON + 42);
    assert.deepEqual(timesOf(bench.drainPackets()), [{ time }, { time }]);
  });

  it('redelivers with the time of the first send, whatever the clock says now', () => {
    const bench = new Bench({ streams: 'values', level: 5 });
    bench.epochSeconds = NOON;
    bench.clock.refresh(0);
    bench.measure(1).publisher.pump(bench.session, bench.nowMs);
    const first = timesOf(bench.drainPackets());
    bench.epochSeconds = NOON + 500;
    bench.clock.refresh(0);
    bench.reconnect(true);
    assert.deepEqual(timesOf(bench.drainPackets()), first);
  });

  it('sends batches that the server takes, and one reading in any case', () => {
    for (const [maximumPacketSize, counts] of [
      [100_000, [8, 8]],
      [512, [4, 4, 4, 4]],
      [180, Array.from({ length: 16 }, () => 1)],
    ] as const) {
      const bench = new Bench({ streams: 'readings', level: 5, window: 20 });
      bench.session.close();
      bench.open();
      bench.drain();
      bench.connack(false, 0, { maximumPacketSize });
      const seen = bench.measure(16).pump();
      assert.deepEqual(
        seen.map((words) => words.split(',').length),
        counts,
      );
    }
  });

  it('sends a refused reading once more when its stream has waited, in order, and the others go on', () => {
    const bench = new Bench({ level: 5, window: 4 }).measure(1);
    assert.deepEqual(bench.pump(), ['temperature 0.0 retain', 'humidity 45.2 retain', 'readings 0']);
    bench.refuse(QUOTA_EXCEEDED);
    bench.acknowledge();
    assert.equal(bench.publisher.deadlineMs(bench.nowMs), bench.nowMs + RETRY_MS);
    assert.deepEqual(bench.measure(1).pump(), ['humidity 45.2 retain', 'readings 1']);
    assert.equal(bench.spool.length, 2);
    bench.nowMs += RETRY_MS;
    // One message finds out whether the server takes them again.
    assert.deepEqual(bench.pump(), ['temperature 0.0']);
    bench.acknowledge();
    assert.deepEqual(bench.pump(), ['temperature 0.1 retain']);
    bench.acknowledge();
    assert.deepEqual([bench.spool.length, bench.spool.dropped, bench.delivered], [0, 0, [0, 1]]);
    assert.deepEqual([bench.publisher.refusals.count, bench.publisher.refusals.code], [1, QUOTA_EXCEEDED]);
  });

  it('keeps a reading that is refused for ever for want of a right, and loses none', () => {
    const bench = new Bench({ streams: 'values', level: 5 }).measure(1);
    for (let turn = 0; turn < 10; turn++) {
      assert.deepEqual(bench.pump(), turn === 0 ? ['temperature 0.0 retain', 'humidity 45.2 retain'] : ['temperature 0.0 retain']);
      bench.refuse(0x87);
      bench.acknowledge();
      bench.nowMs += 60_000;
    }
    assert.deepEqual([bench.spool.length, bench.spool.dropped], [1, 0]);
    assert.deepEqual(bench.deliver(), ['temperature 0.0 retain']);
    assert.deepEqual(bench.delivered, [0]);
  });

  it('gives a reading up after three tries where the server can make nothing of it, and counts it', () => {
    const bench = new Bench({ streams: 'readings', level: 5, window: 1 }).measure(3);
    for (let turn = 0; turn < 3; turn++) {
      assert.deepEqual(bench.pump(), ['readings 0,1,2']);
      bench.refuse(PAYLOAD_INVALID);
      bench.nowMs += 60_000;
    }
    assert.deepEqual(bench.measure(1).deliver(), ['readings 3']);
    assert.deepEqual([bench.spool.dropped, bench.delivered], [3, [3]]);
    assert.equal(bench.publisher.refusals.count, 3);
  });

  it('tries refused announcements again: the newest status, and info', () => {
    const bench = new Bench({ level: 5 });
    bench.publisher.announceStatus('online');
    bench.publisher.announceInfo();
    assert.deepEqual(bench.pump(), ['status online retain', 'info info 0 retain']);
    bench.publisher.announceStatus('offline');
    bench.refuse(QUOTA_EXCEEDED, 2);
    assert.deepEqual(bench.pump(), []);
    bench.nowMs += RETRY_MS;
    bench.info = 'info 1';
    assert.deepEqual(bench.deliver(), ['status offline retain', 'info info 1 retain']);
  });

  it('gives up an announcement that the server can make nothing of, until the next connection', () => {
    const bench = new Bench({ level: 5 });
    bench.publisher.announceInfo();
    for (let turn = 0; turn < 3; turn++) {
      assert.deepEqual(bench.pump(), ['info info 0 retain']);
      bench.refuse(PAYLOAD_INVALID);
      bench.nowMs += 60_000;
    }
    assert.equal(bench.publisher.isIdle, true);
  });

  it('forgets a notice that is refused: whoever asked is not to be reached', () => {
    const bench = new Bench({ level: 5 });
    bench.notices.add({
      topic: new Uint8Array(Buffer.from('response')),
      payload: new Uint8Array(Buffer.from('yes')),
      retain: false,
    });
    assert.deepEqual(bench.pump(), ['response yes']);
    bench.refuse(0x87);
    assert.deepEqual([bench.notices.isEmpty, bench.publisher.isIdle], [true, true]);
  });
});
