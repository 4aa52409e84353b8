// How long refused messages wait, and which are given up.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ReasonCode } from '../../../firmware/mqtt/reason.js';
import { RETRY_MAXIMUM_MS, RETRY_MINIMUM_MS } from '../../../firmware/station/backoff.js';
import { Refusals, TRIES_MAXIMUM } from '../../../firmware/station/refusals.js';

const { quotaExceeded, notAuthorized, payloadFormatInvalid, topicNameInvalid } = ReasonCode;
/** The longest wait is always drawn. */
const longest = () => new Refusals(() => 0xffff_ffff);
const NEVER = Number.POSITIVE_INFINITY;

describe('refusals', () => {
  it('hold their lane, and no other', () => {
    const refusals = longest();
    assert.equal(refusals.deadlineMs(1_000), NEVER);
    refusals.refused(1, 7, quotaExceeded, 1_000);
    const untilMs = refusals.deadlineMs(1_000);
    assert.ok(untilMs > 1_000 + RETRY_MINIMUM_MS);
    assert.deepEqual([refusals.holds(1, untilMs - 1), refusals.holds(1, untilMs), refusals.holds(2, 1_000)], [true, false, false]);
    assert.equal(refusals.deadlineMs(untilMs), NEVER);
    assert.deepEqual([refusals.count, refusals.code], [1, quotaExceeded]);
  });

  it('wait longer each time, a minute at most, and begin anew when something is taken', () => {
    const refusals = longest();
    let nowMs = 0;
    const waits = Array.from({ length: 8 }, () => {
      refusals.refused(1, 7, notAuthorized, nowMs);
      const waitMs = refusals.deadlineMs(nowMs) - nowMs;
      nowMs += waitMs;
      return waitMs;
    });
    assert.ok(waits.every((waitMs, index) => waitMs >= (waits[index - 1] ?? 0) && waitMs <= RETRY_MAXIMUM_MS));
    assert.ok((waits.at(-1) as number) > 59_000);
    refusals.accepted(1, 7);
    refusals.refused(1, 8, notAuthorized, nowMs);
    assert.equal(refusals.deadlineMs(nowMs) - nowMs, waits[0]);
  });

  it('of a whole window at once are one wait', () => {
    const refusals = longest();
    for (let key = 0; key < 8; key++) refusals.refused(1, key, quotaExceeded, 0);
    const untilMs = refusals.deadlineMs(0);
    const once = longest();
    once.refused(1, 0, quotaExceeded, 0);
    assert.equal(untilMs, once.deadlineMs(0));
    assert.equal(refusals.count, 8);
  });

  it('tell the first of several deadlines', () => {
    const refusals = longest();
    refusals.refused(1, 0, quotaExceeded, 500);
    refusals.refused(2, 0, quotaExceeded, 0);
    const [first, second] = [refusals.deadlineMs(0), refusals.deadlineMs(refusals.deadlineMs(0))];
    assert.equal(second - first, 500);
  });

  for (const code of [topicNameInvalid, payloadFormatInvalid]) {
    it(`give a message up after ${TRIES_MAXIMUM} tries where it is wrong in itself (0x${code.toString(16)})`, () => {
      const refusals = longest();
      const verdicts = [7, 7, 7, 8, 8, 8].map((key, index) => refusals.refused(1, key, code, index * 100_000));
      assert.deepEqual(verdicts, [false, false, true, false, false, true]);
    });
  }

  it('give nothing up for what may be mended', () => {
    const refusals = longest();
    for (const code of [notAuthorized, quotaExceeded, ReasonCode.unspecifiedError]) {
      for (let turn = 0; turn < 20; turn++) assert.equal(refusals.refused(1, 7, code, turn * 100_000), false);
    }
  });

  it('count the tries of the first message, not of those refused behind it', () => {
    const refusals = longest();
    const turn = (nowMs: number) => [7, 8, 9].map((key) => refusals.refused(1, key, payloadFormatInvalid, nowMs));
    assert.deepEqual(turn(0), [false, false, false]);
    assert.deepEqual(turn(100_000), [false, false, false]);
    // Behind the first, the next one is the first.
    assert.deepEqual(turn(200_000), [true, false, false]);
  });

  it('count from one again when the message was taken meanwhile', () => {
    const refusals = longest();
    refusals.refused(1, 7, payloadFormatInvalid, 0);
    refusals.refused(1, 7, payloadFormatInvalid, 100_000);
    refusals.accepted(1, 7);
    assert.equal(refusals.refused(1, 7, payloadFormatInvalid, 200_000), false);
  });
});
