// The page's server over a real broker: what was recorded, how it is asked for, and what is told as it happens.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, describe, it } from 'mocha';
import { WebSocket } from 'ws';
import type { BrokerEvent, Config, ExportRow, History, House, RoomState } from '../../host-sim/page/api.js';
import { Listener } from './support/listener.js';
import { BOOT, PageHouse, STATION } from './support/page-house.js';

let house: PageHouse;
const roomOf = (state: House, name: string) => state.rooms.find(({ room }) => room === name) as RoomState;
const recorded = (count: number) => (state: House) => state.counts.recorded >= count;

describe('page: what is recorded', () => {
  afterEach(() => house.close());

  it('each reading once, with its time, its mean and its extremes', async () => {
    house = await PageHouse.start();
    await house.publishReadings('salon', [
      [0, 20],
      [1, 10],
    ]);
    await house.publishReadings('salon', [
      [1, 10],
      [2, 0],
    ]);
    const state = await house.untilAnswer<House>('/api/house', recorded(3), 'three readings');
    assert.deepEqual(state.counts, { recorded: 3, duplicates: 1, invalid: 0, dropped: 0, expired: 0 });
    const { newest, mean, isSilent, stations, warnings, day } = roomOf(state, 'salon');
    assert.deepEqual([newest?.temperature, newest?.humidity, isSilent, stations, warnings], [20.2, 45.2, false, [STATION], []]);
    assert.ok(mean?.temperature && Math.abs(mean.temperature - 20.1) < 1e-9);
    assert.deepEqual(day.temperature?.maximum, 20.2);
    const [series] = (await house.get<History>('/api/history')).series;
    assert.deepEqual(series?.temperature, [20, 20.1, 20.2]);
  });

  it('values of a simple emitter, and of an old installation through a map; not those that a station sends besides', async () => {
    house = await PageHouse.start({ maps: [{ template: '/UPSSITECH/Weather_Station/{quantity}', room: 'upssitech' }] });
    await house.publish('/UPSSITECH/Weather_Station/temperature', '19.5');
    await house.publish('maison/emetteur/temperature', '21.437');
    await house.publish('maison/salon/temperature', '20.0');
    await house.publishReadings('salon', [[0, 0]]);
    const state = await house.untilAnswer<House>('/api/house', recorded(3), 'three readings');
    assert.deepEqual(
      state.rooms.map(({ room, newest, stations }) => [room, newest?.temperature, newest?.humidity, stations]).toSorted(),
      [
        ['emetteur', 21.437, null, []],
        ['salon', 20, 45.2, [STATION]],
        ['upssitech', 19.5, null, []],
      ],
    );
    assert.equal(state.mean?.humidity, 45.2);
    const temperature = (20 + 21.437 + 19.5) / 3;
    assert.ok(Math.abs((state.mean?.temperature as number) - temperature) < 1e-9);
  });

  it('not what the broker had kept: nobody knows how old it is', async () => {
    house = await PageHouse.start();
    await house.publish('maison/vieux/temperature', '12.0', true);
    await house.untilAnswer<House>('/api/house', recorded(1), 'the live value');
    await house.reopen();
    await house.publish('maison/neuf/temperature', '12.0');
    const { rooms } = await house.untilAnswer<House>('/api/house', recorded(1), 'a value after the restart');
    assert.deepEqual(
      rooms.map(({ room }) => room),
      ['neuf'],
    );
  });

  it('a room that fell silent is left out of the mean of the house, and named', async () => {
    house = await PageHouse.start();
    await house.publishReadings('salon', [
      [0, 20],
      [1, 10],
      [2, 0],
    ]);
    await house.publishReadings(
      'cave',
      [
        [0, 130],
        [1, 120],
        [2, 110],
      ],
      1,
      '000000000001',
    );
    const state = await house.untilAnswer<House>('/api/house', recorded(6), 'six readings');
    assert.deepEqual(state.silent, ['cave']);
    assert.equal(roomOf(state, 'cave').mean, null);
    assert.ok(Math.abs((state.mean?.temperature as number) - 20.1) < 1e-9);
  });

  it('two boards with one room, one board in two rooms, two boards under one name', async () => {
    house = await PageHouse.start();
    await house.publishReadings('salon', [[0, 0]], 1, '000000000001');
    await house.publishReadings('salon', [[0, 0]], 2, '000000000002');
    await house.publishReadings('bureau', [[1, 0]], 2, '000000000002');
    for (const [seq, boot] of [
      [0, 3],
      [0, 4],
      [1, 3],
      [1, 4],
    ] as const) {
      await house.publishReadings('cave', [[seq, 0]], boot, '000000000003');
    }
    const state = await house.untilAnswer<House>('/api/house', recorded(7), 'seven readings');
    const warnings = (room: string) =>
      roomOf(state, room).warnings.map(({ kind, station, other }) => `${kind} ${station} ${other}`);
    assert.deepEqual(warnings('salon').toSorted(), ['two-rooms 000000000002 bureau', 'two-stations 000000000001 000000000002']);
    assert.deepEqual(warnings('cave'), ['same-identity 000000000003 4 / 3']);
  });

  it('what came out of a buffer is marked, and the gap before it stays a gap', async () => {
    house = await PageHouse.start();
    await house.publishReadings('salon', [
      [0, 300],
      [1, 290],
      [2, 20],
      [3, 10],
      [4, 0],
    ]);
    await house.untilAnswer<House>('/api/house', recorded(5), 'five readings');
    const [series] = (await house.get<History>('/api/history')).series;
    assert.deepEqual(series?.temperature, [20, 20.1, null, 20.2, 20.3, 20.4]);
    assert.deepEqual(series?.humidity, [45.2, 45.2, null, 45.2, 45.2, 45.2]);
    assert.deepEqual(series?.backfilled, [1, 1, 0, 1, 0, 0]);
  });

  it('a long period in as many points as were asked for, with their spread', async () => {
    house = await PageHouse.start();
    const seqs = Array.from({ length: 360 }, (_, seq) => [seq, 10 * (360 - seq)] as const);
    await house.publishReadings('salon', seqs);
    await house.untilAnswer<House>('/api/house', recorded(360), 'an hour of readings');
    const { bucketSeconds, series } = await house.get<History>('/api/history?points=60');
    assert.equal(bucketSeconds, 60);
    const [{ times = [], temperature = [], spread } = {}] = series;
    assert.ok(times.length >= 60 && times.length <= 62);
    assert.ok(times.every((time, index) => index === 0 || time > (times[index - 1] as number)));
    assert.ok(temperature.every((value, index) => (value as number) >= (spread?.temperatureMinimum[index] as number)));
    assert.ok(temperature.every((value, index) => (value as number) <= (spread?.temperatureMaximum[index] as number)));
  });

  it('means are republished where that is switched on', async function () {
    this.timeout(30_000);
    house = await PageHouse.start({ publishesMeans: true });
    const listener = await (await Listener.connect(house.broker.url)).subscribe('maison/mean', 'maison/+/mean');
    await house.publishReadings('salon', [
      [0, 10],
      [2, 0],
    ]);
    await house.untilAnswer<House>('/api/house', recorded(2), 'two readings');
    const mean = JSON.stringify({ temperature: 20.1, humidity: 45.2 });
    const heard = () => listener.heard.map(({ topic, payload, retain }) => `${topic} ${payload} ${retain}`);
    const deadline = listener.until(() => heard().length >= 2, 'both means');
    await deadline;
    assert.deepEqual(heard().slice(0, 2), [`maison/salon/mean ${mean} false`, `maison/mean ${mean} false`]);
    await listener.leave();
  });

  it('a room that is forgotten: history, retained topics, and everybody is told', async () => {
    house = await PageHouse.start();
    await house.publish('maison/salon/status', 'online', true);
    await house.publishReadings('salon', [[0, 0]]);
    await house.publishReadings('cuisine', [[0, 0]], 1, '000000000001');
    await house.untilAnswer<House>('/api/house', recorded(2), 'two readings');
    const events = await house.listen<'forgotten'>('?streams=house');
    assert.equal((await house.post('/api/rooms/salon/forget', {})).status, 200);
    await events.until(() => events.of('forgotten').length === 1, 'that it was forgotten');
    assert.deepEqual(events.of('forgotten'), [{ room: 'salon' }]);
    assert.deepEqual(
      (await house.get<House>('/api/house')).rooms.map(({ room }) => room),
      ['cuisine'],
    );
    assert.deepEqual(
      (await house.get<History>('/api/history')).series.map(({ room }) => room),
      ['cuisine'],
    );
    const newcomer = await (await Listener.connect(house.broker.url)).subscribe('maison/salon/#');
    await newcomer.client.publishAsync('maison/salon/mark', '');
    await newcomer.until(() => newcomer.heard.length > 0, 'the mark');
    assert.deepEqual(
      newcomer.heard.map(({ topic }) => topic),
      ['maison/salon/mark'],
    );
    await newcomer.leave();
  });

  it('a command is published as it was given', async () => {
    house = await PageHouse.start();
    const station = await (await Listener.connect(house.broker.url)).subscribe('maison/salon/command/#');
    const answer = await house.post('/api/rooms/salon/command/identify', { payload: '{"seconds":5}' });
    assert.equal(answer.status, 200);
    await station.until(() => station.heard.length === 1, 'the command');
    const { topic, payload, qos, retain } = station.heard[0] as Listener['heard'][number];
    assert.deepEqual([topic, payload, qos, retain], ['maison/salon/command/identify', '{"seconds":5}', 1, false]);
    await station.leave();
  });
});

