// The simulator as its user knows it: what it prints, what it publishes, how it ends, and what it says of mistakes.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import { Climate } from '../../firmware/platform/simulated/climate.js';
import { EmbeddedBroker } from '../../host-sim/broker.js';
import { HELP } from '../../host-sim/options/help.js';
import { inParallel, type Test } from './support/in-parallel.js';
import { Listener } from './support/listener.js';
import { describeWithMosquitto, Mosquitto } from './support/mosquitto.js';
import { freePort } from './support/port.js';
import { ANY_PORTS, BROKER_ON_ANY_PORTS, Simulator, TemporaryHome } from './support/simulator.js';
import { Wiretap } from './support/wiretap.js';

const home = new TemporaryHome();
after(() => home.remove());

const BROKER_PORTS = { mqttPort: 0, wsPort: 0 };

/** Keys of each event, in their order (the README promises them). */
const EVENT_KEYS = {
  ready: ['event', 'mqttPort', 'wsPort', 'mqttsPort', 'wssPort', 'serialPort', 'broker', 'httpPort'],
  link: ['event', 'room', 'state'],
  reading: ['event', 'room', 'station', 'boot', 'seq', 'time', 'temperature', 'humidity'],
  acknowledged: ['event', 'room', 'boot', 'seq'],
  summary: ['event', 'measured', 'acknowledged', 'dropped', 'buffered', 'reconnects'],
};

/** One line on stderr that says all of `words` and the command to type. */
function assertOneSentence(stderr: string, words: readonly (string | RegExp)[]): void {
  assert.match(stderr, /^[^\n]+\n$/, `one line, not ${JSON.stringify(stderr)}`);
  assert.match(stderr, / Type: npm (?:start|run certificates)/);
  for (const word of words)
    assert.ok(typeof word === 'string' ? stderr.includes(word) : word.test(stderr), `${word} in: ${stderr}`);
}

/** Every reading that was measured is acknowledged, and the summary says so. */
function assertAllAcknowledged(simulator: Simulator): void {
  const [summary] = simulator.eventsOf('summary');
  assert.equal(summary?.measured, simulator.eventsOf('reading').length);
  assert.equal(summary?.acknowledged, summary?.measured);
  assert.deepEqual({ dropped: summary?.dropped, buffered: summary?.buffered }, { dropped: 0, buffered: 0 });
  const name = ({ room, seq }: { room: string; seq: number }) => `${room}/${seq}`;
  const acknowledged = simulator.eventsOf('acknowledged').map(name);
  assert.deepEqual(acknowledged.toSorted(), simulator.eventsOf('reading').map(name).toSorted());
}

/** Runs a simulator on a broker elsewhere, behind a wiretap, and ends both whatever happens. */
async function withBroker(
  args: readonly string[],
  body: (simulator: Simulator, broker: EmbeddedBroker, tap: Wiretap, listener: Listener) => Promise<void>,
): Promise<void> {
  const broker = await EmbeddedBroker.start(BROKER_PORTS);
  const tap = await Wiretap.start(broker.ports.mqttPort);
  const listener = await (await Listener.connect(broker.url)).subscribe('maison/#');
  const simulator = Simulator.start(home, ['--json', '--no-page', '--broker', tap.url, '--interval', '2', ...args]);
  try {
    await body(simulator, broker, tap, listener);
  } finally {
    await simulator.end('SIGKILL');
    await listener.leave();
    await tap.close();
    await broker.close();
  }
}

/** What a newcomer to the broker is told of the topics under `filter`: the retained messages, by topic. */
async function retainedUnder(url: string, filter: string, last: string): Promise<Map<string, string>> {
  const listener = await (await Listener.connect(url)).subscribe(filter);
  await listener.until(() => listener.payloads(last).length > 0, last);
  await listener.leave();
  assert.ok(listener.heard.every(({ retain }) => retain));
  return new Map(listener.heard.map(({ topic, payload }) => [topic, payload]));
}

