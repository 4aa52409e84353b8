// Values count where no batch speaks for them: before, while, and after a station of ours is there.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { HELD_MAXIMUM_VALUES, ValueGate } from '../../../host-sim/page/record/value-gate.js';
import { newReading } from './new-reading.js';

const value = (room = 'salon') => newReading(0, { room, identity: undefined, humidity: null });

describe('page: values and batches of one room', () => {
  it('a value alone counts after a moment', () => {
    const gate = new ValueGate();
    gate.hold(value(), 0);
    assert.deepEqual(gate.release(2_999), []);
    assert.deepEqual(gate.release(3_000), [value()]);
    assert.deepEqual(gate.release(9_000), []);
  });

  it('a value that a batch follows does not count, and no later one either', () => {
    const gate = new ValueGate();
    gate.hold(value(), 0);
    gate.batch('salon', 100);
    assert.deepEqual(gate.release(3_000), []);
    gate.hold(value(), 60_000);
    assert.deepEqual(gate.release(63_000), []);
  });

  it('batches of another room do not matter', () => {
    const gate = new ValueGate();
    gate.hold(value(), 0);
    gate.batch('cuisine', 100);
    assert.deepEqual(gate.release(3_000), [value()]);
  });

  it('values count again where batches have stopped', () => {
    const gate = new ValueGate();
    gate.batch('salon', 0);
    gate.hold(value(), 120_001);
    assert.deepEqual(gate.release(123_001), [value()]);
  });

  it('holds so many and no more', () => {
    const gate = new ValueGate();
    for (let count = 0; count < HELD_MAXIMUM_VALUES; count++) assert.equal(gate.hold(value(), 0), true);
    assert.equal(gate.hold(value(), 0), false);
  });
});
