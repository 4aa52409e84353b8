// Single stories in virtual time: what is too rare for chance, or must come out exactly.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { IPublishPacket } from 'mqtt-packet';
import { AEDES, MOSQUITTO, type Quirks } from '../model/broker.js';
import { checkAccount, checkBackoff, checkRun, checkSessions } from './checkers.js';
import type { WireEvent } from './log.js';
import { ROOM, Scene, type SceneOptions, START_EPOCH_SECONDS, STATION } from './scene.js';
import { World } from './world.js';

const INTERVAL_SECONDS = 10;
const INTERVAL_MS = INTERVAL_SECONDS * 1000;
const DAY_MS = 86_400_000;

/** A station that is connected, before its first reading. */
function startScene(options: SceneOptions = {}): Scene {
  const scene = new Scene(new World(1), options);
  scene.start();
  scene.runUntil(() => scene.station.isOnline, 900, 'online');
  return scene;
}

function runUntilDelivered(scene: Scene): void {
  scene.runUntil(() => scene.station.isOnline && scene.station.bufferedCount === 0, 180_000, 'all is delivered');
  // What the last acknowledgement sets off is still to come.
  scene.run(1_000);
}

const publishesOf = (scene: Scene, quantity: string) =>
  scene.wire.flatMap((event) => {
    return event.kind === 'publish' && event.packet.topic === `maison/${ROOM}/${quantity}` ? [event.packet] : [];
  });

const payloadsOf = (scene: Scene, quantity: string) => publishesOf(scene, quantity).map(({ payload }) => payload.toString());

const connectsOf = (scene: Scene) =>
  scene.wire.filter((event): event is Extract<WireEvent, { kind: 'connect' }> => event.kind === 'connect');

interface Published {
  readonly seq: number;
  readonly time: number | null;
  readonly uptime?: number;
}

const readingsOf = (scene: Scene): Published[] => payloadsOf(scene, 'readings').flatMap((payload) => JSON.parse(payload).readings);

const seqsOf = (scene: Scene) => readingsOf(scene).map(({ seq }) => seq);

const range = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

describe('overflow while offline', () => {
  const capacity = 16;
  const missed = 30;

  it('oldest: the newest readings are delivered, and the others are counted', () => {
    const scene = startScene({ settings: { capacity } });
    scene.networkDown();
    scene.run(missed * INTERVAL_MS);
    assert.equal(scene.station.droppedCount, missed - capacity);
    scene.networkUp();
    runUntilDelivered(scene);
    // The access point is found again within some seconds: another reading may be lost.
    const { droppedCount } = scene.station;
    assert.deepEqual(seqsOf(scene).slice(0, capacity), range(droppedCount, capacity));
    // Diagnostics wait behind the backlog, for a minute at most.
    scene.run(60_000);
    assert.equal(JSON.parse(payloadsOf(scene, 'diagnostics').at(-1) as string).dropped, droppedCount);
    checkRun(scene.log);
  });

  it('newest: the oldest readings are delivered, and those that were refused took no seq', () => {
    const scene = startScene({ settings: { capacity, overflow: 'newest' } });
    scene.networkDown();
    scene.run(missed * INTERVAL_MS);
    assert.equal(scene.station.droppedCount, missed - capacity);
    scene.networkUp();
    runUntilDelivered(scene);
    scene.run(INTERVAL_MS);
    assert.deepEqual(seqsOf(scene).slice(0, capacity + 1), range(0, capacity + 1));
    const [last, next] = readingsOf(scene).slice(capacity - 1) as [Published, Published];
    const { droppedCount } = scene.station;
    assert.equal((next.time as number) - (last.time as number), (droppedCount + 1) * INTERVAL_SECONDS);
    checkRun(scene.log);
  });

  it('with messages in flight, the session starts again clean and loses nothing more', () => {
    const scene = startScene({ settings: { capacity } });
    // From the second connection on, sessions are kept.
    scene.network.reset();
    scene.runUntil(() => connectsOf(scene).length === 2 && scene.station.isOnline, 10_000, 'online again');
    scene.broker.holdAcknowledgements();
    scene.run(INTERVAL_MS);
    scene.networkDown();
    scene.broker.releaseAcknowledgements();
    scene.run(missed * INTERVAL_MS);
    const { droppedCount } = scene.station;
    assert.ok(droppedCount > 0);
    scene.networkUp();
    runUntilDelivered(scene);
    assert.deepEqual(
      connectsOf(scene).map(({ packet }) => packet.clean),
      [true, false, true],
    );
    const measured = scene.measured.length;
    assert.deepEqual(seqsOf(scene).slice(-capacity), range(measured - capacity, capacity));
    assert.equal(scene.station.droppedCount, droppedCount);
    checkRun(scene.log);
  });

  it('between CONNECT and CONNACK, the connection is given up and made again, clean', () => {
    const scene = startScene({ settings: { capacity } });
    scene.network.reset();
    scene.runUntil(() => connectsOf(scene).length === 2 && scene.station.isOnline, 10_000, 'online again');
    scene.broker.holdAcknowledgements();
    scene.runUntil(() => publishesOf(scene, 'readings').length > 0, INTERVAL_MS, 'a reading in flight');
    scene.network.sever();
    scene.station.networkDown();
    scene.runUntil(() => scene.station.bufferedCount === capacity, 2 * capacity * INTERVAL_MS, 'a full spool');
    // The next reading will take the one in flight: the broker does not answer before it comes.
    scene.run(INTERVAL_MS - 1_000);
    scene.hang();
    scene.station.networkUp();
    scene.runUntil(() => scene.station.droppedCount > 0, INTERVAL_MS, 'overflow');
    const down = scene.link.at(-1);
    assert.equal(down?.kind === 'down' ? down.failure : down?.kind, 'spool-overflow');
    scene.unhang();
    scene.broker.releaseAcknowledgements();
    runUntilDelivered(scene);
    assert.equal(connectsOf(scene).at(-1)?.packet.clean, true);
    checkRun(scene.log);
  });
});