describe('simulator: help', () => {
  it('is printed in full, exit code 0', async () => {
    const simulator = Simulator.start(home, ['--help']);
    assert.deepEqual(await simulator.ended, { code: 0, signal: null });
    assert.equal(simulator.stdout, HELP);
    assert.equal(simulator.stderr, '');
  });

  it('names every option that there is', () => {
    const names = `rooms interval seed mqtt-port ws-port user password-file tls tls-port wss-port client-certs
      broker ca cert key mqtt clock station-key home-assistant serial duration json help`;
    for (const name of names.split(/\s+/)) assert.match(HELP, new RegExp(`^ +--${name}\\b`, 'm'));
  });

  it('names every option of the page', () => {
    for (const name of ['http-port', 'no-page', 'lan', 'data', 'window', 'publish-means', 'map']) {
      assert.match(HELP, new RegExp(`^ +--${name}\\b`, 'm'));
    }
  });
});

describe('simulator: with the broker inside', () => {
  inParallel([
    [
      '--json tells what happens, in order, and --duration ends with all acknowledged',
      async () => {
        const rooms = ['a', 'b', 'c'];
        const args = ['--rooms', rooms.join(','), '--seed', '7', '--interval', '2', '--duration', '5'];
        const simulator = Simulator.start(home, ['--json', ...ANY_PORTS, ...args]);
        assert.deepEqual(await simulator.ended, { code: 0, signal: null });
        assert.equal(simulator.stderr, '');
        const { events } = simulator;
        for (const event of events) assert.deepEqual(Object.keys(event), EVENT_KEYS[event.event]);
        assert.equal(events[0]?.event, 'ready');
        assert.equal(events.at(-1)?.event, 'summary');
        assert.equal(events.filter(({ event }) => event === 'ready' || event === 'summary').length, 2);
        assertAllAcknowledged(simulator);
        for (const room of rooms) assertRoom(simulator, room);
      },
    ],
    [
      'the same --seed measures the same; --rooms N numbers the rooms; a station keeps its id, a start has a boot of its own',
      async () => {
        const runs = [1, 2].map(() => {
          return Simulator.start(home, [
            '--json',
            ...ANY_PORTS,
            '--rooms',
            '3',
            '--seed',
            '42',
            '--interval',
            '2',
            '--duration',
            '4',
          ]);
        });
        await Promise.all(runs.map(({ ended }) => ended));
        for (const reading of runs.flatMap((run) => run.eventsOf('reading'))) {
          assertMeasured(reading, new Climate(42, reading.room), 1 + 2 * reading.seq);
        }
        const [first, second] = runs.map((run) => {
          return run.eventsOf('reading').flatMap(({ room, station, seq }) => (seq === 0 ? [`${room} ${station}`] : []));
        });
        assert.deepEqual(first, second);
        assert.deepEqual(
          first?.map((name) => name.split(' ')[0]),
          ['salle-1', 'salle-2', 'salle-3'],
        );
        const boots = runs.flatMap((run) => run.eventsOf('reading').map(({ boot }) => boot));
        assert.equal(new Set(boots).size, 6);
      },
    ],
    ['plain lines where the output is no terminal', plainLines],
    ['publishes the contract, over TCP and over WebSocket alike', publishesTheContract],
    [
      'ends when the reader of its output has gone',
      async () => {
        const simulator = Simulator.start(home, ['--json', ...ANY_PORTS, '--rooms', '1', '--interval', '2']);
        await simulator.ready();
        simulator.child.stdout?.destroy();
        assert.equal((await simulator.ended).signal, null);
        assert.equal(simulator.stderr, '');
      },
    ],
  ]);
});

/** The sensor was read at `second`, or a little later where this computer is busy. */
function assertMeasured(value: { temperature: number; humidity: number }, climate: Climate, second: number): void {
  const candidates = [second, second + 1].map((at) => climate.at(at));
  const isMeasured = candidates.some(({ temperatureTenths, humidityTenths }) => {
    return value.temperature === temperatureTenths / 10 && value.humidity === humidityTenths / 10;
  });
  assert.ok(isMeasured, `${JSON.stringify(value)} is none of ${JSON.stringify(candidates)}`);
}

