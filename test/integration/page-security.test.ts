// What the page's server does with requests that it should not answer, and with clients that mean harm.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { ApiError, Config, House } from '../../host-sim/page/api.js';
import { createClassAccess } from '../../host-sim/page/class-access.js';
import { EventReader } from './support/event-reader.js';
import { Listener } from './support/listener.js';
import { CLASS_LOGIN, PageHouse } from './support/page-house.js';

const HOUSE_TOPICS = { prefix: 'maison', template: '{prefix}/{room}/{quantity}', maps: [] };

let house: PageHouse;

const codeOf = async (response: Response) => ((await response.json()) as ApiError).error.code;

/** The status of a request with headers that `fetch` would not send. */
function statusOf(path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${house.url}${path}`, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode as number);
    });
    sent.on('error', reject);
    sent.end(method === 'POST' ? '{}' : undefined);
  });
}

describe('page: requests that are refused', () => {
  beforeEach(async () => {
    house = await PageHouse.start();
  });
  afterEach(() => house.close());

  it('for another host: a name of others may point to this computer', async () => {
    assert.equal(await statusOf('/api/config', { host: 'evil.example' }), 403);
    assert.equal(await statusOf('/', { host: 'evil.example:8080' }), 403);
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:8080', '192.168.1.7:8080']) {
      assert.equal(await statusOf('/api/config', { host }), 200, host);
    }
  });

  it('from pages of other origins', async () => {
    const type = { 'content-type': 'application/json' };
    assert.equal(await statusOf('/api/rooms/salon/forget', { ...type, origin: 'http://evil.example' }, 'POST'), 403);
    assert.equal(await statusOf('/api/rooms/salon/forget', { ...type, origin: 'null' }, 'POST'), 403);
    assert.equal(await statusOf('/api/house', { 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await statusOf('/api/rooms/salon/forget', { ...type, origin: house.url }, 'POST'), 200);
    const answer = await fetch(`${house.url}/api/house`);
    assert.equal(answer.headers.get('access-control-allow-origin'), null);
  });

  it('without JSON, with too much of it, or with what is not allowed in it', async () => {
    const post = async (path: string, body: unknown, type = 'application/json') => {
      const response = await house.post(path, body, { 'content-type': type });
      return [response.status, await codeOf(response)];
    };
    const path = '/api/rooms/salon/command/identify';
    assert.deepEqual(await post(path, '{}', 'text/plain'), [400, 'bad-request']);
    assert.deepEqual(await post(path, '{'), [400, 'bad-request']);
    assert.deepEqual(await post(path, '[]'), [400, 'bad-request']);
    assert.deepEqual(await post(path, {}), [400, 'bad-request']);
    assert.deepEqual(await post(path, { payload: 'x'.repeat(5_000) }), [400, 'bad-request']);
    assert.deepEqual(await post(path, { payload: 'x'.repeat(1 << 20) }), [400, 'bad-request']);
    assert.deepEqual(await post('/api/rooms/a%2Fb/forget', {}), [400, 'bad-request']);
    assert.deepEqual(await post('/api/rooms/%ff/forget', {}), [400, 'bad-request']);
    assert.deepEqual(await post('/api/nothing', {}), [404, 'not-found']);
  });

  const parameters = ['history?from=x', 'history?points=0', 'history?points=1e9', 'history?from=5&to=4', 'export.csv?decimal=dot'];
  for (const query of [...parameters, 'events?streams=all', 'history?to=1e99']) {
    it(`/api/${query}`, async () => {
      const response = await fetch(`${house.url}/api/${query}`);
      assert.equal(response.status, 400);
      assert.match(((await response.json()) as ApiError).error.message, /^Parameter \w+: must be /);
    });
  }

  it('too many at once', async () => {
    const statuses = await Promise.all(Array.from({ length: 400 }, () => statusOf('/api/config', {})));
    assert.ok(statuses.includes(429));
    assert.ok(statuses.filter((status) => status === 200).length >= 200);
  });

  it('every answer says what a browser may do with it', async () => {
    for (const path of ['/', '/api/config', '/api/nothing', '/no-such-file']) {
      const { headers } = await fetch(`${house.url}${path}`);
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'self'; .*frame-ancestors 'none'$/, path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
    }
  });

  it('bytes that are no HTTP', async () => {
    const socket = connect(house.page.port, '127.0.0.1');
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.resume();
    socket.write(`${'\0'.repeat(100)}\r\n\r\n`);
    await closed;
    assert.equal((await house.get<Config>('/api/config')).version, '0.0.0');
  });
});

describe('page: publishers that mean harm', () => {
  beforeEach(async () => {
    house = await PageHouse.start();
  });
  afterEach(() => house.close());

  it('payloads of 1 MB, bad JSON, markup, and names of objects', async () => {
    const megabyte = Buffer.alloc(1 << 20, 'x');
    for (const quantity of ['temperature', 'humidity', 'readings', 'info'])
      await house.publish(`maison/salon/${quantity}`, megabyte);
    await house.publish('maison/salon/readings', '{"station":');
    await house.publish('maison/salon/temperature', '<script>alert(1)</script>');
    const names = ['<img src=x onerror=alert(1)>', '__proto__', 'constructor', '" onclick="x', '\u202etxt.exe', '🌡️'];
    for (const [boot, name] of names.entries()) await house.publishReadings(name, [[0, 0]], boot, '000000000001');
    const state = await house.untilAnswer<House>('/api/house', ({ counts }) => counts.recorded >= names.length, 'all rooms');
    assert.deepEqual(state.rooms.map(({ room }) => room).toSorted(), names.toSorted());
    assert.equal(state.counts.invalid, 5);
  });

  it('thousands of rooms: followed up to a limit, the others counted', async function () {
    this.timeout(60_000);
    const count = 2_500;
    const now = Math.floor(Date.now() / 1000);
    const reading = { seq: 0, time: now, temperature: 20, humidity: 50 };
    const all = Array.from({ length: count }, (_, boot) => {
      const payload = JSON.stringify({ station: '000000000001', boot, readings: [reading] });
      return house.publish(`maison/flood-${boot}/readings`, payload);
    });
    await Promise.all(all);
    const seen = ({ counts }: House) => counts.recorded + counts.dropped === count;
    const state = await house.untilAnswer<House>('/api/house', seen, 'every reading, recorded or counted');
    assert.deepEqual([state.counts.recorded, state.counts.dropped], [2_000, 500]);
    assert.deepEqual([state.rooms.length, state.omittedRooms], [1_000, 1_000]);
  });

  it('a packet that is longer than anybody may send ends its connection, and nobody else’s', async () => {
    const flooder = connect(house.broker.ports.mqttPort, '127.0.0.1');
    const closed = new Promise<void>((resolve) => flooder.once('close', () => resolve()));
    flooder.on('error', () => {});
    const { default: mqttPacket } = await import('mqtt-packet');
    flooder.write(
      mqttPacket.generate({ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clientId: 'flooder', clean: true }),
    );
    // PUBLISH with a remaining length of 200 MB.
    flooder.write(Buffer.from([0x30, 0x80, 0x90, 0xaf, 0x5f, 0, 1, 0x61]));
    const piece = Buffer.alloc(1 << 20);
    const pump = () => {
      while (!flooder.destroyed && flooder.write(piece));
    };
    flooder.on('drain', pump);
    pump();
    await closed;
    await house.publishReadings('salon', [[0, 0]]);
    await house.untilAnswer<House>('/api/house', ({ counts }) => counts.recorded === 1, 'a reading');
  });

  it('a page that does not read loses events, and is told how many', async function () {
    this.timeout(60_000);
    // A socket that is never read, so that what the server sends piles up there.
    const slow = connect({ port: house.page.port, host: '127.0.0.1' });
    slow.write(`GET /api/events?streams=broker HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`);
    slow.pause();
    const quick = await house.listen<'broker'>('?streams=broker');
    const payload = 'x'.repeat(180);
    const seen = () => quick.of('broker').reduce((sum, { events, lost }) => sum + events.length + lost, 0);
    const publish = () => Promise.all(Array.from({ length: 500 }, () => house.publish('maison/salon/flood', payload)));
    let published = 0;
    for (let round = 0; round < 60; round++) {
      await publish();
      published += 500;
      // No more at once than is gathered for everybody: only the slow one may lose anything.
      await quick.until(() => seen() >= 2 * published, 'all that was published and acknowledged');
    }
    assert.equal(
      quick.of('broker').reduce((sum, { lost }) => sum + lost, 0),
      0,
    );
    // Now it reads: what was kept for it, and then how much it lost.
    let text = '';
    const told = new Promise<void>((resolve) => {
      slow.on('data', (bytes) => {
        text += bytes;
        if (/"lost":[1-9]/.test(text)) resolve();
      });
    });
    slow.resume();
    const nudge = setInterval(() => void publish(), 500);
    await told;
    clearInterval(nudge);
    slow.destroy();
  });
});

describe('page: a class', () => {
  const access = () => createClassAccess(CLASS_LOGIN, true, HOUSE_TOPICS, () => false);
  const login = { username: CLASS_LOGIN.user, password: CLASS_LOGIN.password };
  let key: string;
  beforeEach(async () => {
    const made = access();
    key = made.key;
    house = await PageHouse.start({ isLan: true }, made);
  });
  afterEach(() => house.close());

  const logIn = async (given: object = CLASS_LOGIN) => {
    const response = await house.post('/api/login', given);
    return { status: response.status, cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] as string };
  };

  it('asks for the login before it shows anything but itself', async () => {
    const config = await house.get<Config>('/api/config');
    assert.deepEqual([config.needsLogin, config.mqtt.needsLogin, config.needsKey, config.isLan], [true, true, true, true]);
    assert.match(config.address ?? '', /^http:\/\/\d+\.\d+\.\d+\.\d+:\d+$/);
    for (const path of ['/api/house', '/api/history', '/api/events', '/api/export.csv', '/api/address.svg']) {
      assert.equal((await fetch(`${house.url}${path}`)).status, 401, path);
    }
    assert.deepEqual([(await logIn({ user: 'classe', password: 'x' })).status, (await logIn({})).status], [401, 400]);
    const { status, cookie } = await logIn();
    assert.equal(status, 200);
    const headers = { cookie };
    assert.equal((await fetch(`${house.url}/api/house`, { headers })).status, 200);
    assert.match(await (await fetch(`${house.url}/api/address.svg`, { headers })).text(), /^<svg /);
    assert.equal(((await (await fetch(`${house.url}/api/config`, { headers })).json()) as Config).needsLogin, false);
    assert.equal((await fetch(`${house.url}/api/house`, { headers: { cookie: `${cookie.slice(0, -1)}x` } })).status, 401);
  });

  it('lets nobody guess for long', async () => {
    const statuses = [];
    for (let tries = 0; tries < 25; tries++) statuses.push((await logIn({ user: 'classe', password: String(tries) })).status);
    assert.equal(statuses.at(-1), 429);
  });

  it('asks for the key before anything is changed', async () => {
    const { cookie } = await logIn();
    const post = async (path: string, given: Record<string, string>) =>
      (await house.post(path, { payload: '', isLocked: false }, { cookie, ...given })).status;
    for (const path of ['/api/rooms/salon/forget', '/api/rooms/salon/command/identify', '/api/lock']) {
      assert.equal(await post(path, {}), 403, path);
      assert.equal(await post(path, { 'x-station-key': 'guess' }), 403, path);
      assert.equal(await post(path, { 'x-station-key': key }), 200, path);
    }
    assert.equal((await house.post('/api/lock', { isLocked: true }, { 'x-station-key': key })).status, 401);
  });

  it('lets a pupil publish a room, but no command, no clock, and nothing that makes the broker forget', async () => {
    const pupil = house.publisher;
    const witness = await (await Listener.connect(house.broker.url, login)).subscribe('maison/#');
    const publish = (topic: string, payload: string, retain = false) =>
      pupil.client.publishAsync(topic, payload, { qos: 1, retain });
    await publish('maison/salon/command/restart', '{}');
    await publish('maison/clock', '1763858312');
    await publish('maison/eleve/status', '', true);
    await publish('maison/eleve/temperature', '21.0', true);
    await witness.until(() => witness.heard.length > 0, 'the temperature');
    assert.deepEqual(
      witness.heard.map(({ topic }) => topic),
      ['maison/eleve/temperature'],
    );
    const teacher = await Listener.connect(house.broker.url, { username: 'key', password: key });
    await teacher.client.publishAsync('maison/salon/command/restart', '{}', { qos: 1 });
    await witness.until(() => witness.heard.length > 1, 'the command');
    await Promise.all([witness.leave(), teacher.leave()]);
  });

  it('can be locked: then only stations that were there before publish', async () => {
    const { cookie } = await logIn();
    const witness = await (await Listener.connect(house.broker.url, login)).subscribe('maison/#');
    const station = await Listener.connect(house.broker.url, { ...login, clientId: 'station-000000000001' });
    await station.client.publishAsync('maison/salon/temperature', '1', { qos: 1 });
    const reader = await EventReader.open<'lock'>(`${house.url}/api/events?streams=house`, { cookie });
    const lock = (isLocked: boolean) => house.post('/api/lock', { isLocked }, { cookie, 'x-station-key': key });
    await lock(true);
    const late = await Listener.connect(house.broker.url, { ...login, clientId: 'station-000000000002' });
    for (const { client } of [house.publisher, late]) await client.publishAsync('maison/salon/temperature', '2', { qos: 1 });
    await station.client.publishAsync('maison/salon/temperature', '3', { qos: 1 });
    await lock(false);
    await house.publish('maison/salon/temperature', '4');
    await witness.until(() => witness.payloads('maison/salon/temperature').includes('4'), 'the last value');
    assert.deepEqual(witness.payloads('maison/salon/temperature'), ['1', '3', '4']);
    await reader.until(() => reader.of('lock').length === 2, 'both turns of the lock');
    assert.deepEqual(reader.of('lock'), [{ isLocked: true }, { isLocked: false }]);
    reader.close();
    await Promise.all([witness.leave(), station.leave(), late.leave()]);
  });
});
