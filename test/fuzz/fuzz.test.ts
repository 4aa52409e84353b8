// The fuzzer itself: what it finds it shows again from the seed that it names, and a million mutated packets leave nothing behind.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { check } from './check.js';
import { feedMillion, GROWTH_MAXIMUM_BYTES } from './heap.js';
import { describe as describeFinding, type Finding, runRounds, SEED_MAXIMUM } from './rounds.js';

const PROGRAM = fileURLToPath(new URL('main.js', import.meta.url));
const SEED = 20_251_122;

/** Seldom broken: a round of ten finds it once in some hundred rounds. */
const rare = check('no number is above 0.999', fc.noBias(fc.double({ min: 0, max: 1, noNaN: true })), (number) => {
  assert.ok(number <= 0.999, `${number}`);
});

const counterexample = (finding: Finding | undefined) => /Counterexample: .*/.exec(finding?.problem ?? '')?.[0];

describe('fuzz', () => {
  it('finds what is broken seldom, and again at once from the seed that it names', async () => {
    const found = await runRounds([[rare, 10]], SEED, () => true);
    assert.ok(found && found.seed > SEED);
    const again = await runRounds([[rare, 10]], found.seed, () => assert.fail('it is found in the first round'));
    assert.deepEqual([again?.seed, counterexample(again)], [found.seed, counterexample(found)]);
    const text = describeFinding(found);
    assert.ok(text.startsWith('Not so: no number is above 0.999.\n'));
    assert.ok(text.endsWith(`\n\nnpm run fuzz -- --seed ${found.seed} --seconds 1\n`));
  });

  it('ends when the time is over, goes from the last seed to the first, and tries one round at least', async () => {
    const seeds: number[] = [];
    const noted = { name: 'noted', run: (seed: number) => void seeds.push(seed) };
    assert.equal(await runRounds([[noted, 1]], SEED_MAXIMUM, (rounds) => rounds < 2), undefined);
    assert.equal(await runRounds([[noted, 1]], 7, () => false), undefined);
    assert.deepEqual(seeds, [SEED_MAXIMUM, 0, 7]);
  });

  for (const [args, exitCode, output] of [
    [['--help'], 0, /^Looks for packets [\s\S]*--seconds N [\s\S]*--seed S /],
    [['--seconds', '0'], 2, /^Option --seconds: "0" is not allowed; allowed: .* Type: npm run fuzz -- --seconds 1\n$/],
    [['--seeds', '1'], 2, /^Unknown option '--seeds'\. Type: npm run fuzz -- --help\n$/],
  ] as const) {
    it(`${args.join(' ')}: exit code ${exitCode}`, async () => {
      const { code = 0, stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, ...args]).catch((error) => error);
      assert.equal(code, exitCode);
      assert.match(stdout + stderr, output);
    });
  }

  it('a million mutated packets throw nothing, and leave less than 1 MB in the heap', async function () {
    // Ten seconds of computing, on a machine that may have much else to do.
    this.timeout(300_000);
    const { packets, broken, messages, grownBytes } = await feedMillion(SEED);
    assert.equal(packets, 1_000_000);
    // They are broken and good, and so deep in the session.
    assert.ok(broken > 100_000 && messages > 1_000, `${broken} connections broken, ${messages} messages taken`);
    assert.ok(grownBytes < GROWTH_MAXIMUM_BYTES, `${grownBytes} bytes`);
  });
});