/** The events of one room, in the order in which they must come, with the values of its climate. */
function assertRoom(simulator: Simulator, room: string): void {
  const events = simulator.events.filter((event) => 'room' in event && event.room === room);
  const readings = simulator.eventsOf('reading').filter((reading) => reading.room === room);
  const climate = new Climate(7, room);
  assert.ok(readings.length >= 2);
  readings.forEach(({ station, boot, seq, time, temperature, humidity }, index) => {
    assert.match(station, /^[0-9a-f]{12}$/);
    assert.ok(Number.isInteger(boot) && boot >= 0 && boot <= 0xffff_ffff);
    assert.equal(seq, index);
    assert.ok(Math.abs((time as number) - ((readings[0]?.time as number) + 2 * index)) <= 1);
    assertMeasured({ temperature, humidity }, climate, 1 + 2 * index);
    const measuredAt = events.findIndex((event) => event.event === 'reading' && event.seq === seq);
    const acknowledgedAt = events.findIndex((event) => event.event === 'acknowledged' && event.seq === seq);
    assert.ok(measuredAt < acknowledgedAt);
  });
  const links = events.flatMap((event) => (event.event === 'link' ? [event.state] : []));
  assert.deepEqual(links, ['up', 'down']);
}

async function plainLines(): Promise<void> {
  const simulator = Simulator.start(home, [...ANY_PORTS, '--interval', '2', '--duration', '4']);
  assert.equal((await simulator.ended).code, 0);
  assert.equal(simulator.stderr, '');
  const lines = simulator.stdout.trimEnd().split('\n');
  for (const line of lines) assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /);
  assert.match(lines[0] as string, / broker mqtt:\/\/127\.0\.0\.1:\d+, WebSocket port \d+$/);
  for (const room of ['salon', 'cuisine', 'chambre', 'bureau']) {
    assert.match(simulator.stdout, new RegExp(` ${room}: link up\n`));
    assert.match(simulator.stdout, new RegExp(` ${room}: measured -?\\d+\\.\\d °C, \\d+\\.\\d %\n`));
  }
  assert.match(lines.at(-1) as string, / measured (\d+), acknowledged \1, dropped 0, not delivered 0, reconnects 0$/);
}

async function publishesTheContract(): Promise<void> {
  const simulator = Simulator.start(home, ['--json', ...ANY_PORTS, '--rooms', 'salon', '--interval', '2']);
  const { mqttPort, wsPort, broker } = await simulator.ready();
  assert.equal(broker, `mqtt://127.0.0.1:${mqttPort}`);
  const urls = [broker, `ws://127.0.0.1:${wsPort}`];
  const listeners = await Promise.all(urls.map(async (url) => (await Listener.connect(url)).subscribe('maison/#')));
  await Promise.all(
    listeners.map((listener) => listener.until(() => listener.payloads('maison/salon/readings').length >= 2, 'two readings')),
  );
  for (const listener of listeners) assertValues(simulator, listener);
  const retained = await retainedUnder(broker, 'maison/salon/+', 'maison/salon/temperature');
  const kept = ['humidity', 'info', 'status', 'temperature'].map((quantity) => `maison/salon/${quantity}`);
  assert.deepEqual([...retained.keys()].toSorted(), kept);
  assert.equal(retained.get('maison/salon/status'), 'online');
  const [reading] = simulator.eventsOf('reading');
  assert.deepEqual(JSON.parse(retained.get('maison/salon/info') as string), {
    station: reading?.station,
    board: 'simulator',
    firmware: '0.1.0',
    sensor: 'DHT22 (simulated)',
    interval: 2,
    address: '127.0.0.1',
  });
  await Promise.all(listeners.map((listener) => listener.leave()));
  assert.deepEqual(await simulator.end('SIGINT'), { code: 0, signal: null });
  assertAllAcknowledged(simulator);
}

