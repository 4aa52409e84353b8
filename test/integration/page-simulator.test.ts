// The page of `npm start`, as its user starts it: what can be broken, what comes back, and what is kept over a restart.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import type { ExportRow, House, SimulatorState, VirtualRoom } from '../../host-sim/page/api.js';
import { EventReader } from './support/event-reader.js';
import { inParallel, type Test } from './support/in-parallel.js';
import { Listener } from './support/listener.js';
import { BROKER_ON_ANY_PORTS, Simulator, TemporaryHome } from './support/simulator.js';

const home = new TemporaryHome();
after(() => home.remove());

interface RunningPage {
  readonly simulator: Simulator;
  readonly url: string;
  readonly broker: string;
  readonly events: EventReader<'simulator'>;
  post(path: string, body: object): Promise<number>;
  /** Resolves as soon as the virtual rooms are as `isSo` wants them. */
  until(isSo: (state: SimulatorState) => boolean, what: string): Promise<void>;
}

/** Starts a simulator with `args`, and ends it whatever `body` does. */
async function withPage(args: readonly string[], body: (page: RunningPage) => Promise<void>): Promise<void> {
  const simulator = Simulator.start(home, ['--json', ...BROKER_ON_ANY_PORTS, '--http-port', '0', '--interval', '2', ...args]);
  try {
    const { httpPort, broker } = await simulator.ready();
    const url = `http://127.0.0.1:${httpPort}`;
    const events = await EventReader.open<'simulator'>(`${url}/api/events?streams=simulator`);
    const post = async (path: string, data: object) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(data) })).status;
    };
    const until = (isSo: (state: SimulatorState) => boolean, what: string) => {
      return events.until(() => events.of('simulator').slice(-1).some(isSo), what);
    };
    await body({ simulator, url, broker, events, post, until });
    events.close();
  } finally {
    await simulator.end('SIGKILL');
  }
}

const isRoom = (name: string, isSo: (room: VirtualRoom) => boolean) => (state: SimulatorState) => {
  return state.rooms.some((room) => room.room === name && isSo(room));
};
const isOnline = isRoom('salon', ({ link, acknowledged }) => link === 'online' && acknowledged > 0);

async function exported(url: string): Promise<ExportRow[]> {
  return (await (await fetch(`${url}/api/export.json`)).json()) as ExportRow[];
}

const nameOf = ({ room, boot, seq }: { room: string; boot: number | null; seq: number | null }) => `${room} ${boot} ${seq}`;

