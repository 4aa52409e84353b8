// The recorder without a broker and a clock: times that stations did not know, late readings, limits.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Recorder } from '../../../host-sim/page/record/recorder.js';
import { type NewReading, Store } from '../../../host-sim/page/record/store.js';
import { RoomTopics } from '../../../host-sim/page/record/topics.js';
import { BOOT, FIRST_TIME, STATION } from './new-reading.js';

describe('page: the recorder', () => {
  let store: Store;
  let recorder: Recorder;
  let now: number;
  let told: NewReading[];
  const intervals: [room: string, seconds: number][] = [];

  beforeEach(() => {
    store = Store.open(undefined);
    now = FIRST_TIME;
    told = [];
    recorder = new Recorder({
      topics: new RoomTopics({ prefix: 'maison', template: '{prefix}/{room}/{quantity}', maps: [] }),
      store,
      now: () => now,
      intervalOf: () => 10,
      onInterval: (room, seconds) => intervals.push([room, seconds]),
      onRecorded: (readings) => told.push(...readings),
    });
  });
  afterEach(() => store.close());

  const hear = (topic: string, payload: string, more: { isRetained?: boolean; time?: number } = {}) => {
    recorder.hear({ topic, payload: Buffer.from(payload), isRetained: false, time: undefined, ...more });
  };
  const hearBatch = (readings: readonly object[]) => {
    hear('maison/salon/readings', JSON.stringify({ station: STATION, boot: BOOT, readings }));
    recorder.flush();
  };
  const values = { temperature: 20, humidity: 50 };

  it('reckons the time of a station that does not know it from the earliest start that its messages allow', () => {
    now = FIRST_TIME + 30;
    hearBatch([{ seq: 0, time: null, uptime: 10, ...values }]);
    now = FIRST_TIME + 32;
    hearBatch([{ seq: 1, time: null, uptime: 20, ...values }]);
    now = FIRST_TIME + 60;
    hearBatch([{ seq: 2, time: null, uptime: 30, ...values }]);
    assert.deepEqual(
      told.map(({ time, isGuessed }) => [time - FIRST_TIME, isGuessed]),
      [
        [30, true],
        [32, true],
        [42, true],
      ],
    );
  });

  it('takes the true time of a reading whose time was reckoned, and tells it', () => {
    hearBatch([{ seq: 0, time: null, uptime: 10, ...values }]);
    hearBatch([{ seq: 0, time: FIRST_TIME - 100, ...values }]);
    assert.deepEqual(
      told.map(({ time }) => time - FIRST_TIME),
      [0, -100],
    );
    assert.deepEqual(
      store.points('salon', 0, 5e9, 0).map(({ time }) => time - FIRST_TIME),
      [-100],
    );
  });

  it('calls late what arrives when the next reading was due', () => {
    now = FIRST_TIME + 100;
    hearBatch([
      { seq: 0, time: FIRST_TIME + 84, ...values },
      { seq: 1, time: FIRST_TIME + 86, ...values },
    ]);
    assert.deepEqual(
      told.map(({ isLate }) => isLate),
      [true, false],
    );
  });

  it('does not believe a clock that runs ahead by more than a day', () => {
    hearBatch([{ seq: 0, time: FIRST_TIME + 86_401, ...values }]);
    assert.deepEqual([told, recorder.counts.invalid], [[], 1]);
  });

  it('takes the time of a value from its message, where there is one', () => {
    hear('maison/emetteur/temperature', '20', { time: FIRST_TIME - 60 });
    hear('maison/emetteur/humidity', '50', { isRetained: true });
    hear('maison/emetteur/humidity', '');
    now += 4;
    recorder.flush();
    assert.deepEqual(
      told.map(({ time, temperature, humidity, isLate }) => [time, temperature, humidity, isLate]),
      [[FIRST_TIME - 60, 20, null, true]],
    );
  });

  it('keeps every value without an identity, also those that arrive in the same millisecond, in their order', () => {
    for (const value of ['20', '21', '20']) hear('maison/emetteur/temperature', value);
    now += 4;
    recorder.flush();
    assert.deepEqual(
      store.points('emetteur', 0, 5e9, 0).map(({ temperature }) => temperature),
      [20, 21, 20],
    );
    assert.equal(recorder.counts.duplicates, 0);
  });

  it('learns how often a room measures, also from what the broker kept', () => {
    hear('maison/salon/info', '{"interval":30}', { isRetained: true });
    assert.deepEqual(intervals.at(-1), ['salon', 30]);
  });
});