/** The values that `listener` heard are those that were measured, topic by topic, in order. */
function assertValues(simulator: Simulator, listener: Listener): void {
  const readings = simulator.eventsOf('reading');
  const batches = listener.payloads('maison/salon/readings').map((payload) => JSON.parse(payload));
  const heard = batches.flatMap(({ station, boot, readings }) =>
    readings.map((reading: object) => ({ station, boot, ...reading })),
  );
  const told = readings.slice(0, heard.length).map(({ event: _event, room: _room, ...reading }) => reading);
  assert.deepEqual(heard, told);
  const temperatures = listener.payloads('maison/salon/temperature');
  const humidities = listener.payloads('maison/salon/humidity');
  assert.ok(temperatures.length >= 2 && humidities.length >= 2);
  const first = (count: number) => readings.slice(0, count);
  assert.deepEqual(
    temperatures,
    first(temperatures.length).map(({ temperature }) => temperature.toFixed(1)),
  );
  assert.deepEqual(
    humidities,
    first(humidities.length).map(({ humidity }) => humidity.toFixed(1)),
  );
}

describe('simulator: with a broker elsewhere', () => {
  const endsCleanly = (signal: NodeJS.Signals): Test => [
    `${signal}: delivers all, says offline, and takes leave`,
    () =>
      withBroker(['--rooms', 'salon'], async (simulator, broker, tap, listener) => {
        await simulator.until(() => simulator.eventsOf('acknowledged').length >= 2, 'two acknowledged readings');
        assert.deepEqual(await simulator.end(signal), { code: 0, signal: null });
        assert.equal(simulator.stderr, '');
        assertAllAcknowledged(simulator);
        const status = 'maison/salon/status';
        await listener.until(() => listener.payloads(status).includes('offline'), 'offline');
        assert.deepEqual(listener.payloads(status), ['online', 'offline']);
        assert.equal((await retainedUnder(broker.url, status, status)).get(status), 'offline');
        const diagnostics = JSON.parse(listener.payloads('maison/salon/diagnostics')[0] ?? '{}');
        assert.deepEqual(Object.keys(diagnostics).slice(0, 4), ['uptime', 'resetCause', 'freeMemory', 'rssi']);
        assertWire(tap);
      }),
  ];

  inParallel([
    endsCleanly('SIGINT'),
    endsCleanly('SIGTERM'),
    [
      'SIGKILL: the broker says offline',
      () =>
        withBroker(['--rooms', 'salon'], async (simulator, _broker, _tap, listener) => {
          await simulator.until(() => simulator.eventsOf('acknowledged').length >= 1, 'an acknowledged reading');
          assert.deepEqual(await simulator.end('SIGKILL'), { code: null, signal: 'SIGKILL' });
          await listener.until(() => listener.payloads('maison/salon/status').at(-1) === 'offline', 'offline');
        }),
    ],
    [
      '--mqtt 3.1.1 does not try MQTT 5 first',
      () =>
        withBroker(['--rooms', 'salon', '--mqtt', '3.1.1'], async (simulator, _broker, tap) => {
          await simulator.until(() => simulator.eventsOf('acknowledged').length >= 1, 'an acknowledged reading');
          assert.deepEqual(
            tap.connects.map(({ protocolVersion }) => protocolVersion),
            [4],
          );
          assert.equal((await simulator.end()).code, 0);
        }),
    ],
    [
      '--mqtt 5 says so where the broker does not speak it',
      () =>
        withBroker(['--rooms', 'salon', '--mqtt', '5'], async (simulator) => {
          assert.equal((await simulator.ended).code, 1);
          assertOneSentence(simulator.stderr, ['does not speak this version of MQTT', '--mqtt auto']);
        }),
    ],
    ['one room, named from this computer, and no clock of its own', oneRoomWithoutClock],
    [
      '--clock publishes the time, not retained',
      () =>
        withBroker(['--rooms', 'salon', '--clock'], async (simulator, broker, _tap, listener) => {
          await simulator.ready();
          await listener.until(() => listener.payloads('maison/clock').length > 0, 'the time');
          const [payload = ''] = listener.payloads('maison/clock');
          assert.match(payload, /^\d{10}$/);
          assert.ok(Math.abs(Number(payload) - Date.now() / 1000) <= 2);
          await listener.until(() => listener.payloads('maison/salon/temperature').length > 0, 'a temperature');
          const retained = await retainedUnder(broker.url, 'maison/#', 'maison/salon/temperature');
          assert.ok(!retained.has('maison/clock'));
          assert.equal((await simulator.end()).code, 0);
        }),
    ],
    ['a broker that is cut and restored: link down, link up, nothing lost', survivesACut],
    ['a second signal ends at once, and what was not delivered is said', hurriedEnd],
  ]);
});

