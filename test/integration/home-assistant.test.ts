// A house that Home Assistant finds at the broker, and does not find any more; beside it, the page sees rooms alone.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, it } from 'mocha';
import type { House } from '../../host-sim/page/api.js';
import { Listener } from './support/listener.js';
import { describeWithMosquitto, Mosquitto } from './support/mosquitto.js';
import { Simulator, TemporaryHome } from './support/simulator.js';

const KEY = 'clef de la salle';
const EVERYTHING = 'homeassistant/#';

const home = new TemporaryHome();
after(() => home.remove());

/** The entries that a Home Assistant finds which starts now, by topic. */
async function entriesAt(url: string): Promise<Map<string, string>> {
  const listener = await Listener.connect(url);
  await listener.subscribe(EVERYTHING, 'marker');
  await listener.client.publishAsync('marker', '', { qos: 1 });
  await listener.until(() => listener.payloads('marker').length > 0, 'what is behind all that was retained');
  await listener.leave();
  return new Map(listener.heard.filter(({ retain }) => retain).map(({ topic, payload }) => [topic, payload]));
}

/** The page's rooms, once it has one. */
async function roomsOn(httpPort: number | null): Promise<string[]> {
  for (let tries = 0; tries < 200; tries++) {
    const house = (await (await fetch(`http://127.0.0.1:${httpPort}/api/house`)).json()) as House;
    if (house.rooms.length > 0) return house.rooms.map(({ room }) => room);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return assert.fail('the page shows no room');
}

/** Asks the page for another room; resolves to what it is told. */
async function addRoom(httpPort: number | null, room: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${httpPort}/api/rooms`, { method: 'POST', headers, body: JSON.stringify({ room }) });
  return answer.text();
}

async function isFound(): Promise<void> {
  const broker = new Mosquitto();
  await broker.start();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  const keyFile = join(home.directory, 'key');
  writeFileSync(keyFile, KEY);
  const listener = await Listener.connect(url);
  await listener.subscribe(EVERYTHING, 'maison/#');
  const options = ['--rooms', 'salon', '--interval', '2', '--station-key', keyFile, '--home-assistant'];
  const simulator = Simulator.start(home, ['--json', '--http-port', '0', '--broker', url, ...options]);
  try {
    const { httpPort } = await simulator.ready();
    await simulator.until(() => simulator.eventsOf('acknowledged').length > 0, 'a reading is delivered');
    const [[topic, payload]] = [...(await entriesAt(url))] as [[string, string]];
    assert.equal(topic, `homeassistant/device/${simulator.eventsOf('reading')[0]?.station}/config`);
    const { dev, avty_t, cmps } = JSON.parse(payload);
    assert.equal(dev.name, 'salon');
    assert.deepEqual(listener.payloads(avty_t), ['online']);
    assert.match(listener.payloads(cmps.temperature.stat_t)[0] as string, /^-?\d+\.\d$/);
    assert.match(listener.payloads(cmps.humidity.stat_t)[0] as string, /^\d+\.\d$/);
    assert.deepEqual(await roomsOn(httpPort), ['salon']);
    assert.match(await addRoom(httpPort, '"'.repeat(64)), /There can be no such room: setting homeAssistant: true is not allowed/);
    const change = JSON.stringify({ key: KEY, homeAssistant: false });
    await listener.client.publishAsync('maison/salon/command/settings', change, { qos: 1 });
    await listener.until(() => listener.payloads(topic).at(-1) === '', 'the entry is cleared');
    assert.deepEqual([...(await entriesAt(url)).keys()], []);
  } finally {
    await listener.leave();
    await simulator.end('SIGKILL');
    await broker.close();
  }
}

describeWithMosquitto('Home Assistant', () => {
  it('finds a station where that is switched on, and finds it no more when it is switched off', isFound).timeout(30_000);
});
