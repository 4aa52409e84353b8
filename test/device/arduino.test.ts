// The lab's Arduino sketch, compiled for this machine against stand-ins of its core and its library, and run through an outage.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'mocha';
import { describeWithPrograms } from '../integration/support/program.js';

const SKETCH = 'host-sim/exercises/arduino/emitter';
const STAND_INS = 'test/device/arduino';

const FLAGS = ['-std=c++17', '-Wall', '-Wextra', '-Werror'];

/** When run.cpp has the broker there. */
const UP_MS = [
  [10_000, 20_000],
  [30_000, 40_000],
] as const;

describeWithPrograms([['g++', 'g++']], 'exercises: the Arduino sketch', () => {
  const example = readFileSync(join(SKETCH, 'secrets.example.h'), 'utf8');
  let folder: string;
  let lines: string[];
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'arduino-'));
    lines = run(example);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the sketch with `secrets` in place of the student's own; returns what it did, a line each. */
  function run(secrets: string): string[] {
    const program = join(folder, 'sketch');
    copyFileSync(join(SKETCH, 'emitter.ino'), join(folder, 'emitter.ino'));
    writeFileSync(join(folder, 'secrets.h'), secrets);
    const sources = ['-x', 'c++', '-include', 'Arduino.h', join(folder, 'emitter.ino'), join(STAND_INS, 'run.cpp')];
    execFileSync('g++', [...FLAGS, '-I', STAND_INS, ...sources, '-o', program], { stdio: 'pipe' });
    return execFileSync(program, { encoding: 'utf8' }).trimEnd().split('\n');
  }

  const wordsOf = (lines: readonly string[], verb: string) =>
    lines.map((line) => line.split(' ')).filter(([first]) => first === verb);

  it('publishes each second while the broker is there, and tries again while it is not', () => {
    const published = wordsOf(lines, 'publish');
    for (const [, , topic, payload, retained, qos] of published) {
      assert.deepEqual([topic, retained, qos], ['maison/cour/temperature', '0', '1']);
      assert.match(payload as string, /^(?:1[89]|2[0-3])\.\d$|^24\.0$/);
    }
    const times = published.map(([, ms]) => Number(ms));
    for (const [fromMs, toMs] of UP_MS) {
      const within = times.filter((ms) => ms >= fromMs && ms < toMs);
      assert.ok(within.length >= 8 && within.length <= 10, `${within.length} messages from ${fromMs} to ${toMs} ms`);
    }
    assert.equal(published.length, times.filter((ms) => UP_MS.some(([fromMs, toMs]) => ms >= fromMs && ms < toMs)).length);
    const tries = wordsOf(lines, 'connect').map(([, ms]) => Number(ms));
    assert.ok(tries.every((ms) => ms >= 5_000) && tries.length >= 7, `tries at ${tries.join(', ')} ms`);
    assert.ok(lines.includes('serial No Wi-Fi yet.'));
    assert.ok(lines.some((line) => line.startsWith('serial The broker 192.168.1.10 is away')));
  });

  it('logs in where a user is set, and only there', () => {
    const logins = (lines: readonly string[]) => new Set(wordsOf(lines, 'connect').map(([, , ...who]) => who.join(' ')));
    assert.deepEqual(logins(lines), new Set(['emitter-a1b2c3 - -']));
    const withLogin = example
      .replace('BROKER_USER ""', 'BROKER_USER "classe"')
      .replace('BROKER_PASSWORD ""', 'BROKER_PASSWORD "secret"');
    const own = run(withLogin);
    assert.deepEqual(logins(own), new Set(['emitter-a1b2c3 classe secret']));
    assert.ok(!own.some((line) => line.startsWith('serial') && line.includes('secret')));
  });
});
