// The backoff: full jitter below a ceiling that doubles, within 1 s and 60 s.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Backoff, RETRY_MAXIMUM_MS, RETRY_MINIMUM_MS } from '../../../firmware/station/backoff.js';

const HIGHEST = 0xffff_ffff;
const times = (count: number, backoff: Backoff) => Array.from({ length: count }, () => backoff.nextDelayMs());

describe('backoff', () => {
  it('doubles its ceiling up to a minute', () => {
    const ceilings = times(8, new Backoff(() => HIGHEST)).map((delayMs) => Math.ceil(delayMs / 1_000));
    assert.deepEqual(ceilings, [2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('draws evenly down to a second: full jitter', () => {
    assert.deepEqual(times(8, new Backoff(() => 0)), new Array(8).fill(RETRY_MINIMUM_MS));
    const half = new Backoff(() => 0x8000_0000);
    assert.deepEqual(times(4, half), [1_500, 2_500, 4_500, 8_500]);
  });

  it('stays within its limits, whatever is drawn', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(HIGHEST), { minLength: 1, maxLength: 20 }), (drawn) => {
        let next = 0;
        for (const delayMs of times(drawn.length, new Backoff(() => drawn[next++] as number))) {
          assert.ok(Number.isInteger(delayMs) && delayMs >= RETRY_MINIMUM_MS && delayMs < RETRY_MAXIMUM_MS, String(delayMs));
        }
      }),
      { seed: 20_251_122, numRuns: 300 },
    );
  });

  it('begins anew after a reset', () => {
    const backoff = new Backoff(() => HIGHEST);
    const first = times(5, backoff);
    backoff.reset();
    assert.deepEqual(times(5, backoff), first);
  });
});