describe('a backlog longer than replay', () => {
  const missed = 100;
  const replay = 16;

  /** What was missed, as it came on `quantity` behind what had come before. */
  const backlogOn = (streams: string, quantity: string) => {
    const scene = startScene({ settings: { streams, replay } });
    scene.run(3 * INTERVAL_MS);
    const before = payloadsOf(scene, quantity).length;
    scene.networkDown();
    scene.run(missed * INTERVAL_MS);
    // Nothing new comes between.
    scene.sensorFault = 'no-answer';
    scene.networkUp();
    runUntilDelivered(scene);
    checkRun(scene.log);
    return payloadsOf(scene, quantity).slice(before);
  };

  it('comes in full on readings, and cut to replay on the value topics', () => {
    assert.equal(backlogOn('both', 'readings').flatMap((payload) => JSON.parse(payload).readings).length, missed);
    for (const quantity of ['temperature', 'humidity']) {
      const count = backlogOn('both', quantity).length;
      assert.equal(count, replay, `${count} of ${quantity}`);
    }
  });

  it('comes in full on the value topics where there is no other stream', () => {
    for (const quantity of ['temperature', 'humidity']) assert.equal(backlogOn('values', quantity).length, missed);
  });

  it('leaves only its newest value retained', () => {
    const scene = startScene({ settings: { replay } });
    scene.networkDown();
    scene.run(missed * INTERVAL_MS);
    // Nothing new comes between.
    scene.sensorFault = 'no-answer';
    scene.networkUp();
    runUntilDelivered(scene);
    const flags = publishesOf(scene, 'temperature').map(({ retain }) => retain);
    assert.deepEqual(flags, [...Array(replay - 1).fill(false), true]);
  });
});

