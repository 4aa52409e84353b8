// The recording: identities, guesses, limits, restarts, and what a killed process leaves behind.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'mocha';
import { Store } from '../../../host-sim/page/record/store.js';
import { UserError } from '../../../host-sim/user-error.js';
import { FIRST_TIME, newReading, STATION } from './new-reading.js';

const ALL = Number.MAX_SAFE_INTEGER;
const START = { time: 0, source: -1, seq: -1 };

describe('page: the recording', () => {
  let store: Store;
  const times = (room = 'salon') => store.points(room, 0, ALL, 0).map(({ time }) => time);
  beforeEach(() => {
    store = Store.open(undefined);
  });
  afterEach(() => store.close());

  it('records a reading once, however often it comes', () => {
    assert.equal(store.record([newReading(0), newReading(1), newReading(0)]).recorded.length, 2);
    assert.equal(store.record([newReading(1)]).recorded.length, 0);
    assert.deepEqual(times(), [FIRST_TIME, FIRST_TIME + 10]);
  });

  it('knows an identity in another room too', () => {
    store.record([newReading(0)]);
    const again = newReading(0, { room: 'cuisine', time: FIRST_TIME + 1 });
    assert.deepEqual(store.record([again]), { recorded: [], duplicates: 1, withoutPlace: 0 });
  });

  it('takes the same seq of another boot for another reading', () => {
    const other = { station: STATION, boot: 1, seq: 0 };
    assert.equal(store.record([newReading(0), newReading(0, { identity: other })]).recorded.length, 2);
  });

  it('replaces a guessed time by a known one, and never the other way round', () => {
    store.record([newReading(0, { time: FIRST_TIME + 3, isGuessed: true })]);
    assert.equal(store.record([newReading(0)]).recorded.length, 1);
    assert.deepEqual(times(), [FIRST_TIME]);
    assert.equal(store.record([newReading(0, { time: FIRST_TIME + 5, isGuessed: true })]).recorded.length, 0);
    assert.deepEqual(times(), [FIRST_TIME]);
  });

  it('keeps values without an identity, one for each moment and quantity', () => {
    const value = { identity: undefined, time: FIRST_TIME };
    const readings = [newReading(0, { ...value, humidity: null }), newReading(0, { ...value, temperature: null })];
    assert.equal(store.record(readings).recorded.length, 2);
    assert.deepEqual(
      store
        .readings('salon', START, ALL, 10)
        .map(({ station, boot, temperature, humidity }) => [station, boot, temperature, humidity]),
      [
        [null, null, 21.4, null],
        [null, null, null, 45.2],
      ],
    );
  });

  it('gives means of buckets, with lowest and highest, and says what came late', () => {
    store.record([newReading(0, { temperature: 20 }), newReading(1, { temperature: 22, isLate: true }), newReading(2)]);
    const [first, second] = store.points('salon', 0, ALL, 20);
    assert.deepEqual(
      [first?.time, first?.temperature, first?.temperatureMinimum, first?.temperatureMaximum, first?.late],
      [FIRST_TIME, 20, 20, 20, 0],
    );
    assert.deepEqual([second?.time, second?.temperature, second?.late], [FIRST_TIME + 15, 21.7, 1]);
  });

  it('reads a period from its start up to, but without its end', () => {
    store.record([0, 1, 2].map((seq) => newReading(seq)));
    assert.equal(store.points('salon', FIRST_TIME, FIRST_TIME + 20, 0).length, 2);
  });

  it('goes on behind a place, however many readings one moment has', () => {
    store.record([1, 2, 3, 4].map((boot) => newReading(0, { identity: { station: STATION, boot, seq: 0 } })));
    const first = store.readings('salon', START, ALL, 3);
    const place = first.at(-1);
    assert.ok(place);
    assert.deepEqual(
      [...first, ...store.readings('salon', place, ALL, 3)].map(({ boot }) => boot),
      [1, 2, 3, 4],
    );
  });

  it('forgets a room with its readings, and takes it again', () => {
    store.record([newReading(0), newReading(0, { room: 'cuisine', identity: { station: STATION, boot: 1, seq: 0 } })]);
    assert.equal(store.forget('salon'), true);
    assert.equal(store.forget('salon'), false);
    assert.deepEqual(store.rooms, ['cuisine']);
    assert.deepEqual(times(), []);
    assert.equal(store.record([newReading(0)]).recorded.length, 1);
  });

  it('gives lowest and highest since a time', () => {
    store.record([newReading(0, { temperature: -3 }), newReading(1, { temperature: 20 }), newReading(2, { temperature: 22 })]);
    const { temperatureMinimum, temperatureMaximum } = store.extremes('salon', FIRST_TIME + 10);
    assert.deepEqual([temperatureMinimum, temperatureMaximum], [20, 22]);
    assert.equal(store.extremes('nowhere', 0).temperatureMinimum, null);
  });
});

