// How far a room can be trusted at a moment: fresh, overdue, silent, without sensor, offline; and what the house takes in.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { RecordedReading, VirtualRoom } from '../../../host-sim/page/api.js';
import { addressReader, commandOf, parseDiagnostics, parseInfo } from '../../../host-sim/page/web/model/contract.js';
import { House, ROOMS_MAXIMUM } from '../../../host-sim/page/web/model/house.js';
import { Room, type RoomState } from '../../../host-sim/page/web/model/room.js';

const INTERVAL = 10;

function reading(time: number, more: Partial<RecordedReading> = {}): RecordedReading {
  return { room: 'salon', station: 'a', boot: 1, seq: time, time, temperature: 21, humidity: 45, isBackfilled: false, ...more };
}

function roomWith(prepare: (room: Room) => void): Room {
  const room = new Room('salon', 0, INTERVAL);
  prepare(room);
  return room;
}

const deadSensor = parseDiagnostics('{"sensor":{"fault":"no-response","bit":null,"since":5},"sensorErrors":{"no-response":3}}');

describe('page: state of a room', () => {
  const rows: readonly (readonly [name: string, room: Room, now: number, state: RoomState])[] = [
    ['nothing heard', roomWith(() => {}), 100, 'waiting'],
    ['a fresh reading', roomWith((room) => room.addReading(reading(100))), 110, 'online'],
    ['an overdue reading', roomWith((room) => room.addReading(reading(100))), 120, 'late'],
    ['three intervals without a reading', roomWith((room) => room.addReading(reading(100))), 132, 'silent'],
    [
      'its status says so, however fresh the reading',
      roomWith((room) => {
        room.addReading(reading(100));
        room.status = 'offline';
      }),
      101,
      'offline',
    ],
    [
      'its sensor gives nothing',
      roomWith((room) => {
        room.addReading(reading(100));
        room.diagnostics = deadSensor;
      }),
      140,
      'sensor',
    ],
    [
      'its sensor failed once, and gave a reading since',
      roomWith((room) => {
        room.addReading(reading(100));
        room.diagnostics = deadSensor;
      }),
      102,
      'online',
    ],
    [
      'its own interval is longer',
      roomWith((room) => {
        room.addReading(reading(100));
        room.info = parseInfo('{"interval":60}');
      }),
      160,
      'online',
    ],
  ];
  for (const [name, room, now, state] of rows) it(`${state}: ${name}`, () => assert.equal(room.state(now), state));

  it('joins two values of one moment into one sample', () => {
    const room = roomWith(() => {});
    room.addReading(reading(5, { humidity: null }));
    room.addReading(reading(5, { temperature: null }));
    assert.deepEqual(room.series.samples, [{ time: 5, temperature: 21, humidity: 45, isBackfill: false }]);
  });
});

describe('page: reports of stations', () => {
  const addressOf = addressReader('maison', '{prefix}/{room}/{quantity}');

  it('are found by the template of topics', () => {
    assert.deepEqual(addressOf('maison/salon/status'), { room: 'salon', report: 'status' });
    for (const topic of [
      'maison/salon/temperature',
      'maison/status',
      'maison/a/b/status',
      'Maison/salon/status',
      'maison//status',
    ]) {
      assert.equal(addressOf(topic), undefined, topic);
    }
    assert.deepEqual(addressReader('a.b', '{prefix}/x/{room}/{quantity}')('a.b/x/s/info'), { room: 's', report: 'info' });
    assert.equal(addressReader('a.b', '{prefix}/x/{room}/{quantity}')('aXb/x/s/info'), undefined, 'a dot is a dot');
    assert.deepEqual(commandOf('maison/salon/command/identify', 'maison', '{prefix}/{room}/{quantity}'), {
      room: 'salon',
      name: 'identify',
    });
    assert.equal(commandOf('maison/salon/commands/identify', 'maison', '{prefix}/{room}/{quantity}'), undefined);
    assert.equal(addressReader('maison', '/UPSSITECH/Weather_Station/{quantity}')('/UPSSITECH/Weather_Station/status'), undefined);
  });

  it('are read as far as they make sense', () => {
    assert.deepEqual(parseDiagnostics('{"buffered":3,"rssi":-61,"sensorErrors":{"checksum":2,"x":"y"},"sensor":null}'), {
      buffered: 3,
      dropped: 0,
      reconnects: 0,
      rssi: -61,
      sensorErrors: 2,
      sensorFault: undefined,
    });
    for (const payload of ['', 'null', '[]', '{"buffered":"<b>"', '{"buffered":-1}', '7']) {
      assert.equal(parseDiagnostics(payload).buffered, 0, payload);
    }
  });
});

describe('page: house', () => {
  const house = () => new House(addressReader('maison', '{prefix}/{room}/{quantity}'), INTERVAL);
  const message = (topic: string, payload: string) => ({
    topic,
    payload: new TextEncoder().encode(payload),
    bytes: payload.length,
    qos: 1 as const,
    isRetained: true,
    isDuplicate: false,
  });

  it('takes status, and neither an empty nor an overlong report', () => {
    const known = house();
    known.takeMessage(message('maison/salon/status', 'online'));
    known.takeMessage(message('maison/bureau/status', ''));
    known.takeMessage(message('maison/cave/info', 'x'.repeat(5_000)));
    known.takeMessage(message('maison/salon/status', '<script>'));
    assert.deepEqual(
      [...known.rooms.values()].map(({ name, status }) => [name, status]),
      [['salon', 'online']],
    );
  });

  it('has no more rooms than its maximum, and counts the rest', () => {
    const known = house();
    for (let index = 0; index < ROOMS_MAXIMUM + 3; index++) known.takeReadings([reading(1, { room: `r${index}` })]);
    assert.deepEqual([known.rooms.size, known.ignoredCount], [ROOMS_MAXIMUM, 3]);
  });

  it('counts what a virtual room buffers before what its last diagnostics said', () => {
    const known = house();
    known.takeMessage(message('maison/salon/diagnostics', '{"buffered":2}'));
    assert.equal(known.rooms.get('salon')?.buffered, 2);
    known.takeVirtualRooms([{ room: 'salon', buffered: 9 } as VirtualRoom]);
    assert.equal(known.rooms.get('salon')?.buffered, 9);
  });
});