describe('time', () => {
  const clock = (scene: Scene, epochSeconds: number, retain: boolean) =>
    scene.broker.publish({ topic: 'maison/clock', payload: String(epochSeconds), retain });

  it('unknown at first: null and uptime; then the clock of the house dates what is still buffered', () => {
    const scene = startScene({ knowsTime: false, settings: { streams: 'readings' } });
    scene.run(2 * INTERVAL_MS);
    assert.deepEqual(
      readingsOf(scene).map(({ time, uptime }) => [time, uptime]),
      scene.measured.map(({ uptimeSeconds }) => [null, uptimeSeconds]),
    );
    const before = scene.measured.length;
    scene.networkDown();
    scene.run(3 * INTERVAL_MS);
    // The broker says the time before it takes the first message in.
    scene.networkUp();
    scene.runUntil(() => connectsOf(scene).length === 2, 1_000, 'connected');
    clock(scene, scene.epochSeconds, false);
    scene.run(INTERVAL_MS);
    clock(scene, scene.epochSeconds, false);
    scene.run(2 * INTERVAL_MS);
    const dated = readingsOf(scene).filter(({ time }) => time !== null);
    assert.ok(dated.length > 0 && readingsOf(scene).at(-1)?.time !== null);
    for (const { seq, time } of dated) {
      const expected = START_EPOCH_SECONDS + (scene.measured[seq]?.uptimeSeconds as number);
      assert.ok(Math.abs((time as number) - expected) <= 1, `reading ${seq}: ${time}, not ${expected}`);
    }
    assert.ok(before > 0);
  });

  it('what waits for its first send when the time comes is dated back', () => {
    const scene = startScene({ knowsTime: false, settings: { streams: 'readings', window: 1 } });
    scene.runUntil(() => scene.station.bufferedCount === 0 && scene.measured.length === 1, 5_000, 'one delivered');
    scene.broker.holdAcknowledgements();
    // One message is in flight without a time, and stays as it is; those behind it wait.
    scene.run(INTERVAL_MS + 5_000);
    clock(scene, scene.epochSeconds, false);
    scene.run(1_000);
    scene.broker.releaseAcknowledgements();
    scene.run(3 * INTERVAL_MS);
    const times = readingsOf(scene).map(({ time }) => time);
    const firstDated = times.findIndex((time) => time !== null);
    assert.ok(firstDated > 0 && times.slice(firstDated).every((time) => time !== null));
    checkRun(scene.log);
  });

  for (const [story, knownBefore] of [
    ['is known only after the first send', false],
    ['is corrected after the first send', true],
  ] as const) {
    it(`redelivers the same bytes though the time ${story} [MQTT-3.3.1-1]`, () => {
      const scene = startScene({ knowsTime: false, settings: { streams: 'readings' } });
      // From the second connection on, sessions are kept.
      scene.network.reset();
      scene.runUntil(() => connectsOf(scene).length === 2 && scene.station.isOnline, 10_000, 'online again');
      scene.run(2_000);
      if (knownBefore) clock(scene, scene.epochSeconds - 10, false);
      scene.broker.holdAcknowledgements();
      scene.run(INTERVAL_MS);
      clock(scene, scene.epochSeconds, false);
      scene.run(2_000);
      scene.broker.restart(true);
      scene.broker.releaseAcknowledgements();
      runUntilDelivered(scene);
      const redelivered = publishesOf(scene, 'readings').filter(({ dup }) => dup);
      assert.ok(redelivered.length > 0);
      // The session checker compares them with what was sent first.
      checkRun(scene.log);
    });
  }

  it('a retained time is the time of long ago: ignored', () => {
    const scene = new Scene(new World(1), { knowsTime: false });
    clock(scene, START_EPOCH_SECONDS - 1_000_000, true);
    scene.start();
    scene.run(3 * INTERVAL_MS);
    assert.ok(readingsOf(scene).length > 0 && readingsOf(scene).every(({ time }) => time === null));
    clock(scene, scene.epochSeconds, false);
    scene.run(2 * INTERVAL_MS);
    assert.ok(Math.abs((readingsOf(scene).at(-1)?.time as number) - scene.epochSeconds) <= INTERVAL_SECONDS + 1);
    checkRun(scene.log);
  });

  it('the machine knows better than the house', () => {
    const scene = startScene();
    clock(scene, scene.epochSeconds + 5_000, false);
    scene.run(2 * INTERVAL_MS);
    checkRun(scene.log);
  });

  it('never 1970, and no nonsense', () => {
    const scene = startScene({ knowsTime: false });
    for (const payload of ['0', '1', '-1', '', 'noon', '1e9', '99999999999', '1735689599']) {
      scene.broker.publish({ topic: 'maison/clock', payload, retain: false });
    }
    scene.run(2 * INTERVAL_MS);
    assert.ok(readingsOf(scene).length > 0 && readingsOf(scene).every(({ time }) => time === null));
  });
});

