// The sampler: when the sensor is read, and what becomes of a read that fails.

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { Dht22 } from '../../../firmware/dht22/sensor.js';
import { Sampler, SENSOR_FAULT_CLASSES } from '../../../firmware/station/sampler.js';
import { hex } from '../../vectors/hex.js';
import { type FakeCapture, fakeCaptures } from '../dht22/fake-capture.js';

const INTERVAL_MS = 10_000;
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

  beforeEach(() => {
    const { Capture, made } = fakeCaptures();
    const sensor = new Dht22({ sensor: { io: Capture, pin: 4 } });
    capture = made[0] as FakeCapture;
    events = [];
    nowMs = 0;
    sampler = new Sampler({
      sensor,
      uptime: () => nowMs,
      intervalMs: INTERVAL_MS,
      onReading: (temperatureTenths, humidityTenths, atMs) => events.push(`${temperatureTenths} ${humidityTenths} at ${atMs}`),
      onFault: (fault, bit) => events.push(`${fault} ${bit}`),
    });
  });

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

  it('reads on a grid of the interval', () => {
    sampler.start(0);
    assert.deepEqual(runUntil(45_000), [1_000, 11_000, 21_000, 31_000, 41_000]);
  });

  it('keeps to the grid when it is called late', () => {
    sampler.start(0);
    sampler.tick(1_900);
    capture.answer(0, 0);
    assert.deepEqual(runUntil(25_000), [11_000, 21_000]);
  });

  it('does not make up for what it missed', () => {
    sampler.start(0);
    sampler.tick(34_000);
    capture.answer(0, 0);
    assert.equal(capture.starts, 1);
    assert.equal(sampler.deadlineMs, 41_000);
  });

  it('hands on tenths, with the time at which they came', () => {
    sampler.start(0);
    sampler.tick(1_000);
    nowMs = 1_005;
    capture.answer(-2, 456);
    assert.deepEqual(events, ['-2 456 at 1005']);
    assert.equal(sampler.deadlineMs, 11_000);
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
    for (const fail of faults) {
      sampler.tick(sampler.deadlineMs);
      fail();
    }
    assert.deepEqual(events, ['no-response -1', 'bit-missing 9', 'checksum -1', 'out-of-range -1', 'no-response -1']);
    assert.deepEqual(
      SENSOR_FAULT_CLASSES.map((fault, index) => `${fault} ${sampler.faultCounts[index]}`),
      ['no-response 2', 'bit-missing 1', 'checksum 1', 'out-of-range 1', 'capture-timeout 0'],
    );
    assert.deepEqual(runUntil(51_000), [51_000]);
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
    assert.deepEqual(runUntil(11_000), [11_000]);
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
    capture.answer(0, 0);
    assert.deepEqual(events, []);
  });
});