describe('page: limits of the recording', () => {
  it('deletes the oldest readings, and counts them', () => {
    const store = Store.open(undefined, { rooms: 10, readings: 400 });
    // A reading each ten seconds: 360 in an hour, which is what is deleted at once.
    store.record(Array.from({ length: 400 }, (_, seq) => newReading(seq)));
    assert.equal(store.expiredCount, 0);
    store.record([newReading(400)]);
    assert.equal(store.expiredCount, 360);
    assert.equal(store.points('salon', 0, ALL, 0)[0]?.time, FIRST_TIME + 3600);
    store.close();
  });

  it('takes no more rooms than it has place for', () => {
    const store = Store.open(undefined, { rooms: 2, readings: 100 });
    const rooms = ['a', 'b', 'c'].map((room, boot) => newReading(0, { room, identity: { station: STATION, boot, seq: 0 } }));
    assert.deepEqual(store.record(rooms), { recorded: rooms.slice(0, 2), duplicates: 0, withoutPlace: 1 });
    assert.deepEqual([store.hasPlaceFor('a'), store.hasPlaceFor('c')], [true, false]);
    store.forget('a');
    assert.equal(store.record(rooms.slice(2)).recorded.length, 1);
    store.close();
  });
});

describe('page: a recording in a directory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'station-meteo-data-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const directory = (name: string) => join(folder, name);

  it('is kept over a restart, with its identities and its limits', () => {
    const path = directory('kept');
    const first = Store.open(path, { rooms: 10, readings: 400 });
    first.record(Array.from({ length: 399 }, (_, seq) => newReading(seq)));
    first.close();
    const second = Store.open(path, { rooms: 10, readings: 400 });
    assert.deepEqual(second.rooms, ['salon']);
    assert.equal(second.record([newReading(398), newReading(399)]).recorded.length, 1);
    assert.equal(second.expiredCount, 0);
    second.record([newReading(400)]);
    assert.equal(second.expiredCount, 360);
    second.close();
  });

  it('belongs to one process at a time', () => {
    const path = directory('owned');
    const store = Store.open(path);
    // Another process: this one is let in, as a program that starts again in a container is.
    const program = `import('${new URL('../../../host-sim/page/record/store.js', import.meta.url)}').then(({ Store }) => {
      try { Store.open(${JSON.stringify(path)}); } catch (error) { console.log(error.name, error.message); }
    })`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    assert.match(stdout, new RegExp(`^UserError .*in use by another program \\(process ${process.pid}\\).*--data DIR`));
    store.close();
  });

  it('survives a process that is killed while it writes', () => {
    const path = directory('killed');
    const program = `import('${new URL('../../../host-sim/page/record/store.js', import.meta.url)}').then(({ Store }) => {
      const store = Store.open(${JSON.stringify(path)});
      const identity = (seq) => ({ station: '${STATION}', boot: 7, seq });
      for (let seq = 0; ; seq++) {
        store.record([{ room: 'salon', identity: identity(seq), time: ${FIRST_TIME} + seq, isGuessed: false, isLate: false, temperature: 20, humidity: 50 }]);
        if (seq === 500) process.kill(process.pid, 'SIGKILL');
      }
    })`;
    const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', program]);
    assert.equal(signal, 'SIGKILL');
    const store = Store.open(path);
    const seqs = store.readings('salon', START, ALL, 1_000).map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      Array.from({ length: 501 }, (_, seq) => seq),
    );
    store.close();
  });

  const refused = (what: string, name: string, prepare: (path: string) => void) => {
    it(`is refused where ${what}, in one sentence`, () => {
      const path = directory(name);
      prepare(path);
      assert.throws(
        () => Store.open(path),
        (error) => error instanceof UserError && error.message.includes(path) && error.message.includes('--data DIR'),
      );
    });
  };
  refused('the file is no database', 'garbage', (path) => {
    mkdirSync(path);
    writeFileSync(join(path, 'recording.db'), 'not a database at all, and long enough to be looked at as one'.repeat(100));
  });
  refused('the directory is a file', 'file', (path) => writeFileSync(path, ''));
});