/** CONNECT with the will, then messages with the QoS and retain of the contract, then DISCONNECT. Aedes 1.2 refuses MQTT 5 first. */
function assertWire({ packets, connects, publishes }: Wiretap): void {
  const [refused, connect] = connects;
  assert.equal(connects.length, 2);
  assert.deepEqual(packets.slice(0, 2), connects);
  assert.equal(refused?.protocolVersion, 5);
  assert.equal(connect?.protocolVersion, 4);
  assert.equal(connect?.clean, true);
  assert.match(connect?.clientId as string, /^station-[0-9a-f]{12}$/);
  const will = { ...connect?.will, payload: connect?.will?.payload.toString() };
  assert.deepEqual(will, { retain: true, qos: 1, topic: 'maison/salon/status', payload: 'offline' });
  assert.equal(packets.at(-1)?.cmd, 'disconnect');
  const flags: Record<string, readonly [qos: number, retain: boolean]> = {
    temperature: [1, true],
    humidity: [1, true],
    readings: [1, false],
    status: [1, true],
    info: [1, true],
    diagnostics: [0, false],
  };
  for (const { topic, qos, retain, dup } of publishes) {
    assert.deepEqual([qos, retain, dup], [...(flags[topic.replace('maison/salon/', '')] ?? []), false], topic);
  }
}

function oneRoomWithoutClock(): Promise<void> {
  return withBroker([], async (simulator, _broker, tap, listener) => {
    const ready = await simulator.ready();
    const noPorts = { mqttPort: null, wsPort: null, mqttsPort: null, wssPort: null, serialPort: null, httpPort: null };
    assert.deepEqual(ready, { event: 'ready', ...noPorts, broker: tap.url });
    await simulator.until(() => simulator.eventsOf('acknowledged').length >= 1, 'an acknowledged reading');
    const [reading] = simulator.eventsOf('reading');
    const room = `room-${reading?.station.slice(-4)}`;
    assert.equal(reading?.room, room);
    assert.equal((await simulator.end()).code, 0);
    await listener.until(() => listener.payloads(`maison/${room}/status`).includes('offline'), 'offline');
    assert.ok(listener.heard.every(({ topic }) => topic.startsWith(`maison/${room}/`)));
  });
}

function survivesACut(): Promise<void> {
  return withBroker(['--rooms', 'salon'], async (simulator, broker) => {
    const links = () => simulator.eventsOf('link').map(({ state }) => state);
    await simulator.until(() => simulator.eventsOf('acknowledged').length >= 1, 'an acknowledged reading');
    await broker.cut();
    await simulator.until(() => links().includes('down'), 'link down');
    await broker.restore();
    await simulator.until(() => links().length === 3, 'link up again');
    assert.equal((await simulator.end()).code, 0);
    assertAllAcknowledged(simulator);
    assert.deepEqual(links(), ['up', 'down', 'up', 'down']);
    assert.equal(simulator.eventsOf('summary')[0]?.reconnects, 1);
  });
}

function hurriedEnd(): Promise<void> {
  return withBroker(['--rooms', 'salon'], async (simulator, broker) => {
    await simulator.until(() => simulator.eventsOf('link').length === 1, 'link up');
    await broker.cut();
    await simulator.until(() => simulator.eventsOf('reading').length >= 1, 'a reading');
    // Signals that come at once count as one, so this asks until it is heard.
    const asking = setInterval(() => simulator.child.kill('SIGINT'), 100);
    const ending = await simulator.ended;
    clearInterval(asking);
    assert.deepEqual(ending, { code: 1, signal: null });
    assert.match(simulator.stderr, /^Not every reading was acknowledged: .* not delivered [1-9].*\.\n$/);
    const [summary] = simulator.eventsOf('summary');
    assert.ok(summary && summary.buffered > 0);
    assert.equal(summary.measured, summary.acknowledged + summary.dropped + summary.buffered);
  });
}

