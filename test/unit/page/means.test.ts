// Means of a window: by when values were measured, in whatever order they arrive.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { WindowMean } from '../../../host-sim/means.js';
import { RoomRecord } from '../../../host-sim/page/record/room-record.js';

describe('a mean over a window', () => {
  it('counts what was measured inside it, also what arrived out of order', () => {
    const mean = new WindowMean(60_000);
    mean.add(50_000, 3);
    mean.add(0, 1);
    mean.add(20_000, 2);
    assert.equal(mean.mean(50_000), 2);
    assert.equal(mean.mean(60_001), 2.5);
    assert.equal(mean.mean(80_001), 3);
    assert.equal(mean.mean(110_001), undefined);
  });

  it('does not count what had left it before it arrived', () => {
    const mean = new WindowMean(60_000);
    mean.add(100_000, 3);
    mean.add(39_999, 1);
    assert.equal(mean.mean(100_000), 3);
  });
});

describe('page: what is remembered of a room', () => {
  const values = { temperature: 20, humidity: 50 };

  it('finds its pace in the distances between readings, until it says it', () => {
    const room = new RoomRecord('salon', 60);
    for (const time of [0, 30, 60, 61, 90, 120]) room.add({ time, ...values }, 120);
    assert.equal(room.intervalSeconds, 30);
    room.tellInterval(5);
    assert.equal(room.intervalSeconds, 5);
  });

  it('takes temperature and humidity that come on two topics for one reading', () => {
    const room = new RoomRecord('emetteur', 60);
    for (const time of [0, 10, 20]) {
      room.add({ time, temperature: time, humidity: null }, 20);
      room.add({ time: time + 0.01, temperature: null, humidity: 50 }, 21);
    }
    const { newest, intervalSeconds } = room.state(20);
    assert.deepEqual([newest?.temperature, newest?.humidity, Math.round(intervalSeconds)], [20, 50, 10]);
  });

  it('has the newest reading for a mean where readings are rarer than the window, while it is not old', () => {
    const room = new RoomRecord('cave', 60);
    room.tellInterval(300);
    room.add({ time: 0, ...values }, 0);
    assert.deepEqual([room.mean(200), room.isSilent(900)], [values, false]);
    assert.deepEqual([room.mean(901), room.isSilent(901)], [null, true]);
  });

  it('has measured nothing in the future', () => {
    const room = new RoomRecord('avance', 60);
    room.add({ time: 5_000, ...values }, 100);
    assert.equal(room.state(100).newest?.time, 100);
  });

  it('begins each day anew, with what was recorded in it before', () => {
    const room = new RoomRecord('salon', 60);
    room.beginDay(100, { temperatureMinimum: 18, temperatureMaximum: 19, humidityMinimum: null, humidityMaximum: null });
    room.add({ time: 99, temperature: -40, humidity: 0 }, 200);
    room.add({ time: 101, temperature: 21, humidity: 50 }, 200);
    assert.deepEqual(room.state(200).day, { temperature: { minimum: 18, maximum: 21 }, humidity: { minimum: 50, maximum: 50 } });
  });
});
