// The life of a board in virtual time: its Wi-Fi, its commands, its settings on trial, its watchdog and its LED.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { TRIAL_LIMIT_MS, WATCHDOG_MARGIN_MS } from '../../firmware/station/board.js';
import { COMMAND_MAXIMUM_BYTES } from '../../firmware/station/command-stream.js';
import { JOIN_TIMEOUT_MS } from '../../firmware/station/wifi-supervisor.js';
import { ROOM, Scene, type SceneOptions, WIFI } from './scene.js';
import { World } from './world.js';

const KEY = 'clef de la salle';
const INTERVAL_MS = 10_000;
const STEP_MS = 1_500;

function startScene(options: SceneOptions = {}): Scene {
  const scene = new Scene(new World(1), { ...options, settings: { stationKey: KEY, ...options.settings } });
  scene.start();
  return scene;
}

function startOnline(options: SceneOptions = {}): Scene {
  const scene = startScene(options);
  untilOnline(scene, 60_000);
  scene.run(500);
  return scene;
}

const untilOnline = (scene: Scene, limitMs = 90_000) => scene.runUntil(() => scene.station.isOnline, limitMs, 'online');

const untilOffline = (scene: Scene) => scene.runUntil(() => !scene.station.isOnline, 90_000, 'offline');

const payloadsOn = (scene: Scene, topic: string) =>
  scene.wire.flatMap((event) =>
    event.kind === 'publish' && event.packet.topic === topic ? [event.packet.payload.toString()] : [],
  );

const answersOf = (scene: Scene, room = ROOM) =>
  payloadsOn(scene, `maison/${room}/response`).map((payload) => JSON.parse(payload) as Record<string, unknown>);

/** Says `command` to the station and returns what it answers. */
function ask(scene: Scene, command: string, payload: unknown, room = ROOM): Record<string, unknown> | undefined {
  const before = answersOf(scene, room).length;
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  scene.broker.publish({ topic: `maison/${room}/command/${command}`, payload: text, retain: false });
  scene.run(1_000);
  return answersOf(scene, room)[before];
}

const lastDiagnostics = (scene: Scene, room = ROOM) =>
  JSON.parse(payloadsOn(scene, `maison/${room}/diagnostics`).at(-1) as string) as Record<string, unknown>;

/** No reading was lost on the way: what the first run of the board measured is all acknowledged. */
function assertAllDelivered(scene: Scene): void {
  scene.runUntil(() => scene.station.isOnline && scene.station.bufferedCount === 0, 180_000, 'all is delivered');
  assert.equal(scene.acknowledged.length, scene.measured.length);
}