/** Resolves as soon as what is recorded is as `isEnough` wants it. */
async function untilRecorded(
  { url }: RunningPage,
  isEnough: (names: readonly string[]) => boolean,
  what: string,
): Promise<ExportRow[]> {
  for (let tries = 0; ; tries++) {
    const rows = await exported(url);
    const names = rows.map(nameOf);
    if (isEnough(names)) {
      assert.equal(new Set(names).size, names.length);
      return rows;
    }
    assert.ok(tries < 200, `not ${what} in ${names}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Every reading that was measured up to now is recorded, once; resolves when that is so. */
function untilAllRecorded(page: RunningPage): Promise<ExportRow[]> {
  const wanted = page.simulator.eventsOf('reading').map(nameOf);
  return untilRecorded(page, (names) => wanted.every((name) => names.includes(name)), `all of ${wanted}`);
}

/** A reading that is measured only after this call is recorded; resolves when that is so. */
function untilNewRecorded(page: RunningPage): Promise<ExportRow[]> {
  const known = new Set(page.simulator.eventsOf('reading').map(nameOf));
  return untilRecorded(page, (names) => names.some((name) => !known.has(name)), 'a new reading');
}

describe('page: breaking things', function () {
  // A simulator takes seconds to start on a busy machine, and a room seconds to measure.
  this.timeout(90_000);
  const tests: readonly Test[] = [
    [
      'a Wi-Fi that is cut: the room buffers, and all of it arrives afterwards, marked as late',
      () =>
        withPage(['--rooms', 'salon'], async (page) => {
          await page.until(isOnline, 'the room online');
          assert.equal(await page.post('rooms/salon/wifi', { isUp: false }), 200);
          await page.until(
            isRoom('salon', ({ link, buffered }) => link === 'wifi-cut' && buffered >= 5),
            'a full buffer',
          );
          assert.equal(await page.post('rooms/salon/wifi', { isUp: true }), 200);
          await page.until(
            isRoom('salon', ({ link, buffered }) => link === 'online' && buffered === 0),
            'an empty buffer',
          );
          const rows = await untilAllRecorded(page);
          assert.ok(rows.some(({ backfilled }) => backfilled));
        }),
    ],
    [
      'a sensor that is unplugged: no readings, counted faults, and readings again',
      () =>
        withPage(['--rooms', 'salon'], async (page) => {
          await page.until(isOnline, 'the room online');
          assert.equal(await page.post('rooms/salon/sensor', { isPlugged: false }), 200);
          await page.until(
            isRoom('salon', ({ sensorFaults }) => sensorFaults > 0),
            'a fault of the sensor',
          );
          const before = page.simulator.eventsOf('reading').length;
          assert.equal(await page.post('rooms/salon/sensor', { isPlugged: true }), 200);
          await page.simulator.until(() => page.simulator.eventsOf('reading').length > before, 'a reading');
        }),
    ],
    [
      'power that is pulled: the will, and another boot of the same station',
      () =>
        withPage(['--rooms', 'salon'], async (page) => {
          await page.until(isOnline, 'the room online');
          const witness = await (await Listener.connect(page.broker)).subscribe('maison/salon/status');
          assert.equal(await page.post('rooms/salon/power', {}), 200);
          await witness.until(() => witness.heard.filter(({ retain }) => !retain).length >= 2, 'offline and online');
          const statuses = witness.heard.filter(({ retain }) => !retain).map(({ payload }) => payload);
          assert.deepEqual(statuses.slice(0, 2), ['offline', 'online']);
          const boots = () => new Set(page.simulator.eventsOf('reading').map(({ boot }) => boot));
          await page.simulator.until(() => boots().size === 2, 'a second boot');
          assert.equal(new Set(page.simulator.eventsOf('reading').map(({ station }) => station)).size, 1);
          await witness.leave();
        }),
    ],
    [
      'a broker that is stopped with its sessions, and one that forgets everything',
      () =>
        withPage(['--rooms', 'salon'], async (page) => {
          await page.until(isOnline, 'the room online');
          const sessionAfter = async (keepsSessions: boolean) => {
            const subscriber = { clientId: `kept-${keepsSessions}`, clean: false };
            await (await (await Listener.connect(page.broker, subscriber)).subscribe('maison/#')).leave();
            assert.equal(await page.post('broker', { isUp: false, keepsSessions }), 200);
            await page.until(({ broker }) => !broker.isUp, 'the broker down');
            await assert.rejects(Listener.connect(page.broker));
            assert.equal(await page.post('broker', { isUp: true }), 200);
            const again = await Listener.connect(page.broker, subscriber);
            await again.leave();
            return again.sessionPresent;
          };
          assert.equal(await sessionAfter(true), true);
          await untilAllRecorded(page);
          assert.equal(await sessionAfter(false), false);
          await page.until(
            isRoom('salon', ({ link, buffered }) => link === 'online' && buffered === 0),
            'the room back',
          );
          // What the broker had acknowledged to the room and not yet passed on, it forgot with the rest.
          await untilNewRecorded(page);
        }),
    ],
    [
      'a room more, and the weather',
      () =>
        withPage(['--rooms', 'salon', '--seed', '7'], async (page) => {
          assert.equal(await page.post('rooms', { room: 'grenier' }), 200);
          assert.equal(await page.post('rooms', { room: 'grenier' }), 409);
          assert.equal(await page.post('rooms', { room: 'a/b' }), 400);
          await page.until(
            isRoom('grenier', ({ acknowledged }) => acknowledged > 0),
            'the new room',
          );
          const first = page.simulator.eventsOf('reading').find(({ room }) => room === 'grenier')?.temperature as number;
          assert.equal(await page.post('weather', { temperature: -15, humidity: 10 }), 200);
          const isColder = () =>
            page.simulator.eventsOf('reading').some(({ room, temperature }) => room === 'grenier' && temperature < first - 3);
          await page.simulator.until(isColder, 'a colder room');
          assert.equal(await page.post('weather', { temperature: -16, humidity: 0 }), 400);
          assert.equal(await page.post('rooms/nowhere/wifi', { isUp: false }), 409);
        }),
    ],
  ];
  inParallel(tests, 2);
});

describe('page: a recording that is kept', () => {
  it('over a restart with --data, with nothing twice; without it, nothing is kept', async function () {
    this.timeout(120_000);
    const data = join(home.directory, 'data');
    let kept: ExportRow[] = [];
    await withPage(['--rooms', 'salon', '--data', data], async (page) => {
      await page.until(
        isRoom('salon', ({ acknowledged }) => acknowledged >= 2),
        'two readings',
      );
      kept = await untilAllRecorded(page);
      assert.equal((await page.simulator.end('SIGINT')).code, 0);
    });
    await withPage(['--rooms', 'cuisine', '--data', data], async (page) => {
      const rows = await exported(page.url);
      const bySeq = ({ room, boot, seq }: ExportRow) => `${room} ${boot} ${seq}`;
      for (const row of kept) assert.ok(rows.map(bySeq).includes(bySeq(row)));
      const { rooms } = (await (await fetch(`${page.url}/api/house`)).json()) as House;
      assert.ok(rooms.some(({ room, newest }) => room === 'salon' && newest !== null));
      const second = Simulator.start(home, [...BROKER_ON_ANY_PORTS, '--http-port', '0', '--data', data]);
      assert.equal((await second.ended).code, 1);
      assert.match(second.stderr, /^Option --data: .* is in use by another program .*Type: npm start -- --data DIR/);
    });
    await withPage(['--rooms', 'bureau'], async (page) => {
      const { rooms } = (await (await fetch(`${page.url}/api/house`)).json()) as House;
      assert.ok(!rooms.some(({ room }) => room === 'salon'));
    });
  });
});
