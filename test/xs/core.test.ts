// The firmware's core in a real XS engine: it does there what it does in Node, byte for byte, and takes no more than it is allowed.

import assert from 'node:assert/strict';
import { after, before, it } from 'mocha';
import { describeWithEngine, XsEngine } from './engine.js';
import { type JobName, runJob } from './jobs.js';
import { FIGURES, meter } from './meter.js';

/** Jobs that tell what they sent, and what must be in it. */
const TRANSCRIPTS: readonly (readonly [job: JobName, count: number, pattern: RegExp])[] = [
  // CONNECT, two windows of messages, and that all were acknowledged.
  ['transcript 5', 40, /^10\w+32\w+ 40$/],
  ['transcript 3.1.1', 40, /^10\w+32\w+ 40$/],
  // CONNECT, and again after the outage; DISCONNECT; all measured and all delivered.
  ['transcript of a board', 40, /^10\w+ .* 10\w+ .* e000 40 40$/],
];

const GUEST = new URL('./guest.js', import.meta.url);

describeWithEngine('XS: the core in the engine', () => {
  let engine: XsEngine;

  before(async () => {
    engine = await XsEngine.start(GUEST);
  });
  after(() => engine?.end());

  for (const [job, count, pattern] of TRANSCRIPTS) {
    it(`sends the bytes that Node sends: ${job}`, async () => {
      const question = `${job}:${count}`;
      const { text } = await engine.ask(question);
      assert.match(text, pattern);
      assert.equal(text, runJob(question));
    });
  }

  it('takes the same each time', async () => {
    const question = 'publish 5:100';
    const { compute } = await engine.ask(question);
    assert.equal((await engine.ask(question)).compute, compute);
  });

  it('says what an exception was about', async () => {
    await assert.rejects(engine.ask('sleep:1'), /XS: TypeError/);
    assert.equal((await engine.ask('store readings:1')).text, '1');
  });

  for (const figure of FIGURES) {
    it(`takes at most ${figure.bound} ${figure.unit}: ${figure.name}`, async () => {
      const compute = await meter(engine, figure);
      assert.ok(compute > 0 && compute <= figure.bound, `${compute} ${figure.unit}`);
    });
  }
});

describeWithEngine('XS: an engine', () => {
  it('says so when it cannot go on', async () => {
    const engine = await XsEngine.start(GUEST);
    const answer = engine.ask('publish 5:100000000');
    await assert.rejects(Promise.all([answer, engine.end()]), /the engine is gone/);
  });
});