describe('months of uptime', () => {
  for (const bits of [31, 32]) {
    it(`goes on as before when the uptime passes 2^${bits} ms`, () => {
      const scene = startScene({ uptimeAtStartMs: 2 ** bits - 60_000, settings: { keepAlive: 30 } });
      scene.run(50_000);
      scene.networkDown();
      scene.run(60_000);
      scene.networkUp();
      scene.run(3_600_000);
      assert.ok(scene.measured.length > 360);
      assert.ok(scene.uptimeMs > 2 ** bits);
      runUntilDelivered(scene);
      checkRun(scene.log);
    });
  }

  it('26 days without a break, and an outage at the end', () => {
    const scene = startScene({ settings: { interval: 600, keepAlive: 600 } });
    scene.run(26 * DAY_MS);
    assert.equal(scene.station.reconnectCount, 0);
    scene.network.sever();
    scene.run(3_650_000);
    runUntilDelivered(scene);
    assert.equal(scene.station.reconnectCount, 1);
    assert.equal(scene.measured.length, scene.acknowledged.length);
    checkRun(scene.log);
  });
});

describe('status', () => {
  const says = (scene: Scene, payload: string) => scene.broker.publish({ topic: `maison/${ROOM}/status`, payload, retain: true });
  const onlineCount = (scene: Scene) => payloadsOf(scene, 'status').filter((payload) => payload === 'online').length;

  it('said to be offline, the station says online again, at most once a minute', () => {
    const scene = startScene();
    scene.run(5_000);
    assert.equal(onlineCount(scene), 1);
    says(scene, 'offline');
    scene.run(1_000);
    assert.equal(onlineCount(scene), 2);
    for (let count = 0; count < 10; count++) {
      says(scene, 'offline');
      scene.run(5_000);
    }
    assert.equal(onlineCount(scene), 2);
    scene.run(10_000);
    assert.equal(onlineCount(scene), 3);
    assert.equal(scene.broker.retained.get(`maison/${ROOM}/status`), 'online');
    scene.run(300_000);
    assert.equal(onlineCount(scene), 3);
  });

  it('does not answer to its own offline when it shuts down', () => {
    const scene = startScene();
    scene.run(5_000);
    scene.machine.shutDown();
    scene.runUntil(() => scene.isClosed, 10_000, 'the end');
    scene.run(120_000);
    assert.deepEqual(payloadsOf(scene, 'status'), ['online', 'offline']);
    assert.equal(scene.broker.retained.get(`maison/${ROOM}/status`), 'offline');
  });
});

describe('a shutdown while an online is still due', () => {
  it('ends offline, whenever it begins', () => {
    for (let earlierMs = 0; earlierMs <= 60; earlierMs += 5) {
      const scene = startScene();
      scene.run(5_000);
      const { broker, machine, world } = scene;
      const sayOffline = () => broker.publish({ topic: `maison/${ROOM}/status`, payload: 'offline', retain: true });
      sayOffline();
      scene.runUntil(() => broker.retained.get(`maison/${ROOM}/status`) === 'online', 1_000, 'online again');
      const answeredAtMs = world.nowMs;
      sayOffline();
      world.run(answeredAtMs + 60_000 - earlierMs);
      machine.shutDown();
      scene.runUntil(() => scene.isClosed, 10_000, 'the end');
      scene.run(1_000);
      assert.equal(broker.retained.get(`maison/${ROOM}/status`), 'offline', `${earlierMs} ms earlier`);
    }
  });
});

