// The ESP32's recordings as edge times: the firmware's own C, compiled for this machine with sanitizers.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { after, before, it } from 'mocha';
import { compile, describeWithGcc } from './gcc.js';

const SOURCES = 'firmware/platform/device/capture/esp32';

/** Room that the sensor gives: 84 edges and 4 to spare. */
const EDGE_LIMIT = 88;
const DURATION_MAX_US = 0x7fff;

/** A time at one level, as the RMT records it; a duration of 0 marks the end. */
type Part = readonly [level: 0 | 1, durationUs: number];

interface Recording {
  readonly words: readonly number[];
  readonly edgeLimit?: number;
}

/** Parts as the memory of the RMT holds them, two to a word; a half that is left over is 0, as the peripheral clears it. */
function pack(parts: readonly Part[]): number[] {
  const words: number[] = [];
  parts.forEach(([level, durationUs], index) => {
    const half = (level << 15) | durationUs;
    if (index % 2 === 0) words.push(half);
    else words[words.length - 1] = ((words.at(-1) as number) | (half << 16)) >>> 0;
  });
  return words;
}

/** What the sensor sends: 80 µs low and high, then each bit, and the low that closes the last one. */
function frameParts(bits: readonly number[]): Part[] {
  const pulses = bits.flatMap((bit): Part[] => [
    [0, 50],
    [1, bit ? 70 : 26],
  ]);
  return [[0, 80], [1, 80], ...pulses, [0, 50]];
}

/** The edges of `frameParts`, told independently: each part begins with one, and the last ends with one. */
function edgesOf(parts: readonly Part[]): number[] {
  let nowUs = 0;
  return [0, ...parts.map(([, durationUs]) => (nowUs += durationUs))];
}

/** 0x028C 0x015F, 0xEE: 65.2 %, 35.1 °C (datasheet). */
const FRAME = [0x02, 0x8c, 0x01, 0x5f, 0xee].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((bit) => (byte >> bit) & 1));

const RELEASE: Part = [1, 30];
const END_HIGH: Part = [1, 0];
const END_LOW: Part = [0, 0];

describeWithGcc('ESP32: symbols of the RMT as edges', () => {
  let folder = '';
  let program = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rmt-symbols-'));
    program = join(folder, 'rmt-symbols');
    compile(program, ['-Wconversion', `-I${SOURCES}`, 'test/device/esp32-symbols.c', `${SOURCES}/rmt-symbols.c`]);
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const convertAll = (recordings: readonly Recording[]): number[][] => {
    const lines = recordings.map(({ words, edgeLimit = EDGE_LIMIT }) =>
      [edgeLimit, ...words.map((word) => word.toString(16))].join(' '),
    );
    const output = execFileSync(program, { input: `${lines.join('\n')}\n`, encoding: 'utf8' });
    return output
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' ').filter(Boolean).map(Number));
  };
  const convert = (words: readonly number[], edgeLimit = EDGE_LIMIT) => convertAll([{ words, edgeLimit }])[0];

  const sent = frameParts(FRAME);
  const whole = [RELEASE, ...sent, END_HIGH];

  it('reads a whole frame: 84 edges out of 43 symbols, which one block of any chip holds', () => {
    const words = pack(whole);
    assert.equal(words.length, 43);
    assert.deepEqual(convert(words), edgesOf(sent));
    assert.equal(edgesOf(sent).length, 84);
  });

  const rows: readonly (readonly [reason: string, parts: readonly Part[], edgesUs: readonly number[]])[] = [
    ['nothing was recorded', [], []],
    ['no sensor: after the release the line stays high', [END_HIGH], []],
    ['an end marker that is all zero', [END_LOW], []],
    ['armed when the line was high already: the first part is low', [[0, 80], [1, 80], [0, 50], END_HIGH], [0, 80, 160, 210]],
    ['the release is not part of the answer', [RELEASE, [0, 80], END_HIGH], [0, 80]],
    ['an end marker in the second half', [[0, 80], END_HIGH], [0, 80]],
    ['an end marker in the first half', [[0, 80], [1, 80], END_LOW], [0, 80, 160]],
    ['an end marker whose level says nothing', [RELEASE, [0, 80], END_LOW], [0, 80]],
    ['what lies behind the end marker is of an earlier recording', [[0, 80], END_HIGH, [0, 50], [1, 70]], [0, 80]],
    ['a line that falls and stays low', [RELEASE, END_LOW], []],
    ['a glitch of 1 µs is two edges: the decoder judges it', [[0, 80], [1, 1], [0, 50], END_HIGH], [0, 80, 81, 131]],
    ['two parts of one level are one pulse', [[0, 40], [0, 40], [1, 80], END_HIGH], [0, 80, 160]],
    ['a release in two parts', [RELEASE, RELEASE, [0, 80], END_HIGH], [0, 80]],
    ['cut short, without an end marker', [RELEASE, [0, 80], [1, 80], [0, 50]], [0, 80, 160]],
    [
      'times that 16 bits cannot tell are left out',
      [[0, DURATION_MAX_US], [1, DURATION_MAX_US], [0, 1], [1, 1], END_LOW],
      [0, 0x7fff, 0xfffe, 0xffff],
    ],
  ];
  for (const [reason, parts, edgesUs] of rows) {
    it(reason, () => assert.deepEqual(convert(pack(parts)), edgesUs));
  }

  for (const edgeLimit of [0, 1, 83, 84]) {
    it(`stops where the buffer of ${edgeLimit} edges ends`, () =>
      assert.deepEqual(convert(pack(whole), edgeLimit), edgesOf(sent).slice(0, edgeLimit)));
  }

  for (const symbolLimit of [48, 64]) {
    it(`reads a block of ${symbolLimit} symbols that noise has filled`, () => {
      const noise = Array.from({ length: symbolLimit * 2 }, (_, index): Part => [index % 2 === 0 ? 0 : 1, 20]);
      const edgesUs = Array.from({ length: EDGE_LIMIT }, (_, index) => index * 20);
      assert.deepEqual(convert(pack(noise)), edgesUs);
    });
  }

  it('gives times that never go back, the first one 0, whatever the memory holds', () => {
    const recording = fc.record({
      words: fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 64 }),
      edgeLimit: fc.nat(EDGE_LIMIT),
    });
    // One process for many recordings.
    const recordings = fc.sample(recording, { numRuns: 5000, seed: 32 });
    convertAll(recordings).forEach((edgesUs, index) => {
      const { words, edgeLimit } = recordings[index] as Recording & { edgeLimit: number };
      const told = `${edgeLimit} ${words.join(' ')}`;
      assert.ok(edgesUs.length <= edgeLimit, told);
      assert.ok(edgesUs.length === 0 || edgesUs[0] === 0, told);
      assert.ok(
        edgesUs.every((edgeUs, at) => at === 0 || edgeUs > (edgesUs[at - 1] as number)),
        told,
      );
    });
  });
});
