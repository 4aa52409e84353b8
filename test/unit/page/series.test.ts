// Samples of a room in their order: backfilled ones where they belong, and no more than the maximum; and the trend they show.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { SAMPLES_MAXIMUM, type Sample, Series } from '../../../host-sim/page/web/model/series.js';
import { sparkPath } from '../../../host-sim/page/web/model/sparkline.js';
import { trendOf } from '../../../host-sim/page/web/model/trend.js';

const sample = (time: number, temperature = 20, isBackfill = false): Sample => ({ time, temperature, humidity: 50, isBackfill });

describe('page: series', () => {
  it('keeps samples in order, whatever the order in which they come, each time once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 80 }), (times) => {
        const series = new Series();
        for (const time of times) series.add(sample(time));
        assert.deepEqual(
          series.samples.map(({ time }) => time),
          [...new Set(times)].toSorted((a, b) => a - b),
        );
      }),
    );
  });

  it('gives up the oldest when it is full', () => {
    const series = new Series();
    for (let time = 0; time <= SAMPLES_MAXIMUM; time++) series.add(sample(time));
    assert.ok(series.samples.length <= SAMPLES_MAXIMUM);
    assert.equal(series.newest?.time, SAMPLES_MAXIMUM);
    const oldest = series.samples[0]?.time as number;
    for (let time = SAMPLES_MAXIMUM + 1; series.samples.length < SAMPLES_MAXIMUM; time++) series.add(sample(time));
    series.add(sample(oldest - 1));
    assert.equal(series.samples[0]?.time, oldest, 'what is older than a full series is left out');
  });

  it('finds what was measured at a time, and since', () => {
    const series = new Series();
    for (const time of [10, 20, 30]) series.add(sample(time));
    assert.deepEqual([series.at(20)?.time, series.at(25)], [20, undefined]);
    assert.deepEqual(
      series.since(20).map(({ time }) => time),
      [20, 30],
    );
  });
});

describe('page: trend', () => {
  const rising = Array.from({ length: 11 }, (_, index) => sample(index * 30, 20 + index * 0.1));

  it('is the change along the line that fits best', () => {
    assert.ok(Math.abs((trendOf(rising, 'temperature') as number) - 1) < 1e-9);
    assert.ok(Math.abs(trendOf(rising, 'humidity') as number) < 1e-9);
  });

  it('is not made up from too little', () => {
    assert.equal(trendOf(rising.slice(0, 3), 'temperature'), undefined);
    assert.equal(
      trendOf(
        [1, 2, 3, 4].map((time) => sample(time)),
        'temperature',
      ),
      undefined,
    );
    assert.equal(trendOf([], 'temperature'), undefined);
  });
});

describe('page: the line of a card', () => {
  it('begins anew behind a gap, and is empty without samples', () => {
    const path = sparkPath([sample(0), sample(10), sample(200), sample(210)], 220, 30);
    assert.equal(path.match(/M/g)?.length, 2);
    assert.equal(sparkPath([], 100, 30), '');
  });
});