describe('half-open connections', () => {
  it('are found by the silence of the peer, within a keep-alive and the wait for a ping', () => {
    const scene = startScene({ settings: { interval: 3600, keepAlive: 30 } });
    scene.run(100_000);
    scene.network.sever();
    scene.runUntil(() => scene.link.at(-1)?.kind === 'down', 40_000, 'down');
    runUntilDelivered(scene);
    checkRun(scene.log);
  });

  it('are found though what the station says needs no answer', () => {
    // Diagnostics go out each minute, with QoS 0; a server that heard them would answer pings alone.
    const scene = startScene({ settings: { keepAlive: 120 } });
    scene.sensorFault = 'no-answer';
    scene.run(100_000);
    scene.network.sever();
    scene.runUntil(() => scene.link.at(-1)?.kind === 'down', 110_000, 'down');
    assert.equal(scene.station.bufferedCount, 0);
  });

  it('are found though the station has much to say', () => {
    const scene = startScene({ settings: { interval: 2, keepAlive: 3600 } });
    scene.run(10_000);
    scene.network.sever();
    // The peer acknowledges nothing any more.
    scene.runUntil(() => scene.link.at(-1)?.kind === 'down', 25_000, 'down');
    runUntilDelivered(scene);
    checkRun(scene.log);
  });
});

for (const [name, quirks, mqtt] of [
  ['Mosquitto', MOSQUITTO, '5'],
  ['Mosquitto', MOSQUITTO, '3.1.1'],
  ['Aedes', AEDES, '3.1.1'],
] as const) {
  describe(`sessions, with the manners of ${name}, MQTT ${mqtt}`, () => {
    it('the first connection of a boot starts clean, later ones do not', () => {
      const scene = startScene({ quirks, settings: { mqtt } });
      for (let count = 2; count <= 4; count++) {
        scene.network.reset();
        scene.runUntil(() => connectsOf(scene).length === count && scene.station.isOnline, 90_000, 'online again');
        scene.run(INTERVAL_MS);
      }
      assert.deepEqual(
        connectsOf(scene).map(({ packet, sessionPresent }) => [packet.clean, sessionPresent]),
        [
          [true, false],
          // A session that begins with a clean start outlives its connection in MQTT 5 alone (§3.1.2.11.2).
          [false, mqtt === '5'],
          [false, true],
          [false, true],
        ],
      );
      checkRun(scene.log);
    });

    it('kept: the same messages come again, with DUP, in order', () => {
      const scene = keptInFlight();
      scene.network.reset();
      scene.runUntil(() => connectsOf(scene).length === 3, 90_000, 'online again');
      runUntilDelivered(scene);
      assert.ok(publishesOf(scene, 'temperature').some(({ dup }) => dup));
      checkRun(scene.log);
    });

    it('forgotten: messages are built anew, without DUP, and the clock is subscribed to again', () => {
      const scene = keptInFlight();
      scene.broker.restart(false);
      scene.network.reset();
      runUntilDelivered(scene);
      assert.equal(connectsOf(scene).at(-1)?.sessionPresent, false);
      const { connection } = connectsOf(scene).at(-1) as { connection: number };
      const isAnew = (event: WireEvent) => event.connection !== connection || event.kind !== 'publish' || !event.packet.dup;
      assert.ok(scene.wire.every(isAnew));
      const before = payloadsOf(scene, 'status').length;
      scene.broker.publish({ topic: `maison/${ROOM}/status`, payload: 'offline', retain: true });
      scene.run(1_000);
      assert.equal(payloadsOf(scene, 'status').length, before + 1);
      checkRun(scene.log);
    });

    it('kept, but from a connection that ended before it had subscribed: the station subscribes then', () => {
      const scene = startScene({ quirks, settings: { mqtt } });
      scene.network.reset();
      scene.runUntil(() => connectsOf(scene).length === 2, 90_000, 'connected, and not yet subscribed');
      scene.network.reset();
      scene.runUntil(() => connectsOf(scene).length === 3 && scene.station.isOnline, 90_000, 'online again');
      scene.run(1_000);
      scene.broker.publish({ topic: `maison/${ROOM}/status`, payload: 'offline', retain: true });
      scene.run(1_000);
      checkRun(scene.log);
    });

    /** A kept session with messages that the broker has not acknowledged. */
    function keptInFlight(): Scene {
      const scene = startScene({ quirks, settings: { mqtt } });
      scene.network.reset();
      scene.runUntil(() => connectsOf(scene).length === 2 && scene.station.isOnline, 90_000, 'online again');
      scene.run(INTERVAL_MS);
      scene.broker.holdAcknowledgements();
      scene.run(INTERVAL_MS);
      scene.broker.restart(true);
      scene.broker.releaseAcknowledgements();
      return scene;
    }
  });
}

