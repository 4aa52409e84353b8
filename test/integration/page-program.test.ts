// `npm run page` as its user starts it, over a real Mosquitto: a class with boards and a broker of its own.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, it } from 'mocha';
import { PAGE_HELP } from '../../host-sim/options/page-program.js';
import type { Config, ExportRow, House } from '../../host-sim/page/api.js';
import { Listener } from './support/listener.js';
import { describeWithMosquitto, Mosquitto } from './support/mosquitto.js';
import { Simulator, TemporaryHome } from './support/simulator.js';
import { until } from './support/until.js';

const PROGRAM = fileURLToPath(new URL('../../host-sim/page/main.js', import.meta.url));
const WAIT_LIMIT_MS = 20_000;

/** A program takes seconds to start on a busy machine. */
const TEST_LIMIT_MS = 90_000;

describeWithMosquitto('page: npm run page', () => {
  const home = new TemporaryHome();
  const login = { user: 'classe', password: 'Zwölf Boxkämpfer 4711' };
  const passwordFile = join(home.directory, 'password');
  writeFileSync(passwordFile, `${login.password}\n`);
  after(() => home.remove());

  const start = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) => Simulator.start(home, args, environment, PROGRAM);

  const urlOf = async (program: Simulator) => `http://127.0.0.1:${(await program.ready()).httpPort}`;

  it('records with MQTT 5, which tells when a value was measured; what comes while it is away waits at the broker', async () => {
    const broker = await Mosquitto.serve(login);
    const data = join(home.directory, 'class');
    const args = [
      '--json',
      '--broker',
      broker.url,
      '--user',
      login.user,
      '--password-file',
      passwordFile,
      '--http-port',
      '0',
      '--data',
      data,
    ];
    const publisher = await Listener.connect(broker.url, { username: login.user, password: login.password, protocolVersion: 5 });
    const publish = (payload: string, time: string) => {
      const properties = { userProperties: { time } };
      return publisher.client.publishAsync('maison/salon/temperature', payload, { qos: 1, properties });
    };
    const measuredAt = Math.floor(Date.now() / 1000) - 1_000;
    const rowsOf = async (url: string) => (await (await fetch(`${url}/api/export.json?from=0`)).json()) as ExportRow[];
    const first = start(args);
    const url = await urlOf(first);
    const config = (await (await fetch(`${url}/api/config`)).json()) as Config;
    assert.deepEqual(
      [config.mqtt.needsLogin, config.needsLogin, config.canBreak, config.hasBrokerEvents],
      [true, false, false, false],
    );
    const browser = await Listener.connect(`${url.replace('http', 'ws')}/mqtt`, { username: login.user, password: login.password });
    await browser.leave();
    // Published until it is heard, because the recorder subscribes in its own time.
    const rows = async () => (await rowsOf(url)).length;
    for (let tries = 0; (await rows()) === 0 && tries < 100; tries++) {
      await publish('20.5', String(measuredAt));
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.equal((await first.end('SIGINT')).code, 0);
    await publish('21.5', String(measuredAt + 10));
    const second = start(args);
    const again = await urlOf(second);
    let kept: ExportRow[] = [];
    const look = setInterval(async () => {
      kept = await rowsOf(again);
    }, 200);
    await until(() => kept.length === 2, 'both values, each once', WAIT_LIMIT_MS);
    clearInterval(look);
    const expected = [measuredAt, measuredAt + 10].map((time) => new Date(time * 1000).toISOString());
    assert.deepEqual(
      kept.map(({ time, temperature }) => [time, temperature]),
      [
        [expected[0], 20.5],
        [expected[1], 21.5],
      ],
    );
    await second.end();
    await publisher.leave();
    await broker.close();
  }).timeout(TEST_LIMIT_MS);

  it('keeps readings in a directory of the user, one for each broker, and reads other topics', async () => {
    const broker = await Mosquitto.serve();
    const template = ['--template', 'ecole/{room}/mesures/{quantity}', '--map', '/UPSSITECH/Weather_Station/{quantity}=upssitech'];
    const program = start(['--json', '--broker', broker.url, '--http-port', '0', ...template]);
    const url = await urlOf(program);
    const publisher = await Listener.connect(broker.url);
    let rooms: string[] = [];
    const look = setInterval(async () => {
      await publisher.client.publishAsync('ecole/labo/mesures/humidity', '50', { qos: 1 });
      await publisher.client.publishAsync('/UPSSITECH/Weather_Station/temperature', '19.5', { qos: 1 });
      const house = (await (await fetch(`${url}/api/house`)).json()) as House;
      rooms = house.rooms.map(({ room }) => room).toSorted();
    }, 300);
    await until(() => rooms.length === 2, 'both rooms', WAIT_LIMIT_MS);
    clearInterval(look);
    assert.deepEqual(rooms, ['labo', 'upssitech']);
    assert.equal((await program.end()).code, 0);
    const port = new URL(broker.url).port;
    assert.ok(existsSync(join(home.directory, 'data', 'station-meteo', `127.0.0.1_${port}`, 'recording.db')));
    await publisher.leave();
    await broker.close();
  }).timeout(TEST_LIMIT_MS);

  it('says in one sentence what is wrong, and what to type', async () => {
    const broker = await Mosquitto.serve(login);
    const rows: readonly (readonly [args: readonly string[], code: number, words: RegExp])[] = [
      [['--help'], 0, /^$/],
      [[], 2, /^Option --broker is missing.* Type: npm run page -- --broker mqtt:\/\/ADDRESS\n$/],
      [['--broker', 'http://x'], 2, /^Option --broker: .* Type: npm run page -- --help\n$/],
      [['--broker', broker.url, '--rooms', '4'], 2, /^Unknown option '--rooms'.* Type: npm run page -- --help\n$/],
      [
        ['--broker', broker.url, '--http-port', '0'],
        1,
        /^The broker at .* refuses this login\. Type: npm run page -- --broker .* --user NAME --password-file FILE\n$/,
      ],
    ];
    for (const [args, code, words] of rows) {
      const program = start(args);
      assert.equal((await program.ended).code, code, args.join(' '));
      assert.match(program.stderr, words);
      if (args[0] === '--help') assert.equal(program.stdout, PAGE_HELP);
    }
    await broker.close();
  }).timeout(TEST_LIMIT_MS);
});
