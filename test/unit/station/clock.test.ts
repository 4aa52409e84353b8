// The clock: which times are believed, and when a new one is taken.

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { Clock, EPOCH_EARLIEST_SECONDS, EPOCH_LATEST_SECONDS } from '../../../firmware/station/clock.js';

const NOON = 1_763_812_800;

describe('clock', () => {
  let machineTime: number | undefined;
  let clock: Clock;
  const hear = (text: string, nowMs: number) => clock.hear(new Uint8Array(Buffer.from(text)), nowMs);

  beforeEach(() => {
    machineTime = undefined;
    clock = new Clock(() => machineTime);
  });

  it('does not know the time at first, nor from a machine that does not', () => {
    clock.refresh(1_000);
    assert.equal(clock.offsetSeconds, undefined);
  });

  it('takes the time of the machine: what it was at uptime 0', () => {
    machineTime = NOON;
    clock.refresh(10_000);
    assert.equal(clock.offsetSeconds, NOON - 10);
  });

  it('takes the time that the host says', () => {
    hear(String(NOON), 10_400);
    assert.equal(clock.offsetSeconds, NOON - 10);
  });

  it('never publishes 1970, nor another year that cannot be', () => {
    for (const epochSeconds of [Number.NaN, 0, 1, 946_684_800, EPOCH_EARLIEST_SECONDS - 1, EPOCH_LATEST_SECONDS, 9_999_999_999]) {
      machineTime = epochSeconds;
      clock.refresh(0);
      machineTime = undefined;
      hear(String(epochSeconds), 0);
      assert.equal(clock.offsetSeconds, undefined, String(epochSeconds));
    }
    hear(String(EPOCH_EARLIEST_SECONDS), 0);
    assert.equal(clock.offsetSeconds, EPOCH_EARLIEST_SECONDS);
    hear(String(EPOCH_LATEST_SECONDS - 1), 0);
    assert.equal(clock.offsetSeconds, EPOCH_LATEST_SECONDS - 1);
  });

  it('keeps its time while a new one differs by less than 2 s, so that a reading has one time', () => {
    hear(String(NOON), 0);
    for (const [epochSeconds, nowMs] of [
      [NOON + 1, 0],
      [NOON - 1, 0],
      [NOON + 60, 60_499],
      [NOON + 60, 58_600],
    ] as const) {
      hear(String(epochSeconds), nowMs);
      assert.equal(clock.offsetSeconds, NOON);
    }
    hear(String(NOON + 2), 0);
    assert.equal(clock.offsetSeconds, NOON + 2);
    hear(String(NOON), 0);
    assert.equal(clock.offsetSeconds, NOON);
  });

  it('does not listen to the host while the machine knows', () => {
    machineTime = NOON;
    clock.refresh(0);
    hear(String(NOON + 3_600), 0);
    assert.equal(clock.offsetSeconds, NOON);
  });

  it('is corrected by the machine after it has listened to the host', () => {
    hear(String(NOON + 3_600), 0);
    machineTime = NOON;
    clock.refresh(0);
    assert.equal(clock.offsetSeconds, NOON);
  });

  for (const garbage of [
    '',
    ' ',
    '-1763812800',
    '1763812800 ',
    '1763812800.5',
    '1.76e9',
    '0x6921ab00',
    '17638128000',
    '{"time":1}',
    'é',
  ]) {
    it(`ignores ${JSON.stringify(garbage)}`, () => {
      hear(garbage, 0);
      assert.equal(clock.offsetSeconds, undefined);
    });
  }
});