describeWithMosquitto('simulator: with Mosquitto', () => {
  // Nothing on this computer has it by chance.
  const login = { user: 'classe', password: 'Zwölf Boxkämpfer 4711' };
  const passwordFile = join(home.directory, 'password');
  writeFileSync(passwordFile, `${login.password}\nnot this line\n`, { mode: 0o600 });

  /** What other users of this computer see of a process. */
  const commandLine = ({ child }: Simulator) => {
    const file = `/proc/${child.pid}/cmdline`;
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  const logsIn = (how: string, args: readonly string[], environment: NodeJS.ProcessEnv): Test => [
    `login ${how}; the password is shown nowhere`,
    async () => {
      const broker = await Mosquitto.serve(login);
      const args_ = ['--json', '--no-page', '--broker', broker.url, '--rooms', 'salon', '--interval', '2', ...args];
      const simulator = Simulator.start(home, args_, environment);
      try {
        await simulator.until(() => simulator.eventsOf('acknowledged').length >= 1, 'an acknowledged reading');
        const seen = commandLine(simulator);
        assert.deepEqual(await simulator.end(), { code: 0, signal: null });
        assertAllAcknowledged(simulator);
        assert.ok(![seen, simulator.stdout, simulator.stderr].some((text) => text.includes(login.password)));
      } finally {
        await simulator.end('SIGKILL');
        await broker.close();
      }
    },
  ];

  const refused = (what: string, args: readonly string[], environment: NodeJS.ProcessEnv): Test => [
    `${what} is refused, in one sentence`,
    async () => {
      const broker = await Mosquitto.serve(login);
      const simulator = Simulator.start(home, ['--json', '--no-page', '--broker', broker.url, ...args], environment);
      const { code } = await simulator.ended;
      await broker.close();
      assert.equal(code, 1);
      assertOneSentence(simulator.stderr, [broker.url, 'refuses this login', '--user NAME --password-file FILE']);
      assert.ok(![simulator.stdout, simulator.stderr].some((text) => text.includes('geheim')));
    },
  ];

  inParallel([
    logsIn('from --user and --password-file', ['--user', login.user, '--password-file', passwordFile], {}),
    logsIn('from the environment', [], { STATION_METEO_USER: login.user, STATION_METEO_PASSWORD: login.password }),
    refused('a wrong password', ['--user', login.user], { STATION_METEO_PASSWORD: 'geheim' }),
    refused('no login', [], {}),
    ['SIGKILL: the broker says offline', killedOnMosquitto],
  ]);
});

async function killedOnMosquitto(): Promise<void> {
  const broker = await Mosquitto.serve();
  const listener = await (await Listener.connect(broker.url)).subscribe('maison/+/status');
  const simulator = Simulator.start(home, [
    '--json',
    '--no-page',
    '--broker',
    broker.url,
    '--rooms',
    'salon,cuisine',
    '--interval',
    '2',
  ]);
  try {
    await simulator.until(() => simulator.eventsOf('link').length === 2, 'two rooms up');
    await listener.until(() => listener.heard.length === 2, 'two rooms online');
    await simulator.end('SIGKILL');
    await listener.until(() => listener.heard.length === 4, 'two rooms offline');
    for (const room of ['salon', 'cuisine']) {
      assert.deepEqual(listener.payloads(`maison/${room}/status`), ['online', 'offline']);
    }
  } finally {
    await simulator.end('SIGKILL');
    await listener.leave();
    await broker.close();
  }
}

describe('simulator: what cannot work', () => {
  const withTakenPort = async (option: string): Promise<void> => {
    const server = createServer().listen(0, '127.0.0.1');
    const port = await new Promise<number>((resolve) => {
      server.on('listening', () => resolve((server.address() as { port: number }).port));
    });
    const simulator = Simulator.start(home, [...BROKER_ON_ANY_PORTS, '--http-port', '0', option, String(port)]);
    const { code } = await simulator.ended;
    server.close();
    assert.equal(code, 1);
    assert.equal(simulator.stdout, '');
    assertOneSentence(simulator.stderr, [String(port), 'is taken', `npm start -- ${option} 0`]);
  };

  inParallel([
    ['an MQTT port that is taken', () => withTakenPort('--mqtt-port')],
    ['a WebSocket port that is taken', () => withTakenPort('--ws-port')],
    ["a page's port that is taken", () => withTakenPort('--http-port')],
    [
      'a broker that does not answer',
      async () => {
        const url = `mqtt://127.0.0.1:${await freePort()}`;
        const simulator = Simulator.start(home, ['--json', '--no-page', '--broker', url]);
        assert.equal((await simulator.ended).code, 1);
        assertOneSentence(simulator.stderr, [url, 'No MQTT broker answers']);
      },
    ],
    [
      'a host that nobody knows',
      async () => {
        const simulator = Simulator.start(home, ['--json', '--no-page', '--broker', 'mqtt://broker.invalid']);
        assert.equal((await simulator.ended).code, 1);
        assertOneSentence(simulator.stderr, ['mqtt://broker.invalid', 'not known']);
      },
    ],
  ]);
});

describe('simulator: options that are not allowed', () => {
  /** How many programs start at the same time. */
  const SIDE_BY_SIDE = 4;
  const room = /one topic level of 1 to 64 bytes without \+ # \//;
  const rows: readonly (readonly [args: readonly string[], words: readonly (string | RegExp)[]])[] = [
    [
      ['--interval', '1'],
      ['--interval', '"1"', 'from 2 to 86400'],
    ],
    [
      ['--interval', 'x'],
      ['--interval', '"x"', 'from 2 to 86400'],
    ],
    [
      ['--interval', '2.5'],
      ['--interval', '"2.5"', 'from 2 to 86400'],
    ],
    [['--interval'], ['--interval', 'missing']],
    [
      ['--rooms', 'a+b'],
      ['--rooms', '"a+b"', room],
    ],
    [
      ['--rooms', 'a/b'],
      ['--rooms', '"a/b"', room],
    ],
    [
      ['--rooms', '$a'],
      ['--rooms', '"$a"', room],
    ],
    [
      ['--rooms', 'a'.repeat(65)],
      ['--rooms', room],
    ],
    [
      ['--rooms', ''],
      ['--rooms', '""', room],
    ],
    [
      ['--rooms', 'a,,b'],
      ['--rooms', '""', room],
    ],
    [
      ['--rooms', 'a,b,a'],
      ['--rooms', '"a" is named twice', '--rooms a,b'],
    ],
    [
      ['--rooms', '0'],
      ['--rooms', '"0"', 'from 1 to 1000'],
    ],
    [
      ['--rooms', '1001'],
      ['--rooms', '"1001"', 'from 1 to 1000'],
    ],
    [['--seed', '-1'], ['--seed']],
    [['--seed=-1'], ['--seed', '"-1"', 'from 0 to 4294967295']],
    [
      ['--duration', '0'],
      ['--duration', '"0"', 'from 1 to 604800'],
    ],
    [
      ['--mqtt-port', '70000'],
      ['--mqtt-port', '"70000"', 'from 0 to 65535'],
    ],
    [
      ['--ws-port', '-'],
      ['--ws-port', '"-"', 'from 0 to 65535'],
    ],
    [
      ['--room', 'salon'],
      ["Unknown option '--room'", '--help'],
    ],
    [['salon'], ["'salon'", '--help']],
    [
      ['--user', 'classe'],
      ['user and password', 'STATION_METEO_PASSWORD is missing', '--password-file FILE'],
    ],
    [
      ['--ca', 'ca.crt'],
      ['--ca', '--broker', '--tls'],
    ],
    [['--client-certs'], ['--client-certs', '--tls DIR']],
    [
      ['--tls-port', '0'],
      ['--tls-port', '--tls DIR'],
    ],
    [
      ['--tls', 'no-such-folder'],
      ['--tls', 'ca.crt', 'no such file', 'npm run certificates'],
    ],
    [
      ['--tls', 'x', '--tls-port', '70000'],
      ['--tls-port', '"70000"', 'from 0 to 65535'],
    ],
    [
      ['--broker', 'mqtts://127.0.0.1', '--tls', 'x'],
      ['--tls', 'is for the broker inside'],
    ],
    [
      ['--broker', 'mqtt://127.0.0.1', '--ca', 'x'],
      ['--ca', 'is for TLS', '--broker mqtts://127.0.0.1 --ca x'],
    ],
    [['--broker', 'mqtts://127.0.0.1', '--cert', 'x'], ['--cert and --key go together']],
    [
      ['--broker', 'mqtts://127.0.0.1', '--ca', 'no-such-file'],
      ['--ca', '"no-such-file"', 'no such file'],
    ],
    [
      ['--broker', 'wss://127.0.0.1', '--ca', 'package.json'],
      ['--ca', '"package.json"', 'holds no certificate'],
    ],
    [['--clock'], ['--clock', '--broker']],
    [
      ['--mqtt', '4'],
      ['--mqtt', '"4"', 'auto, 5, 3.1.1'],
    ],
    [
      ['--mqtt', '5'],
      ['--mqtt', 'broker inside', '--broker'],
    ],
    [
      ['--broker', 'http://127.0.0.1'],
      ['--broker', '"http://127.0.0.1"', 'wss://host'],
    ],
    [
      ['--broker', 'mqtt://127.0.0.1:0'],
      ['--broker', '"mqtt://127.0.0.1:0"', 'mqtts://host'],
    ],
    [
      ['--broker', 'mqtt://classe:geheim@127.0.0.1'],
      ['--broker', 'password', '--password-file', 'STATION_METEO_PASSWORD'],
    ],
    [
      ['--broker', 'classe:geheim@127.0.0.1'],
      ['--broker', 'password', '--password-file'],
    ],
    [
      ['--broker', 'mqtts://classe@geheim@127.0.0.1'],
      ['--broker', 'password', '--password-file'],
    ],
    [
      ['--broker', 'mqtt://127.0.0.1/geheim@'],
      ['--broker', 'password', '--password-file'],
    ],
    [
      ['--broker', 'mqtt://classe@127.0.0.1', '--user', 'classe'],
      ['twice', '--user NAME'],
    ],
    [
      ['--broker', 'mqtt://cl%asse@127.0.0.1'],
      ['user name', '--user NAME'],
    ],
    [['mqtt://classe:geheim@127.0.0.1'], ['login']],
    [
      ['--broker', 'mqtt://127.0.0.1', '--ws-port', '0'],
      ['--ws-port', '--broker'],
    ],
    [
      ['--broker', 'mqtt://127.0.0.1', '--mqtt-port', '0'],
      ['--mqtt-port', '--broker'],
    ],
    [
      ['--http-port', '70000'],
      ['--http-port', '"70000"', 'from 0 to 65535'],
    ],
    [
      ['--window', '0'],
      ['--window', '"0"', 'from 1 to 86400'],
    ],
    [
      ['--map', '/a/b=salon'],
      ['--map', '"/a/b=salon"', '{quantity}'],
    ],
    [
      ['--map', '/a/{quantity}=a/b'],
      ['--map', '"/a/{quantity}=a/b"', '{quantity}'],
    ],
    [
      ['--broker', 'mqtt://127.0.0.1', '--user', 'classe', '--password-file', 'no-such-file'],
      ['"no-such-file"', 'no such file'],
    ],
  ];

  const tests = rows.map(([args, words]): Test => {
    const run = async () => {
      const simulator = Simulator.start(home, args);
      assert.deepEqual(await simulator.ended, { code: 2, signal: null });
      assert.equal(simulator.stdout, '');
      assertOneSentence(simulator.stderr, words);
      assert.ok(!simulator.stderr.includes('geheim'));
    };
    return [args.join(' '), run];
  });
  inParallel(tests, SIDE_BY_SIDE);
});