describe('versions of MQTT', () => {
  /** Protocol level of each CONNECT that the broker accepted. */
  const levelsOf = (scene: Scene) => connectsOf(scene).map(({ packet }) => packet.protocolVersion);
  const downs = (scene: Scene) => scene.link.filter(({ kind }) => kind === 'down').length;
  const startOn = (mqtt5: Quirks['mqtt5'], mqtt?: string) => {
    const scene = new Scene(new World(1), { quirks: { ...MOSQUITTO, mqtt5 }, ...(mqtt !== undefined && { settings: { mqtt } }) });
    scene.start();
    return scene;
  };

  for (const mqtt5 of ['refused', 'refused as in 3.1.1', 'closed'] as const) {
    it(`5 is ${mqtt5}: the next attempt speaks 3.1.1, and so do all later ones`, () => {
      const scene = startOn(mqtt5);
      scene.runUntil(() => scene.station.isOnline, 5_000, 'online');
      assert.deepEqual([levelsOf(scene), downs(scene)], [[4], 1]);
      scene.network.reset();
      scene.runUntil(() => levelsOf(scene).length === 2 && scene.station.isOnline, 10_000, 'online again');
      assert.deepEqual([levelsOf(scene), downs(scene)], [[4, 4], 2]);
      runUntilDelivered(scene);
      checkRun(scene.log);
    });

    it(`5 is ${mqtt5}, and forced: it is tried for ever, with the waits of any failure`, () => {
      const scene = startOn(mqtt5, '5');
      scene.run(600_000);
      assert.deepEqual(levelsOf(scene), []);
      assert.ok(downs(scene) > 8 && downs(scene) < 60);
      checkBackoff(scene.log);
    });
  }

  it('3.1.1 is forced: 5 is not tried, though the broker speaks it', () => {
    const scene = startOn('accepted', '3.1.1');
    scene.runUntil(() => scene.station.isOnline, 900, 'online');
    assert.deepEqual(levelsOf(scene), [4]);
  });

  it('a broker that has accepted 5 and is replaced by an older one: what is in flight is built anew, and nothing is lost', () => {
    const scene = startScene();
    scene.run(INTERVAL_MS);
    scene.broker.holdAcknowledgements();
    scene.run(INTERVAL_MS);
    scene.broker.replace({ ...MOSQUITTO, mqtt5: 'refused as in 3.1.1' });
    scene.broker.releaseAcknowledgements();
    scene.network.reset();
    runUntilDelivered(scene);
    assert.deepEqual(levelsOf(scene), [5, 4]);
    assert.deepEqual(connectsOf(scene).at(-1)?.packet.clean, true);
    checkRun(scene.log);
  });

  it('a dead broker is no old one: 5 again after it was accepted once', () => {
    const scene = startScene();
    scene.closeDoor();
    scene.network.reset();
    scene.run(120_000);
    scene.openDoor();
    runUntilDelivered(scene);
    assert.deepEqual(levelsOf(scene), [5, 5]);
  });
});