describe('page: the recording as a file', () => {
  const start = async () => {
    house = await PageHouse.start();
    await house.publishReadings('=HYPERLINK("x")', [
      [0, 10],
      [-0, 10],
      [1, 0],
    ]);
    await house.publish('maison/a;b,"c"/temperature', '-3.5');
    await house.untilAnswer<House>('/api/house', recorded(3), 'three readings');
  };
  const download = async (query: string) => {
    const response = await fetch(`${house.url}/api/export.${query}`);
    assert.match(response.headers.get('content-disposition') ?? '', /^attachment; filename="station-meteo-/);
    return Buffer.from(await response.arrayBuffer()).toString();
  };
  afterEach(() => house.close());

  it('CSV for an English spreadsheet, in which no name becomes a formula', async () => {
    await start();
    const lines = (await download('csv')).split('\r\n');
    assert.equal(lines[0], '\ufeffroom,localTime,temperature,humidity,time,station,boot,seq,backfilled');
    const [name, local, temperature, humidity, time, ...rest] = (lines[1] as string).match(/"(?:[^"]|"")*"|[^,]+/g) as string[];
    assert.equal(name, '"\'=HYPERLINK(""x"")"');
    assert.match(local as string, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    assert.match(time as string, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    assert.deepEqual([temperature, humidity, ...rest], ['20', '45.2', STATION, String(BOOT), '0', '0']);
    assert.match(lines[3] as string, /^"a;b,""c""",.*,-3\.5,,/);
  });

  it('CSV for a French one: semicolon and decimal comma', async () => {
    await start();
    const lines = (await download('csv?decimal=comma')).split('\r\n');
    assert.match(lines[2] as string, /;20,1;45,2;/);
    assert.match(lines[3] as string, /^"a;b,""c""";.*;-3,5;;/);
  });

  it('JSON, of chosen rooms and a period', async () => {
    await start();
    const rows = JSON.parse(await download(`json?rooms=${encodeURIComponent('=HYPERLINK("x")')}`)) as ExportRow[];
    assert.deepEqual(
      rows.map(({ temperature, seq }) => [temperature, seq]),
      [
        [20, 0],
        [20.1, 1],
      ],
    );
    const from = Math.floor(Date.now() / 1000) - 5;
    assert.equal((JSON.parse(await download(`json?from=${from}`)) as ExportRow[]).length, 2);
    assert.deepEqual(JSON.parse(await download('json?rooms=nowhere')), []);
  });
});

describe('page: what the broker sees, as it happens', () => {
  afterEach(() => house.close());

  it('a client that comes, subscribes, publishes, is acknowledged, and leaves without a word', async () => {
    house = await PageHouse.start();
    const events = await house.listen<'broker' | 'clients'>('?streams=broker');
    const all = () => events.of('broker').flatMap((batch) => batch.events);
    const of = (client: string) => all().filter((event) => event.client === client);
    await house.publish('maison/salon/status', 'offline', true);
    const will = { topic: 'maison/x/status', payload: Buffer.from('offline'), qos: 1, retain: true } as const;
    const { client } = await Listener.connect(house.broker.url, { clientId: '<i>x</i>', will });
    await client.subscribeAsync('maison/+/status', { qos: 1 });
    await client.publishAsync('maison/x/temperature', '21.4', { qos: 1 });
    await events.until(() => of('<i>x</i>').filter(({ kind }) => kind === 'ack').length === 2, 'both acknowledgements');
    client.stream.destroy();
    await events.until(() => of('<i>x</i>').some(({ kind }) => kind === 'will'), 'the will');
    const [publish, ack] = [find(of('<i>x</i>'), 'publish'), of('<i>x</i>').filter(({ kind }) => kind === 'ack')];
    assert.deepEqual(
      strip(of('<i>x</i>').map(({ kind }) => ({ kind }))),
      strip([
        { kind: 'connected' },
        { kind: 'subscribed' },
        { kind: 'delivery' },
        { kind: 'ack' },
        { kind: 'publish' },
        { kind: 'ack' },
        { kind: 'disconnected' },
        { kind: 'will' },
      ]),
    );
    assert.ok(ack.some((event) => event.kind === 'ack' && event.from === 'broker' && event.id === publish.id));
    const delivery = find(of('<i>x</i>'), 'delivery');
    assert.deepEqual(
      [delivery.topic, delivery.payload, delivery.retain, delivery.dup, delivery.qos],
      ['maison/salon/status', 'offline', true, false, 1],
    );
    assert.deepEqual(find(of('<i>x</i>'), 'disconnected').how, 'lost');
  });

  it('a redelivery says that it is one', async () => {
    house = await PageHouse.start();
    const events = await house.listen<'broker'>('?streams=broker');
    const all = () => events.of('broker').flatMap((batch) => batch.events);
    const dup = {
      cmd: 'publish',
      topic: 'maison/salon/temperature',
      payload: '20.0',
      qos: 1,
      retain: false,
      dup: true,
      messageId: 7,
    } as const;
    const { default: mqttPacket } = await import('mqtt-packet');
    (house.publisher.client.stream as NodeJS.WritableStream).write(mqttPacket.generate(dup));
    await events.until(() => all().some((event) => event.kind === 'publish'), 'the publish');
    const { topic, dup: isDup, id } = find(all(), 'publish');
    assert.deepEqual([topic, isDup, id], ['maison/salon/temperature', true, 7]);
  });

  it('who is connected is told at the start, and a client that takes leave is not lost', async () => {
    house = await PageHouse.start();
    const client = await (await Listener.connect(house.broker.url, { clientId: 'guest' })).subscribe('maison/#');
    const events = await house.listen<'broker' | 'clients'>('?streams=broker');
    await events.until(() => events.of('clients').length === 1, 'who is connected');
    const guest = events.of('clients')[0]?.clients.find(({ client }) => client === 'guest');
    assert.deepEqual(guest, { client: 'guest', protocol: '3.1.1', subscriptions: [{ filter: 'maison/#', qos: 1 }] });
    await client.leave();
    const gone = () =>
      events
        .of('broker')
        .flatMap((batch) => batch.events)
        .find(({ kind }) => kind === 'disconnected');
    await events.until(() => gone() !== undefined, 'that the guest left');
    assert.deepEqual([gone()?.client, (gone() as { how: string }).how], ['guest', 'taken-leave']);
  });

  it('new readings, and the house, to whoever asked for them', async () => {
    house = await PageHouse.start();
    const events = await house.listen<'readings' | 'house'>('?streams=readings');
    await house.publishReadings('salon', [
      [0, 300],
      [1, 0],
    ]);
    await events.until(() => events.of('readings').flatMap(({ readings }) => readings).length === 2, 'two readings');
    const told = events.of('readings').flatMap(({ readings }) => readings);
    assert.deepEqual(
      told.map(({ seq, isBackfilled }) => [seq, isBackfilled]),
      [
        [0, true],
        [1, false],
      ],
    );
    assert.deepEqual(events.of('house'), []);
    const whole = await house.listen<'house'>('?streams=house');
    await whole.until(() => whole.of('house').length === 2, 'the house, and again');
  });
});

function find<Kind extends BrokerEvent['kind']>(events: readonly BrokerEvent[], kind: Kind): Extract<BrokerEvent, { kind: Kind }> {
  const found = events.find((event) => event.kind === kind);
  assert.ok(found, kind);
  return found as Extract<BrokerEvent, { kind: Kind }>;
}

/** Deliveries and acknowledgements may overtake each other. */
function strip(events: readonly { kind: string }[]): string[] {
  return events.map(({ kind }) => kind).toSorted();
}

describe('page: MQTT on its own origin', () => {
  afterEach(() => house.close());
  const relay = () => `${house.url.replace('http', 'ws')}/mqtt`;

  it('carries a client to the broker', async () => {
    house = await PageHouse.start();
    const browser = await (await Listener.connect(relay())).subscribe('maison/#');
    await house.publish('maison/salon/temperature', 'x'.repeat(300_000));
    await browser.until(() => browser.heard.length === 1, 'the message');
    assert.equal(browser.heard[0]?.payload.length, 300_000);
    await browser.leave();
  });

  it('closes with the broker, and comes back with it', async () => {
    house = await PageHouse.start();
    const browser = await Listener.connect(relay());
    const closed = new Promise<void>((resolve) => browser.client.once('close', () => resolve()));
    await house.broker.cut();
    await closed;
    await house.broker.restore();
    await (await Listener.connect(relay())).leave();
  });

  it('is for pages of its own origin alone', async () => {
    house = await PageHouse.start();
    const statusOf = async (url: string, origin: string) => {
      const webSocket = new WebSocket(url, 'mqtt', { origin });
      webSocket.on('error', () => {});
      const [status] = await Promise.race([
        once(webSocket, 'upgrade').then(([response]) => [response.statusCode]),
        once(webSocket, 'unexpected-response').then(([, response]) => [response.statusCode]),
      ]);

      webSocket.terminate();
      return status as number;
    };
    assert.equal(await statusOf(relay(), house.url), 101);
    assert.equal(await statusOf(relay(), 'http://evil.example'), 403);
    assert.equal(await statusOf(`${relay()}/other`, house.url), 404);
  });
});

describe('page: what it says of itself', () => {
  afterEach(() => house.close());

  it('on this computer: nobody is asked for anything, and nothing can be broken without a simulator', async () => {
    house = await PageHouse.start();
    const config = await house.get<Config>('/api/config');
    assert.deepEqual(config, {
      version: '0.0.0',
      mqtt: { path: '/mqtt', needsLogin: false, broker: house.broker.url },
      needsLogin: false,
      prefix: 'maison',
      template: '{prefix}/{room}/{quantity}',
      maps: [],
      intervalSeconds: 10,
      windowSeconds: 60,
      publishesMeans: false,
      canBreak: false,
      hasBrokerEvents: true,
      isLan: false,
      needsKey: false,
      isLocked: false,
      keepsData: false,
      language: 'en',
      address: null,
    });
    assert.equal((await house.post('/api/weather', { temperature: 1, humidity: 1 })).status, 409);
    assert.equal((await house.post('/api/lock', { isLocked: true })).status, 409);
    assert.equal((await fetch(`${house.url}/api/address.svg`)).status, 404);
  });
});
