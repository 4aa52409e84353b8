// What the chart draws: means in cells, gaps where nothing came, marks where readings had been buffered.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { merge, plot } from '../../../host-sim/page/web/model/plot.js';
import type { Sample } from '../../../host-sim/page/web/model/series.js';

const sample = (time: number, temperature: number | undefined, isBackfill = false): Sample => ({
  time,
  temperature,
  humidity: undefined,
  isBackfill,
});

function cells(samples: readonly Sample[], intervalSeconds: number, resolution = 0) {
  return plot([{ samples, intervalSeconds }], 'temperature', { from: 0, to: 10 }, 10, resolution).lines[0]?.cells;
}

describe('page: plot', () => {
  it('puts the mean of the readings into each cell, and leaves the line whole between two readings', () => {
    const values = cells([sample(0.2, 20), sample(0.6, 22), sample(2.5, 23)], 2);
    assert.deepEqual(values?.slice(0, 4), [21, undefined, 23, undefined]);
  });

  it('shows a gap where more than three intervals passed', () => {
    assert.deepEqual(cells([sample(0.5, 20), sample(3.4, 21), sample(8.5, 22)], 1), [
      20,
      undefined,
      undefined,
      21,
      null,
      undefined,
      undefined,
      undefined,
      22,
      undefined,
    ]);
  });

  it('marks what stands alone between gaps, where no line would be seen', () => {
    const samples = [sample(0.5, 20), sample(3.4, 21), sample(8.5, 22)];
    const { lines } = plot([{ samples, intervalSeconds: 1 }], 'temperature', { from: 0, to: 10 }, 10);
    assert.deepEqual(lines[0]?.alone, [8]);
  });

  it('takes thinned samples for no gap', () => {
    assert.equal(cells([sample(0.5, 20), sample(5.5, 21)], 1, 4)?.includes(null), false);
  });

  it('marks cells with backfilled readings, and leaves out what is not in the period', () => {
    const [line] = plot(
      [{ samples: [sample(-1, 19), sample(1.5, 20, true), sample(2.5, 20), sample(11, 21)], intervalSeconds: 1 }],
      'temperature',
      { from: 0, to: 10 },
      10,
    ).lines;
    assert.deepEqual(line?.backfilled, [1]);
    assert.equal(line?.cells.filter((cell) => cell !== undefined).length, 2);
  });

  it('draws nothing for a quantity that was not measured', () => {
    const { lines } = plot([{ samples: [sample(1, 20)], intervalSeconds: 1 }], 'humidity', { from: 0, to: 10 }, 10);
    assert.ok(lines[0]?.cells.every((cell) => cell === undefined));
  });

  it('merges history and live samples by time, the live ones before the others', () => {
    const merged = merge([sample(1, 10), sample(2, 10), sample(4, 10)], [sample(2, 20), sample(3, 20), sample(5, 20)]);
    assert.deepEqual(
      merged.map(({ time, temperature }) => [time, temperature]),
      [
        [1, 10],
        [2, 20],
        [3, 20],
        [4, 10],
        [5, 20],
      ],
    );
  });
});