describe('a broker that does not take everything (MQTT 5)', () => {
  const refuse = (quantity: string, reasonCode: number) => (packet: IPublishPacket) =>
    packet.topic === `maison/${ROOM}/${quantity}` ? reasonCode : 0;

  it('one topic is not allowed: its readings wait, the others are delivered, and all of it when it is allowed', () => {
    const scene = startScene();
    scene.broker.judge = refuse('temperature', 0x87);
    scene.run(30 * INTERVAL_MS);
    assert.ok(scene.station.bufferedCount > 25);
    assert.equal(seqsOf(scene).length, scene.measured.length);
    assert.deepEqual(JSON.parse(payloadsOf(scene, 'diagnostics').at(-1) as string).refused.code, 0x87);
    // At most one try a second at first, then one a minute.
    assert.ok(publishesOf(scene, 'temperature').length < 40);
    scene.broker.judge = () => 0;
    scene.run(60_000);
    runUntilDelivered(scene);
    assert.equal(scene.station.droppedCount, 0);
    checkAccount(scene.log);
  });

  it('a quota is exceeded for a while: nothing is lost', () => {
    const scene = startScene();
    scene.run(INTERVAL_MS);
    scene.broker.judge = () => 0x97;
    scene.run(10 * INTERVAL_MS);
    scene.broker.judge = () => 0;
    scene.run(60_000);
    runUntilDelivered(scene);
    assert.equal(scene.station.droppedCount, 0);
    checkAccount(scene.log);
    assert.equal(scene.station.reconnectCount, 0);
  });

  it('it can make nothing of the payload: readings are given up after three tries, and counted as dropped', () => {
    const scene = startScene({ settings: { streams: 'readings' } });
    scene.broker.judge = refuse('readings', 0x99);
    scene.run(60 * INTERVAL_MS);
    assert.ok(scene.station.droppedCount > 5);
    const tries = new Map<string, number>();
    for (const payload of payloadsOf(scene, 'readings')) {
      const { seq } = JSON.parse(payload).readings[0];
      tries.set(seq, (tries.get(seq) ?? 0) + 1);
    }
    // What was in flight behind the first refused message has one try more.
    assert.ok(Math.max(...tries.values()) <= 4);
    scene.broker.judge = () => 0;
    scene.run(60_000);
    runUntilDelivered(scene);
    checkAccount(scene.log);
    const diagnostics = JSON.parse(payloadsOf(scene, 'diagnostics').at(-1) as string);
    assert.ok(diagnostics.dropped > 5 && diagnostics.refused.code === 0x99);
  });

  for (const [name, limits] of [
    ['a receive maximum of 1', { receiveMaximum: 1 }],
    ['a maximum packet size of 512', { maximumPacketSize: 512 }],
    ['no retained messages', { retainAvailable: false }],
    ['a keep-alive of its own', { serverKeepAlive: 10 }],
  ] as const) {
    it(`${name}: everything is delivered, through outages too`, () => {
      const scene = new Scene(new World(1));
      scene.broker.limits = limits;
      scene.start();
      scene.run(5 * INTERVAL_MS);
      scene.networkDown();
      scene.run(20 * INTERVAL_MS);
      scene.networkUp();
      runUntilDelivered(scene);
      assert.equal(scene.station.droppedCount, 0);
      checkSessions(scene.log);
      checkAccount(scene.log);
    });
  }

  it('a maximum packet size that shrinks while messages are in flight: they are built anew, smaller, and nothing is lost', () => {
    const scene = startScene({ settings: { streams: 'readings' } });
    scene.networkDown();
    scene.run(40 * INTERVAL_MS);
    scene.broker.holdAcknowledgements();
    scene.networkUp();
    scene.runUntil(() => publishesOf(scene, 'readings').length >= 1, 10_000, 'a batch in flight');
    scene.broker.limits = { maximumPacketSize: 400 };
    scene.broker.releaseAcknowledgements();
    scene.network.reset();
    runUntilDelivered(scene);
    assert.equal(scene.station.droppedCount, 0);
    checkRun(scene.log);
  });

  it('a twin with the same client id: each eviction is reported, and waits for a minute', () => {
    const scene = startScene();
    const evict = () => scene.broker.evict(`station-${STATION}`);
    for (let eviction = 0; eviction < 3; eviction++) {
      evict();
      scene.run(1_000);
      const down = scene.link.at(-1);
      assert.deepEqual(down?.kind === 'down' && [down.failure, down.reasonCode], ['server-disconnected', 0x8e]);
      scene.run(58_000);
      assert.equal(scene.station.isOnline, false);
      scene.run(2_000);
      assert.equal(scene.station.isOnline, true);
    }
    runUntilDelivered(scene);
    checkRun(scene.log);
  });

  it('it accepts, and kicks at once: no storm', () => {
    const scene = startScene();
    const kick = () => {
      if (scene.station.isOnline) scene.broker.evict(`station-${STATION}`, 0x89);
      scene.world.after(100, kick);
    };
    kick();
    scene.run(600_000);
    assert.ok(connectsOf(scene).length < 60, `${connectsOf(scene).length} connections in ten minutes`);
    checkBackoff(scene.log);
  });
});
