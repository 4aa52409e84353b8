// A virtual board is set up by its serial line and by commands, as a real one is, and no secret of it is ever seen again.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'mocha';
import { inParallel } from './support/in-parallel.js';
import { Listener } from './support/listener.js';
import { describeWithMosquitto, Mosquitto } from './support/mosquitto.js';
import { describeWithPrograms } from './support/program.js';
import { SerialPort } from './support/serial-port.js';
import { ANY_PORTS, Simulator, TemporaryHome } from './support/simulator.js';

const home = new TemporaryHome();
after(() => home.remove());

/** What must never be seen: each stands for itself. */
const SECRETS = {
  stationKey: 'clef-EEyvOMLZ',
  password: 'mot-de-passe-0GsE7nXm',
  wifiPassword: 'sans-fil-1vuZbEeT',
  wifi2Password: 'sans-fil-bis-NuSBQ4mU',
  newKey: 'nouvelle-clef-aB3xQ9rT',
};

interface House {
  readonly simulator: Simulator;
  readonly listener: Listener;
  readonly serial: SerialPort;
}

/** A house whose rooms have a key, and whose first room has a serial line. */
async function withHouse(name: string, body: (house: House) => Promise<void>): Promise<void> {
  const [keyFile, passwordFile] = ['key', 'password'].map((kind) => join(home.directory, `${name}-${kind}`)) as [string, string];
  writeFileSync(keyFile, `${SECRETS.stationKey}\n`);
  writeFileSync(passwordFile, `${SECRETS.password}\n`);
  const login = ['--user', 'classe', '--password-file', passwordFile];
  const rooms = ['--rooms', 'salon,cuisine', '--interval', '2', '--station-key', keyFile, '--serial', '0'];
  const simulator = Simulator.start(home, ['--json', ...ANY_PORTS, ...rooms, ...login]);
  const { mqttPort, serialPort } = await simulator.ready();
  const listener = await Listener.connect(`mqtt://127.0.0.1:${mqttPort}`, { username: 'classe', password: SECRETS.password });
  await listener.subscribe('#');
  const serial = await SerialPort.open(home.directory, serialPort as number);
  try {
    await body({ simulator, listener, serial });
  } finally {
    await serial.close();
    await listener.leave();
    await simulator.end('SIGKILL');
  }
}

/** Says `command` to `room`, and waits for the `count`th answer. */
async function ask({ listener }: House, room: string, command: string, payload: object, count: number) {
  await listener.client.publishAsync(`maison/${room}/command/${command}`, JSON.stringify(payload), { qos: 1 });
  const answers = () => listener.payloads(`maison/${room}/response`);
  await listener.until(() => answers().length >= count, `${count} answers of ${room}`);
  return JSON.parse(answers()[count - 1] as string) as Record<string, unknown>;
}

async function setsUp(house: House): Promise<void> {
  const { simulator, listener, serial } = house;
  const { info } = (await serial.type('{"get":"info"}')) as { info: Record<string, unknown> };
  assert.equal(info['room'], 'salon');
  await listener.until(() => listener.payloads('maison/salon/temperature').length > 0, 'a value of the salon');
  const refusal = await serial.type('{"set":{"room":"a/b","interval":3}}');
  assert.match(String(refusal['error']), /^setting room: "a\/b" is not allowed; allowed: one topic level/);
  assert.deepEqual(await serial.type('{"set":{"room":"école","interval":3}}'), { ok: true });
  assert.deepEqual(await serial.type('{"restart":true}'), { ok: true });
  const cleared = () => listener.heard.filter(({ topic, payload }) => topic.startsWith('maison/salon/') && payload === '');
  await listener.until(() => cleared().length === 4, 'the old room is cleared');
  await simulator.until(() => simulator.eventsOf('reading').some(({ room }) => room === 'école'), 'a reading of the new room');
  // By itself, at its start.
  assert.ok(serial.answers.some(({ info }) => (info as { room?: string } | undefined)?.room === 'école'));
  const { settings } = (await serial.type('{"get":"settings"}')) as { settings: Record<string, unknown> };
  const { room, interval, stationKey, wifi2Password } = settings;
  assert.deepEqual(
    { room, interval, stationKey, wifi2Password },
    { room: 'école', interval: 3, stationKey: true, wifi2Password: false },
  );
}

