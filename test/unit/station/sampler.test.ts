// The sampler: when the sensor is read, and what becomes of a read that fails.

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { Dht22 } from '../../../firmware/dht22/sensor.js';
import { READ_MINIMUM_INTERVAL_MS, Sampler, SENSOR_FAULT_CLASSES } from '../../../firmware/station/sampler.js';
import { hex } from '../../vectors/hex.js';
import { type FakeCapture, fakeCaptures } from '../dht22/fake-capture.js';

const POWER_UP_MS = 1_000;
const CAPTURE_TIMEOUT_MS = 500;
const NEVER = Number.POSITIVE_INFINITY;

describe('sampler', () => {
  let sampler: Sampler;
  let capture: FakeCapture;
  let events: string[];
  let nowMs: number;

  /** Calls `tick` at each deadline up to `untilMs`; the sensor answers at once. Returns when it was asked. */
  function runUntil(untilMs: number): number[] {
    const asked: number[] = [];
    while (sampler.deadlineMs <= untilMs) {
      nowMs = sampler.deadlineMs;
      const { starts } = capture;
      sampler.tick(nowMs);
      if (capture.starts > starts) {
        asked.push(nowMs);
        capture.answer(214, 452);
      }
    }
    return asked;
  }

  function create(intervalMs: number): void {
    const { Capture, made } = fakeCaptures();
    const sensor = new Dht22({ sensor: { io: Capture, pin: 4 } });
    capture = made[0] as FakeCapture;
    events = [];
    nowMs = 0;
    sampler = new Sampler({
      sensor,
      uptime: () => nowMs,
      intervalMs,
      handler: {
        onReading: (temperatureTenths, humidityTenths, atMs) => events.push(`${temperatureTenths} ${humidityTenths} at ${atMs}`),
        onFault: (fault, bit) => events.push(`${fault} ${bit}`),
      },
    });
  }

  /** When readings were handed on. */
  const readAt = () => events.flatMap((event) => (event.includes(' at ') ? Number(event.split(' at ')[1]) : []));

  /** Calls `tick` at its deadline; then the sensor does as `answer` says. */
  function readOnce(answer: () => void): void {
    nowMs = sampler.deadlineMs;
    sampler.tick(nowMs);
    answer();
  }

  beforeEach(() => create(10_000));

  it('asks nothing before it was started, and nothing in the first second (datasheet)', () => {
    assert.equal(sampler.deadlineMs, NEVER);
    sampler.tick(1e9);
    sampler.start(5_000);
    assert.equal(sampler.deadlineMs, 5_000 + POWER_UP_MS);
    sampler.tick(5_000 + POWER_UP_MS - 1);
    assert.equal(capture.starts, 0);
    sampler.tick(5_000 + POWER_UP_MS);
    assert.equal(capture.starts, 1);
  });

  it('gives readings on a grid of the interval; after a pause of more than 5 s the stale value is read off 2 s before', () => {
    sampler.start(0);
    assert.deepEqual(runUntil(31_000), [1_000, 9_000, 11_000, 19_000, 21_000, 29_000, 31_000]);
    assert.deepEqual(readAt(), [1_000, 11_000, 21_000, 31_000]);
  });

  it('reads once for a reading where they are not more than 5 s apart', () => {
    for (const intervalMs of [2_000, 5_000]) {
      create(intervalMs);
      sampler.start(0);
      const grid = [0, 1, 2, 3].map((slot) => 1_000 + slot * intervalMs);
      assert.deepEqual(runUntil(grid.at(-1) as number), grid);
      assert.deepEqual(readAt(), grid);
    }
  });

  it('never reads within 2 s of the last read, whenever it is called', () => {
    create(3_000);
    sampler.start(0);
    const asked: number[] = [];
    // Late by another time at each call.
    for (let call = 0; call < 200; call++) {
      nowMs = sampler.deadlineMs + ((call * 397) % 1_700);
      const { starts } = capture;
      sampler.tick(nowMs);
      if (capture.starts === starts) continue;
      asked.push(nowMs);
      if (call % 3 === 0) capture.stayQuiet();
      else capture.answer(214, 452);
    }
    assert.ok(asked.length > 100);
    asked.forEach((atMs, index) => {
      const since = atMs - (asked[index - 1] ?? Number.NEGATIVE_INFINITY);
      assert.ok(since >= READ_MINIMUM_INTERVAL_MS, `${since} ms`);
    });
  });

  it('is not pushed off the grid by a timer that is late by some ms', () => {
    create(2_000);
    sampler.start(0);
    for (let slot = 0; slot < 50; slot++) {
      assert.equal(sampler.deadlineMs, 1_000 + slot * 2_000);
      nowMs = sampler.deadlineMs + 3;
      sampler.tick(nowMs);
      capture.answer(214, 452);
    }
  });

  it('keeps to the grid when it is called late', () => {
    sampler.start(0);
    nowMs = 1_900;
    sampler.tick(nowMs);
    capture.answer(214, 452);
    assert.deepEqual(runUntil(25_000), [9_000, 11_000, 19_000, 21_000]);
  });

  it('does not make up for what it missed', () => {
    sampler.start(0);
    nowMs = 34_000;
    sampler.tick(nowMs);
    capture.answer(214, 452);
    assert.equal(capture.starts, 1);
    assert.deepEqual(runUntil(41_000), [39_000, 41_000]);
    assert.deepEqual(readAt(), [34_000, 41_000]);
  });

  it('hands on tenths, with the time at which they came', () => {
    sampler.start(0);
    sampler.tick(1_000);
    nowMs = 1_005;
    capture.answer(-2, 456);
    assert.deepEqual(events, ['-2 456 at 1005']);
  });

  it('tries a failed read again after 2 s, three times at most, then gives the reading up', () => {
    sampler.start(0);
    const asked: number[] = [];
    for (let read = 0; read < 6; read++) {
      asked.push(sampler.deadlineMs);
      readOnce(() => capture.stayQuiet());
    }
    // The last try was less than 5 s before the next place on the grid: the value of that read is no old one.
    assert.deepEqual(asked, [1_000, 3_000, 5_000, 7_000, 11_000, 13_000]);
    readOnce(() => capture.answer(214, 452));
    assert.deepEqual(readAt(), [15_000]);
    assert.deepEqual(runUntil(21_000), [19_000, 21_000]);
  });

  it('tries again only where that does not push the next reading off its place', () => {
    create(5_000);
    sampler.start(0);
    readOnce(() => capture.stayQuiet());
    readOnce(() => capture.stayQuiet());
    assert.equal(nowMs, 3_000);
    assert.equal(sampler.deadlineMs, 6_000);
    create(2_000);
    sampler.start(0);
    readOnce(() => capture.stayQuiet());
    assert.equal(sampler.deadlineMs, 3_000);
  });

  it('reads for the reading even where the read before it, for the stale value, failed', () => {
    sampler.start(0);
    readOnce(() => capture.answer(214, 452));
    readOnce(() => capture.stayQuiet());
    assert.equal(nowMs, 9_000);
    assert.equal(sampler.deadlineMs, 11_000);
    readOnce(() => capture.answer(215, 452));
    assert.deepEqual(readAt(), [1_000, 11_000]);
  });

  it('counts faults by class, and goes on', () => {
    const faults = [
      () => capture.stayQuiet(),
      () => capture.breakOff(21),
      () => capture.answerFrame(hex('02 8c 01 5f ef')),
      () => capture.answerFrame(hex('ff ff ff ff fc')),
      () => capture.stayQuiet(),
    ];
    sampler.start(0);
    for (const fail of faults) readOnce(fail);
    assert.deepEqual(events, ['no-response -1', 'bit-missing 9', 'checksum -1', 'out-of-range -1', 'no-response -1']);
    assert.deepEqual(
      SENSOR_FAULT_CLASSES.map((fault, index) => `${fault} ${sampler.faultCounts[index]}`),
      ['no-response 2', 'bit-missing 1', 'checksum 1', 'ambiguous 0', 'out-of-range 1', 'impostor 0', 'capture-timeout 0'],
    );
  });

  it('counts good reads that had to be repaired, stale ones too', () => {
    sampler.start(0);
    readOnce(() => capture.answer(214, 452));
    readOnce(() => capture.answerLate(214, 452, 10, 45));
    readOnce(() => capture.answerLate(214, 452, 11, 45));
    readOnce(() => capture.answer(214, 452));
    assert.equal(sampler.repairedReads, 2);
    assert.deepEqual(readAt(), [1_000, 11_000]);
  });

  it('knows what is wrong since when, until the sensor gives a reading', () => {
    sampler.start(0);
    assert.equal(sampler.trouble, undefined);
    readOnce(() => capture.stayQuiet());
    readOnce(() => capture.breakOff(21));
    assert.deepEqual(sampler.trouble, { fault: 'bit-missing', bit: 9, sinceMs: 1_000 });
    readOnce(() => capture.answer(214, 452));
    assert.equal(sampler.trouble, undefined);
  });

  it('gives up a capture that does not end', () => {
    sampler.start(0);
    sampler.tick(1_000);
    assert.equal(sampler.deadlineMs, 1_000 + CAPTURE_TIMEOUT_MS);
    sampler.tick(1_000 + CAPTURE_TIMEOUT_MS - 1);
    assert.deepEqual(events, []);
    sampler.tick(1_000 + CAPTURE_TIMEOUT_MS);
    assert.deepEqual(events, ['capture-timeout -1']);
    assert.equal(capture.closes, 1);
    assert.equal(sampler.faultCounts[SENSOR_FAULT_CLASSES.indexOf('capture-timeout')], 1);
    assert.equal(sampler.deadlineMs, 3_000);
  });

  it('gives it up before it asks again, when both are due at once', () => {
    sampler.start(0);
    sampler.tick(1_000);
    sampler.tick(12_000);
    assert.deepEqual(events, ['capture-timeout -1']);
    assert.equal(capture.starts, 2);
  });

  it('stops, and ends a read under way', () => {
    sampler.start(0);
    sampler.tick(1_000);
    sampler.stop();
    assert.equal(capture.closes, 1);
    assert.equal(sampler.deadlineMs, NEVER);
    capture.answer(214, 452);
    assert.deepEqual(events, []);
  });
});
