// The means of the lab: a window for each room, each room once in the house, and bounds.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { houseMean, Means, READINGS_MAXIMUM, ROOMS_MAXIMUM } from '../../../host-sim/exercises/means.js';

const WINDOW_SECONDS = 60;

function meansOf(...readings: readonly (readonly [room: string, celsius: number | undefined, atMs: number])[]): Means {
  const means = new Means(WINDOW_SECONDS);
  for (const reading of readings) means.add(...reading);
  return means;
}

describe('exercises: means', () => {
  it('are those of the window that ends now', () => {
    const means = meansOf(['salon', 10, 0], ['salon', 20, 1000], ['salon', 22, 2000]);
    const at = (nowMs: number) => means.ofRooms(nowMs);
    assert.deepEqual(at(60_500), [{ room: 'salon', celsius: 21, count: 2, unreadable: 0 }]);
    assert.deepEqual(at(62_000), [{ room: 'salon', celsius: 22, count: 1, unreadable: 0 }]);
    assert.deepEqual(at(62_001), [{ room: 'salon', celsius: undefined, count: 0, unreadable: 0 }]);
  });

  it('count what is no temperature, and take nothing from it', () => {
    const rooms = meansOf(['b', undefined, 0], ['a', 20, 0], ['b', 10, 0], ['b', undefined, 0]).ofRooms(0);
    assert.deepEqual(rooms, [
      { room: 'a', celsius: 20, count: 1, unreadable: 0 },
      { room: 'b', celsius: 10, count: 1, unreadable: 2 },
    ]);
  });

  it('of the house: each room once, without the silent ones', () => {
    const means = meansOf(['grenier', -40, 0], ['salon', 20, 70_000], ['salon', 20, 70_000], ['cuisine', 10, 70_000]);
    assert.equal(houseMean(means.ofRooms(70_000)), 15);
    assert.equal(houseMean(means.ofRooms(1_000_000)), undefined);
    assert.equal(houseMean([]), undefined);
  });

  it('keep the newest readings of a room, and so many rooms', () => {
    const means = new Means(WINDOW_SECONDS);
    for (let index = 0; index <= READINGS_MAXIMUM; index++) means.add('salon', index === 0 ? 1e6 : 20, 0);
    assert.deepEqual(means.ofRooms(0), [{ room: 'salon', celsius: 20, count: READINGS_MAXIMUM, unreadable: 0 }]);
    for (let index = 1; index < ROOMS_MAXIMUM + 3; index++) means.add(`room-${index}`, 20, 0);
    assert.equal(means.ofRooms(0).length, ROOMS_MAXIMUM);
    assert.equal(means.ignored, 3);
    means.add('salon', 20, 0);
    assert.equal(means.ignored, 3);
  });
});
