// The end of the broker inside: whoever listens has heard everything before the connection ends, by whichever way it came; who does
// not listen holds nobody up.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'mocha';
import type { IClientOptions } from 'mqtt';
import { EmbeddedBroker } from '../../host-sim/broker.js';
import { TemporaryFolder } from './support/certificates.js';
import { Listener } from './support/listener.js';
import { ANY_PORTS, Simulator, TemporaryHome } from './support/simulator.js';

const ROOMS = Array.from({ length: 20 }, (_, index) => `salle-${index}`);

const home = new TemporaryHome();
after(() => home.remove());
const folder = new TemporaryFolder().fillWithCertificates();
after(() => folder.remove());

async function hearsAllRoomsOut(): Promise<void> {
  const args = ['--rooms', ROOMS.join(','), '--interval', '2', '--tls', folder.path, '--tls-port', '0', '--wss-port', '0'];
  const simulator = Simulator.start(home, ['--json', ...ANY_PORTS, ...args]);
  const { mqttPort, wsPort, mqttsPort, wssPort } = await simulator.ready();
  const ca = readFileSync(join(folder.path, 'ca.crt'));
  const ways: readonly (readonly [url: string, options?: IClientOptions])[] = [
    [`mqtt://127.0.0.1:${mqttPort}`],
    [`mqtt://127.0.0.1:${mqttPort}`, { clientId: 'keeps-its-session', clean: false }],
    [`ws://127.0.0.1:${wsPort}`],
    [`mqtts://127.0.0.1:${mqttsPort}`, { ca }],
    [`wss://127.0.0.1:${wssPort}`, { ca }],
  ];
  const listeners = await Promise.all(
    ways.map(async ([url, options]) => (await Listener.connect(url, options)).subscribe('maison/+/status')),
  );
  await simulator.until(() => simulator.eventsOf('link').length === ROOMS.length, 'all rooms up');
  const closed = listeners.map(({ client }) => new Promise<void>((resolve) => client.once('close', () => resolve())));
  assert.deepEqual(await simulator.end('SIGINT'), { code: 0, signal: null });
  await Promise.all(closed);
  listeners.forEach((listener, index) => {
    const heardOut = ROOMS.filter((room) => listener.payloads(`maison/${room}/status`).at(-1) === 'offline');
    assert.deepEqual(heardOut, ROOMS, ways[index]?.join(' '));
  });
}

/** The broker acknowledges before it hands on: its end may come in between. */
async function handsOnWhatItAcknowledged(): Promise<void> {
  const broker = await EmbeddedBroker.start({ mqttPort: 0, wsPort: 0 });
  const webSocketUrl = `ws://127.0.0.1:${broker.ports.wsPort}`;
  const listeners = await Promise.all([
    Listener.connect(broker.url),
    Listener.connect(broker.url, { clientId: 'keeps-its-session', clean: false }),
    Listener.connect(webSocketUrl),
  ]);
  for (const listener of listeners) await listener.subscribe('#');
  const closed = listeners.map(({ client }) => new Promise<void>((resolve) => client.once('close', () => resolve())));
  const speakers = await Promise.all(ROOMS.map(() => Listener.connect(broker.url)));
  await Promise.all(speakers.map(({ client }, index) => client.publishAsync('room', String(ROOMS[index]), { qos: 1 })));
  await broker.close();
  await Promise.all(closed);
  for (const listener of listeners) assert.deepEqual(listener.payloads('room').toSorted(), ROOMS.toSorted());
  for (const { client } of speakers) client.end(true);
}

async function endsBesideADeafSubscriber(): Promise<void> {
  const broker = await EmbeddedBroker.start({ mqttPort: 0, wsPort: 0 });
  const [deaf, speaker] = await Promise.all([Listener.connect(broker.url), Listener.connect(broker.url)]);
  await deaf.subscribe('#');
  deaf.client.stream.pause();
  // More than the kernel takes for one who does not read.
  for (let count = 0; count < 16; count++) await speaker.client.publishAsync('much', Buffer.alloc(1 << 20), { qos: 1 });
  await broker.close();
  deaf.client.end(true);
  speaker.client.end(true);
}

describe('the broker inside, at its end', () => {
  it('Ctrl-C: every room is heard to say offline, by every way in', hearsAllRoomsOut).timeout(30_000);
  it('hands on all that it has acknowledged', handsOnWhatItAcknowledged).timeout(10_000);
  it('does not wait for a subscriber that does not listen', endsBesideADeafSubscriber).timeout(10_000);
});
