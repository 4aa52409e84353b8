// The DHT22 benchmark, with few answers: it counts what it says, and the decoder reaches what the issue of reading right is.

import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { UserError } from '../../host-sim/user-error.js';
import { benchDht22 } from './dht22.js';
import { type Figure, figure, formatTable, loneFigure } from './figure.js';

const FRAMES = 2_000;

describe('DHT22 benchmark', () => {
  let figures: readonly Figure[];
  const reports: string[] = [];
  const shareOf = (name: string) => figures.find((each) => each.name === name)?.value as number;

  before(async function () {
    this.timeout(120_000);
    figures = await benchDht22(['--frames', String(FRAMES)], (progress) => reports.push(progress));
  });

  it('reads disturbed answers, the same ones in each run', () => {
    assert.ok(shareOf('read.jitter3us') >= 0.9999);
    assert.ok(shareOf('read.jitter5us') >= 0.999);
    assert.ok(shareOf('read.late') >= 0.9);
    assert.equal(shareOf('false.perMillion'), 0);
  });

  it('has models in which the classic ways fail', () => {
    for (const { name, value, peerValue } of figures) {
      if (name.startsWith('read.')) assert.ok(value > (peerValue as number), name);
    }
    assert.ok(figures.some(({ name, peerValue }) => name === 'false.perMillion' && (peerValue as number) > 0));
  });

  it('tells how far it is, model by model', () => {
    assert.equal(reports.length, 1 + new Set(figures.filter(({ name }) => name.startsWith('read.')).map(({ name }) => name)).size);
  });

  it('refuses what it cannot count to', async () => {
    for (const args of [['--frames', '0'], ['--frames', 'many'], ['--fast']]) {
      await assert.rejects(
        benchDht22(args, () => {}),
        UserError,
      );
    }
  });

  it('prints each figure beside its peer, and no ratio to nothing', () => {
    const table = formatTable([
      figure('read.late', 0.975, 'share', 'classic', 0.5),
      figure('false', 2, 'per million', 'classic', 0),
      loneFigure('xs.spool', 845.5, 'compute/reading'),
    ]);
    assert.match(table, /read\.late +0\.975 +share +classic +0\.5 +1\.95\n/);
    assert.match(table, /false +2 +per million +classic +0 +-\n/);
    assert.match(table, /xs\.spool +845\.5 +compute\/reading +- +- +-$/);
  });
});