async function keepsSecrets(house: House): Promise<void> {
  const { simulator, listener, serial } = house;
  const { newKey, stationKey, password, ...secrets } = SECRETS;
  await listener.until(() => listener.payloads('maison/salon/temperature').length > 0, 'a value of the salon');
  // Set over USB, refused over USB, read over USB.
  await serial.type(JSON.stringify({ set: { ...secrets, wifi2: 'voisins' } }));
  await serial.type(JSON.stringify({ set: { ...secrets, wifi2: 7 } }));
  await serial.type(JSON.stringify({ set: { wifiPasword: secrets.wifiPassword } }));
  await serial.type(JSON.stringify({ set: { wifiPassword: [secrets.wifiPassword] } }));
  await serial.type('{"get":"settings"}');
  await serial.type('{"get":"info"}');
  // The same over MQTT, where whoever asks is heard by everybody: the answers must not repeat it.
  const key = stationKey;
  assert.ok((await ask(house, 'cuisine', 'settings', { key, ...secrets, wifi2: 7 }, 1))['error']);
  assert.ok((await ask(house, 'cuisine', 'settings', { key: newKey, ...secrets }, 2))['error']);
  assert.ok((await ask(house, 'cuisine', 'interval', { key, interval: 2, stationKey: newKey }, 3))['error']);
  assert.equal((await ask(house, 'cuisine', 'settings', { key, stationKey: newKey, id: 1 }, 4))['state'], 'trying');
  await listener.until(() => listener.payloads('maison/cuisine/response').length >= 5, 'the outcome');
  assert.ok((await ask(house, 'cuisine', 'interval', { key, interval: 2 }, 6))['error'], 'the old key is none any more');
  await listener.until(() => listener.payloads('maison/cuisine/diagnostics').length >= 2, 'diagnostics of both starts');
  const title = readFileSync(`/proc/${simulator.child.pid}/cmdline`, 'latin1');
  const ending = await simulator.end('SIGINT');
  assert.deepEqual(ending, { code: 0, signal: null });
  const published = listener.heard.filter(({ topic }) => !topic.includes('/command/')).map(({ topic, payload }) => topic + payload);
  const seen = [...published, simulator.stdout, simulator.stderr, serial.heard, title].join('\n');
  assert.ok(seen.includes('"wifiPassword":true'), 'that there is one is told');
  for (const secret of [newKey, stationKey, password, ...Object.values(secrets)]) {
    assert.ok(!seen.includes(secret), `${secret} was seen`);
  }
}

/** MQTT 5: the answer goes where whoever asks wants it, and carries what belongs to the question. */
async function answersWhereAsked(): Promise<void> {
  const broker = new Mosquitto();
  await broker.start();
  const keyFile = join(home.directory, 'mqtt5-key');
  writeFileSync(keyFile, SECRETS.stationKey);
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const listener = await Listener.connect(url, { protocolVersion: 5 });
  await listener.subscribe('maison/#', 'me/#');
  const options = ['--broker', url, '--mqtt', '5', '--rooms', 'salon', '--interval', '2', '--station-key', keyFile];
  const simulator = Simulator.start(home, ['--json', '--no-page', ...options]);
  try {
    await listener.until(() => listener.payloads('maison/salon/diagnostics').length > 0, 'the station is there');
    const payload = JSON.stringify({ key: SECRETS.stationKey, temperatureOffset: 0.5 }).padEnd(1_000);
    const correlationData = Buffer.from([0, 1, 254, 255]);
    const answered = new Promise<Buffer | undefined>((resolve) => {
      listener.client.on('message', (topic, _payload, packet) => {
        if (topic === 'me/answers') resolve(packet.properties?.correlationData);
      });
    });
    await listener.client.publishAsync('maison/salon/command/offset', payload, {
      qos: 1,
      properties: { responseTopic: 'me/answers', correlationData },
    });
    assert.deepEqual(await answered, correlationData);
    assert.deepEqual(listener.payloads('me/answers'), ['{"command":"offset","ok":true,"temperatureOffset":0.5}']);
    assert.deepEqual(listener.payloads('maison/salon/response'), []);
  } finally {
    await listener.leave();
    await simulator.end('SIGKILL');
    await broker.close();
  }
}

describeWithMosquitto('a command over MQTT 5', () => {
  it('is answered where it was asked', answersWhereAsked).timeout(30_000);
});

describeWithPrograms([['socat', 'socat']], 'a board is set up', () => {
  inParallel([
    ['by its serial line, on a pseudo-terminal', () => withHouse('serial', setsUp)],
    ['and none of its secrets is published, printed, or in a list of processes', () => withHouse('secrets', keepsSecrets)],
  ]);
});