describe('Wi-Fi supervision', () => {
  it('joins, and the station is online', () => {
    const scene = startScene({ wifiStepMs: STEP_MS });
    scene.run(2 * STEP_MS - 1);
    assert.equal(scene.station.isOnline, false);
    scene.run(500);
    assert.equal(scene.station.isOnline, true);
    assert.equal(JSON.parse(payloadsOn(scene, `maison/${ROOM}/info`)[0] as string).address, '192.0.2.20');
  });

  it('notices a loss, measures on, and joins again', () => {
    const scene = startOnline({ wifiStepMs: STEP_MS });
    scene.networkDown();
    untilOffline(scene);
    scene.run(200_000);
    assert.equal(scene.station.bufferedCount, 20);
    assert.deepEqual([...new Set(scene.wifiFailures)], ['lost', 'no-such-network']);
    scene.networkUp();
    untilOnline(scene);
    assertAllDelivered(scene);
  });

  it('waits between rounds, longer and longer, and never more than 15 s', () => {
    const scene = startOnline();
    scene.networkDown();
    const triesAtMs: number[] = [];
    let known = scene.wifiFailures.length;
    scene.runUntil(
      () => {
        if (scene.wifiFailures.length > known) triesAtMs.push(scene.world.nowMs);
        known = scene.wifiFailures.length;
        return triesAtMs.length === 30;
      },
      900_000,
      '30 tries',
    );
    const waitsMs = triesAtMs.slice(1).map((atMs, index) => atMs - (triesAtMs[index] as number));
    assert.ok(Math.min(...waitsMs) >= 1_000 && Math.max(...waitsMs) <= 15_100, waitsMs.join(' '));
    assert.ok(new Set(waitsMs.slice(5)).size > 10, 'they are drawn by chance');
    assert.ok(Math.max(...waitsMs) > 8_000);
  });

  it('tries the second network at once where the first cannot be joined, and first of all the next time', () => {
    const scene = startScene({ settings: { wifi2: 'maison', wifi2Password: 'another horse' }, wifiStepMs: STEP_MS });
    const { air } = scene.machine;
    air.accessPoints.delete(WIFI.wifi);
    air.accessPoints.set('maison', { password: 'another horse', givesAddress: true });
    untilOnline(scene, 4 * STEP_MS);
    assert.deepEqual(scene.wifiFailures, ['no-such-network']);
    scene.run(60_000);
    scene.networkDown();
    scene.run(500);
    scene.networkUp();
    untilOffline(scene);
    untilOnline(scene, 10_000);
    assert.deepEqual(scene.wifiFailures, ['no-such-network', 'lost']);
    air.accessPoints.delete('maison');
    air.accessPoints.set(WIFI.wifi, { password: WIFI.wifiPassword, givesAddress: true });
    air.changed();
    untilOffline(scene);
    untilOnline(scene, 30_000);
  });

  const failures: readonly (readonly [what: string, failure: string, tellsRefusal: boolean, change: (scene: Scene) => void])[] = [
    ['a wrong password', 'wrong-password', true, (scene) => setPassword(scene, 'wrong horse')],
    ['no such network', 'no-such-network', true, (scene) => scene.machine.air.accessPoints.clear()],
    ['a network that gives no address', 'no-address', true, (scene) => setPassword(scene, WIFI.wifiPassword, false)],
    ['a chip that tells nothing', 'unknown', false, (scene) => setPassword(scene, 'wrong horse')],
  ];
  const setPassword = (scene: Scene, password: string, givesAddress = true) =>
    scene.machine.air.accessPoints.set(WIFI.wifi, { password, givesAddress });
  for (const [what, failure, tellsRefusal, change] of failures) {
    it(`${what} is counted, and over as soon as it is put right`, () => {
      const scene = startScene();
      scene.machine.air.tellsRefusal = tellsRefusal;
      change(scene);
      scene.run(5 * 60_000);
      assert.equal(scene.station.isOnline, false);
      assert.deepEqual([...new Set(scene.wifiFailures)], [failure]);
      setPassword(scene, WIFI.wifiPassword);
      untilOnline(scene, JOIN_TIMEOUT_MS + 20_000);
      // Diagnostics wait behind the backlog, for a minute at most.
      scene.run(61_000);
      assert.deepEqual(lastDiagnostics(scene)['wifiErrors'], { [failure]: scene.wifiFailures.length });
      assertAllDelivered(scene);
    });
  }

  it('another address: the broker is looked up and connected to anew, under the new one', () => {
    const scene = startOnline();
    const lookups = () => scene.link.filter(({ kind }) => kind === 'try').length;
    const before = lookups();
    scene.network.sever();
    scene.machine.air.renumber('192.0.2.77');
    untilOffline(scene);
    untilOnline(scene, 5_000);
    scene.run(1_000);
    assert.ok(lookups() > before);
    assert.equal(JSON.parse(payloadsOn(scene, `maison/${ROOM}/info`).at(-1) as string).address, '192.0.2.77');
    assert.deepEqual(scene.wifiFailures, []);
    assertAllDelivered(scene);
  });

  it('without a network set, the board measures and says so with its LED', () => {
    const scene = startScene({ settings: { wifi: '', wifiPassword: '' } });
    scene.run(60_000);
    assert.equal(scene.station.bufferedCount, 6);
    assert.deepEqual(scene.wifiFailures, []);
  });
});

describe('commands', () => {
  it('interval: from now on, and after a restart', () => {
    const scene = startOnline();
    assert.deepEqual(ask(scene, 'interval', { key: KEY, interval: 3, id: 'a' }), {
      ...{ command: 'interval', id: 'a', ok: true, interval: 3 },
    });
    const before = scene.measured.length;
    scene.run(30_000);
    assert.equal(scene.measured.length - before, 10);
    assert.equal(JSON.parse(payloadsOn(scene, `maison/${ROOM}/info`).at(-1) as string).interval, 3);
    scene.machine.powerCycle();
    scene.run(1_000);
    assert.equal(scene.machine.board.settings.interval, 3);
  });

  it('offset: on every value from now on', () => {
    const scene = startOnline();
    scene.run(INTERVAL_MS);
    const [before] = scene.measured.slice(-1);
    assert.equal(ask(scene, 'offset', { key: KEY, temperatureOffset: -1.5, humidityOffset: 2 })?.['ok'], true);
    scene.run(INTERVAL_MS);
    const [after] = scene.measured.slice(-1);
    assert.ok(before && after && after.seq > before.seq);
    const slots = after.seq - before.seq;
    assert.equal(after.temperatureTenths - before.temperatureTenths, slots - 15);
    assert.equal(after.humidityTenths - before.humidityTenths, 7 * slots + 20);
  });

  it('identify is open to everybody, also without any payload, and blinks for ten seconds', () => {
    const scene = startOnline();
    assert.deepEqual(ask(scene, 'identify', ''), { command: 'identify', ok: true });
    assert.ok(changesOfLed(scene, 5_000) > 50);
    scene.run(10_000);
    assert.equal(changesOfLed(scene, 5_000), 0);
  });

  it('restart: answers, says offline, and comes back with another boot', () => {
    const scene = startOnline();
    const { boot } = scene.station;
    assert.deepEqual(ask(scene, 'restart', { key: KEY }), { command: 'restart', ok: true });
    untilOnline(scene, 5_000);
    scene.run(1_000);
    assert.notEqual(scene.station.boot, boot);
    assert.deepEqual(payloadsOn(scene, `maison/${ROOM}/status`), ['online', 'offline', 'online']);
    assert.equal(lastDiagnostics(scene)['resetCause'], 'restart');
    assert.equal(scene.acknowledged.length, scene.measured.length);
  });

  it('restart: within 2 s where nothing is acknowledged any more', () => {
    const scene = startOnline();
    const { boot } = scene.station;
    scene.broker.holdAcknowledgements();
    scene.broker.publish({ topic: `maison/${ROOM}/command/restart`, payload: JSON.stringify({ key: KEY }), retain: false });
    scene.runUntil(() => !scene.machine.isOn, 2_100, 'the restart');
    scene.broker.releaseAcknowledgements();
    untilOnline(scene);
    assert.notEqual(scene.station.boot, boot);
  });

  it('room: when all is delivered under the old one, whose retained topics are then cleared', () => {
    const scene = startOnline();
    scene.run(3 * INTERVAL_MS);
    scene.broker.holdAcknowledgements();
    scene.run(INTERVAL_MS);
    scene.broker.publish({
      topic: `maison/${ROOM}/command/room`,
      payload: JSON.stringify({ key: KEY, room: 'bureau' }),
      retain: false,
    });
    scene.run(5_000);
    assert.ok(scene.station.bufferedCount > 0 && scene.station.room === ROOM);
    scene.broker.releaseAcknowledgements();
    scene.runUntil(() => scene.station.room === 'bureau' && scene.station.isOnline, 60_000, 'the new room');
    scene.run(INTERVAL_MS);
    assert.deepEqual(answersOf(scene), [{ command: 'room', ok: true, room: 'bureau' }]);
    assert.equal(scene.acknowledged.length, scene.measured.length);
    assert.deepEqual(
      [...scene.broker.retained.keys()].sort(),
      ['humidity', 'info', 'status', 'temperature'].map((quantity) => `maison/bureau/${quantity}`),
    );
    assert.equal(scene.broker.retained.get('maison/bureau/status'), 'online');
  });

  it('room: what was left is cleared too where the power was cut before', () => {
    const scene = startOnline();
    scene.run(INTERVAL_MS);
    scene.broker.publish({
      topic: `maison/${ROOM}/command/room`,
      payload: JSON.stringify({ key: KEY, room: 'bureau' }),
      retain: false,
    });
    scene.runUntil(() => scene.machine.board.isChanging, 1_000, 'the change is stored');
    scene.machine.powerCycle();
    scene.runUntil(() => scene.station.room === 'bureau' && scene.station.isOnline, 60_000, 'the new room');
    scene.run(2 * INTERVAL_MS);
    assert.ok([...scene.broker.retained.keys()].every((topic) => topic.startsWith('maison/bureau/')));
  });

  it('with the same id act once, and with another again', () => {
    const scene = startOnline();
    const { boot } = scene.station;
    assert.equal(ask(scene, 'offset', { key: KEY, temperatureOffset: 1, id: 7 })?.['temperatureOffset'], 1);
    assert.equal(ask(scene, 'offset', { key: KEY, temperatureOffset: 2, id: 8 })?.['temperatureOffset'], 2);
    assert.deepEqual(ask(scene, 'offset', { key: KEY, temperatureOffset: 1, id: 7 }), {
      ...{ command: 'offset', id: 7, ok: true, repeated: true },
    });
    assert.equal(scene.machine.board.settings.temperatureOffset, 2);
    assert.equal(scene.station.boot, boot);
  });

  it('with an id that failed can be tried again', () => {
    const scene = startOnline();
    assert.ok(ask(scene, 'interval', { key: KEY, interval: 1, id: 'x' })?.['error']);
    assert.equal(ask(scene, 'interval', { key: KEY, interval: 5, id: 'x' })?.['interval'], 5);
  });

  it('that are retained are not for this station', () => {
    const scene = startOnline();
    for (const command of ['restart', 'interval', 'identify']) {
      const payload = JSON.stringify({ key: KEY, ...(command === 'interval' && { interval: 60 }) });
      scene.broker.retained.set(`maison/${ROOM}/command/${command}`, payload);
    }
    scene.network.reset();
    untilOffline(scene);
    untilOnline(scene);
    scene.run(5_000);
    assert.deepEqual(answersOf(scene), []);
    assert.equal(scene.machine.board.settings.interval, 10);
  });

  const bad: readonly (readonly [command: string, payload: unknown, error: RegExp])[] = [
    ['reboot', { key: KEY }, /no such command; there are identify, restart, interval/],
    ['interval', { key: KEY, interval: 1 }, /^setting interval: 1 is not allowed; allowed: a whole number/],
    ['interval', { key: KEY }, /say at least one of: interval/],
    ['interval', { key: KEY, interval: 5, room: 'x' }, /"room": allowed: id, key, interval/],
    ['interval', { interval: 5 }, /^key: it is not the one/],
    ['interval', { key: `${KEY} `, interval: 5 }, /^key: it is not the one/],
    ['interval', { key: KEY.slice(1), interval: 5 }, /^key: it is not the one/],
    ['interval', { key: null, interval: 5 }, /^key: it is not the one/],
    ['interval', '5', /no object of JSON/],
    ['interval', '[5]', /no object of JSON/],
    ['interval', '{"key":', /no object of JSON/],
    ['interval', '[[[[[[[[[[[[[[[[', /no object of JSON/],
    ['offset', { key: KEY, temperatureOffset: 21 }, /^setting temperatureOffset: 21 is not allowed/],
    ['room', { key: KEY, room: 'a/b' }, /^setting room: "a\/b" is not allowed/],
    ['restart', { key: KEY, id: '' }, /^id: allowed/],
    ['restart', { key: KEY, id: { a: 1 } }, /^id: allowed/],
    ['restart', { key: KEY, now: true }, /"now": allowed/],
    ['settings', { key: KEY, wifiPassword: 'short' }, /^setting wifiPassword: the given value is not allowed/],
    ['settings', { key: KEY, colour: 'red' }, /"colour": allowed/],
    ['settings', { key: KEY, broker: 'mqtts://broker.test' }, /^setting broker: .* allowed: mqtt:\/\//],
    ['identify', { what: 1 }, /"what": allowed: id, key/],
  ];
  it('that are wrong are answered with what is allowed, and change nothing', () => {
    const scene = startOnline();
    const { boot } = scene.station;
    for (const [command, payload, error] of bad) {
      const answer = ask(scene, command, payload);
      assert.match(String(answer?.['error']), error, `${command} ${JSON.stringify(payload)}`);
      assert.equal(answer?.['ok'], undefined);
    }
    assert.ok(
      scene.machine.flash.bytes.every((byte) => byte === 0xff),
      'nothing was stored',
    );
    assert.equal(scene.station.boot, boot);
  });

  it('of a station without a key can identify it alone', () => {
    const scene = startOnline({ settings: { stationKey: '' } });
    assert.match(String(ask(scene, 'interval', { key: '', interval: 5 })?.['error']), /^key: this station has none/);
    assert.equal(ask(scene, 'identify', '{}')?.['ok'], true);
  });

  it('are followed by a change alone: a second one waits for the first', () => {
    const scene = startOnline();
    scene.broker.holdAcknowledgements();
    ask(scene, 'room', { key: KEY, room: 'bureau' });
    scene.broker.publish({
      topic: `maison/${ROOM}/command/interval`,
      payload: JSON.stringify({ key: KEY, interval: 5 }),
      retain: false,
    });
    scene.run(500);
    scene.broker.releaseAcknowledgements();
    scene.run(500);
    assert.match(String(answersOf(scene)[1]?.['error']), /under way; try again/);
  });

  it('may be as long as all settings together, and no longer', () => {
    const scene = startOnline();
    const payload = JSON.stringify({ key: KEY, interval: 5 });
    assert.equal(ask(scene, 'interval', payload.padEnd(COMMAND_MAXIMUM_BYTES))?.['interval'], 5);
    assert.equal(ask(scene, 'interval', payload.padEnd(COMMAND_MAXIMUM_BYTES + 1)), undefined);
    assert.equal(ask(scene, 'identify', '{}')?.['ok'], true);
    scene.run(61_000);
    assert.equal(lastDiagnostics(scene)['oversized'], 1);
  });

  it('whose connection breaks in the middle are none', () => {
    const scene = startOnline();
    const { conditions } = scene.network;
    const { pieceBytes, delayMs } = conditions;
    Object.assign(conditions, { pieceBytes: 100, delayMs: [100, 200] });
    const payload = JSON.stringify({ key: KEY, interval: 5 }).padEnd(COMMAND_MAXIMUM_BYTES);
    scene.broker.publish({ topic: `maison/${ROOM}/command/interval`, payload, retain: false });
    scene.run(300);
    scene.network.reset();
    untilOffline(scene);
    Object.assign(conditions, { pieceBytes, delayMs });
    untilOnline(scene);
    assert.equal(ask(scene, 'identify', '{}')?.['ok'], true);
    assert.equal(answersOf(scene).length, 1);
    assert.equal(scene.machine.board.settings.interval, 10);
  });

  it('are answered in few words where the answer would repeat too much', () => {
    const scene = startOnline();
    const room = '\u0001'.repeat(64);
    assert.deepEqual(ask(scene, 'room', { key: KEY, room, id: '\u0001'.repeat(60) }), { command: 'room', ok: true });
  });

  it('that come faster than their answers go are bounded, and counted', () => {
    const scene = startOnline();
    scene.broker.holdAcknowledgements();
    for (let index = 0; index < 50; index++) {
      scene.broker.publish({ topic: `maison/${ROOM}/command/identify`, payload: '', retain: false });
    }
    scene.run(3_000);
    scene.broker.releaseAcknowledgements();
    scene.run(61_000);
    const answered = answersOf(scene).length;
    assert.ok(answered >= 4 && answered <= 10, `${answered} answers`);
    assert.equal(lastDiagnostics(scene)['ignoredCommands'], 50 - answered);
  });
});

describe('settings on trial', () => {
  const trial = { key: KEY, id: 'essai' };
  const accepted = { command: 'settings', id: 'essai', ok: true, state: 'trying' };

  const untilTried = (scene: Scene) => scene.runUntil(() => scene.machine.board.settings.wifi === 'ailleurs', 5_000, 'the restart');

  it('are confirmed once the broker is reached with them', () => {
    const scene = startOnline({ settings: { wifi2: 'maison' } });
    assert.deepEqual(ask(scene, 'settings', { ...trial, interval: 5, wifi2: null, window: 4 }), accepted);
    scene.runUntil(() => answersOf(scene).length === 2, 30_000, 'the outcome');
    assert.deepEqual(answersOf(scene)[1], { command: 'settings', id: 'essai', ok: true, state: 'confirmed' });
    scene.run(1_000);
    scene.machine.powerCycle();
    untilOnline(scene);
    scene.run(TRIAL_LIMIT_MS);
    assert.deepEqual([scene.machine.board.settings.interval, scene.machine.board.settings.window], [5, 4]);
    assert.equal(answersOf(scene).length, 2, 'the outcome is told once');
  });

  it('with a wrong Wi-Fi are taken back, and the station is online again with those before', () => {
    const scene = startOnline();
    ask(scene, 'offset', { key: KEY, temperatureOffset: 1 });
    assert.deepEqual(ask(scene, 'settings', { ...trial, wifi: 'ailleurs', temperatureOffset: 5 }), accepted);
    untilTried(scene);
    scene.run(TRIAL_LIMIT_MS - 2_000);
    assert.equal(scene.station.isOnline, false);
    untilOnline(scene, 10_000);
    scene.run(1_000);
    const { settings } = scene.machine.board;
    assert.deepEqual([settings.wifi, settings.temperatureOffset], [WIFI.wifi, 1]);
    const outcome = answersOf(scene).at(-1);
    assert.equal(outcome?.['id'], 'essai');
    assert.match(String(outcome?.['error']), /the broker was not reached with these settings within 180 s/);
    scene.network.reset();
    untilOffline(scene);
    untilOnline(scene);
    scene.run(1_000);
    assert.equal(answersOf(scene).length, 3, 'the outcome is told once');
  });

  it('with a broker that refuses the login are taken back', () => {
    const scene = startOnline();
    const payload = JSON.stringify({ ...trial, user: 'inconnu', password: 'mot de passe' });
    scene.broker.publish({ topic: `maison/${ROOM}/command/settings`, payload, retain: false });
    scene.runUntil(() => !scene.machine.isOn, 5_000, 'the restart');
    scene.broker.refusal = 5;
    scene.run(10_000);
    assert.equal(scene.machine.board.settings.user, 'inconnu');
    scene.run(TRIAL_LIMIT_MS);
    scene.broker.refusal = 0;
    untilOnline(scene, 90_000);
    assert.equal(scene.machine.board.settings.user, '');
  });

  it('go on where the power was cut in the middle, and end all the same', () => {
    const scene = startOnline();
    ask(scene, 'settings', { ...trial, wifi: 'ailleurs' });
    untilTried(scene);
    scene.run(60_000);
    assert.equal(scene.machine.board.settings.wifi, 'ailleurs');
    scene.machine.powerCycle();
    scene.run(TRIAL_LIMIT_MS - 5_000);
    assert.equal(scene.machine.board.settings.wifi, 'ailleurs');
    scene.run(10_000);
    assert.equal(scene.machine.board.settings.wifi, WIFI.wifi);
    untilOnline(scene);
  });

  it('that never get as far as their limit are over at the fourth start', () => {
    const scene = startOnline();
    ask(scene, 'settings', { ...trial, wifi: 'ailleurs' });
    untilTried(scene);
    for (let start = 0; start < 3; start++) {
      scene.run(10_000);
      assert.equal(scene.machine.board.settings.wifi, 'ailleurs');
      scene.machine.powerCycle();
    }
    untilOnline(scene);
    assert.equal(scene.machine.board.settings.wifi, WIFI.wifi);
  });

  it('that change the room leave the old one clean, once they are confirmed', () => {
    const scene = startOnline();
    scene.run(INTERVAL_MS);
    ask(scene, 'settings', { ...trial, room: 'bureau', prefix: 'école' });
    scene.runUntil(() => scene.station.room === 'bureau' && scene.station.isOnline, 30_000, 'the new room');
    scene.run(INTERVAL_MS);
    assert.ok([...scene.broker.retained.keys()].every((topic) => topic.startsWith('école/bureau/')));
    assert.equal(answersOf(scene).at(-1)?.['state'], 'confirmed', 'told where it was asked');
  });

  it('that are the same as before need no trial', () => {
    const scene = startOnline();
    const { boot } = scene.station;
    assert.equal(ask(scene, 'settings', { key: KEY, interval: null })?.['state'], 'confirmed');
    scene.run(20_000);
    assert.equal(scene.station.boot, boot);
  });
});

describe('watchdog', () => {
  it('restarts a station whose timers are lost, and it says so afterwards', () => {
    const scene = startOnline();
    const { boot } = scene.station;
    scene.isFrozen = true;
    scene.network.sever();
    scene.run(2 * INTERVAL_MS + WATCHDOG_MARGIN_MS - INTERVAL_MS);
    assert.equal(scene.station.boot, boot);
    scene.run(2 * INTERVAL_MS);
    untilOnline(scene);
    scene.run(1_000);
    assert.notEqual(scene.station.boot, boot);
    assert.equal(lastDiagnostics(scene)['resetCause'], 'watchdog');
  });

  it('leaves alone who measures, however long there is no network, or no sensor, or a full buffer that refuses', () => {
    const scene = startOnline({ settings: { capacity: 16, overflow: 'newest' } });
    const { boot } = scene.station;
    scene.networkDown();
    scene.run(3_600_000);
    scene.sensorFault = 'no-answer';
    scene.run(3_600_000);
    scene.sensorFault = 'stuck';
    scene.run(3_600_000);
    assert.equal(scene.station.boot, boot);
  });
});

/** How often the LED goes on or off within `durationMs`. */
function changesOfLed(scene: Scene, durationMs: number): number {
  let changes = 0;
  let wasLit = scene.machine.ledIsLit;
  const endMs = scene.world.nowMs + durationMs;
  while (scene.world.nowMs < endMs) {
    scene.run(10);
    if (scene.machine.ledIsLit !== wasLit) changes++;
    wasLit = scene.machine.ledIsLit;
  }
  return changes;
}

describe('LED', () => {
  it('is lit while all is well', () => {
    const scene = startOnline();
    scene.run(2 * INTERVAL_MS);
    assert.equal(scene.machine.ledIsLit, true);
    assert.equal(changesOfLed(scene, 2 * INTERVAL_MS), 0);
  });

  const breakBroker = (scene: Scene) => {
    scene.closeDoor();
    scene.network.reset();
  };
  const breakSensor = (scene: Scene) => {
    scene.sensorFault = 'no-answer';
  };
  const patterns: readonly (readonly [what: string, changes: number, options: SceneOptions, act: (scene: Scene) => void])[] = [
    ['flashes every two seconds without a network set', 20, { settings: { wifi: '', wifiPassword: '' } }, () => {}],
    ['blinks twice a second without a network', 80, {}, (scene) => scene.networkDown()],
    ['blinks twice a second without a broker', 80, {}, breakBroker],
    ['flashes twice every two seconds without a sensor', 40, {}, breakSensor],
  ];
  for (const [what, changes, options, act] of patterns) {
    it(what, () => {
      const scene = startScene(options);
      scene.run(15_000);
      act(scene);
      scene.run(15_000);
      const counted = changesOfLed(scene, 20_000);
      assert.ok(Math.abs(counted - changes) <= 2, `${counted} changes in 20 s`);
    });
  }
});

describe('time of a board', () => {
  it('is refused where it is absurd, and taken from the house', () => {
    const scene = startScene({ knowsTime: false });
    untilOnline(scene);
    scene.broker.publish({ topic: 'maison/clock', payload: '86400', retain: false });
    scene.run(INTERVAL_MS);
    const times = () => payloadsOn(scene, `maison/${ROOM}/readings`).map((payload) => JSON.parse(payload).readings[0].time);
    assert.equal(times().at(-1), null);
    scene.broker.publish({ topic: 'maison/clock', payload: String(scene.epochSeconds), retain: false });
    scene.run(INTERVAL_MS);
    assert.ok(Math.abs(times().at(-1) - scene.epochSeconds) <= INTERVAL_MS / 1000);
  });
});
