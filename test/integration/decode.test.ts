// `npm run decode`: the program itself, with lines as anyone may supply them.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'mocha';
import { EDGES_MAXIMUM } from '../../firmware/dht22/edges.js';
import { encodeFrame, writeEdges } from '../../firmware/platform/simulated/capture.js';

interface Run {
  readonly code: number | null;
  readonly lines: unknown[];
  readonly errors: string;
}

function decode(args: readonly string[], input: string): Promise<Run> {
  const child = spawn(process.execPath, ['build/host-sim/decode.js', ...args]);
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  // A program that refuses its arguments does not read.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const lines = output.startsWith('{') ? output.trim().split('\n') : [];
      resolve({ code, errors, lines: lines.map((line) => JSON.parse(line)) });
    });
  });
}

function edgesOf(temperatureTenths: number, humidityTenths: number): number[] {
  const edgesUs = new Uint16Array(EDGES_MAXIMUM);
  return [...edgesUs.subarray(0, writeEdges(encodeFrame(temperatureTenths, humidityTenths), edgesUs))];
}

const train = (edges: readonly number[], model?: string) => `${JSON.stringify({ edges, model })}\n`;

describe('npm run decode', () => {
  it('decodes trains, one line each, in their order', async () => {
    const edges = edgesOf(214, 452);
    const input =
      train(edges, 'dht22') +
      train(edges.map((edgeUs) => edgeUs + 1000.3)) +
      train(edgesOf(-2, 456).toSpliced(11, 2), 'dht21') +
      train(edges.slice(0, 21)) +
      train([]);
    const { code, lines } = await decode(['dht22'], input);
    assert.deepEqual(lines, [
      { temperature: 21.4, humidity: 45.2, repaired: 0 },
      { temperature: 21.4, humidity: 45.2, repaired: 0 },
      { temperature: -0.2, humidity: 45.6, repaired: 2 },
      { error: 'bit-missing', bit: 9 },
      { error: 'no-response', bit: null },
    ]);
    assert.equal(code, 0);
  });

  it('says what is wrong with a line, goes on, and ends with 1', async () => {
    const input = `x\n[1]\n${train([0, 80], 'dht33')}{"edges":[0,"80"]}\n\n${train([0, 70_000])}${train(edgesOf(1, 20)).trim()}`;
    const { code, lines, errors } = await decode(['dht22'], input);
    assert.deepEqual(lines, [
      { error: 'bad-line', line: 1, problem: 'it is no JSON' },
      { error: 'bad-line', line: 2, problem: 'it is no JSON object' },
      { error: 'bad-line', line: 3, problem: 'model "dht33" is not known; known: dht22, dht21, dht11, si7021' },
      { error: 'bad-line', line: 4, problem: 'edges is no array of numbers' },
      { error: 'bad-line', line: 6, problem: 'edge 1 comes more than 65535 µs after the first' },
      { temperature: 0.1, humidity: 2, repaired: 0 },
    ]);
    assert.match(errors, /^5 of 7 lines are no trains/);
    assert.equal(code, 1);
  });

  it('decodes more than it can hold at once', async () => {
    const { code, lines } = await decode(['dht22'], train(edgesOf(-123, 456)).repeat(5_000));
    assert.equal(lines.length, 5_000);
    assert.deepEqual(lines.at(-1), { temperature: -12.3, humidity: 45.6, repaired: 0 });
    assert.equal(code, 0);
  });

  it('refuses what it cannot decode with 2 and the command to type', async () => {
    for (const args of [[], ['dht33'], ['dht22', '--fast']]) {
      const { code, errors } = await decode(args, '');
      assert.match(errors, /Type: npm run decode -- dht22 < trains\.jsonl\n$/);
      assert.equal(code, 2);
    }
  });
});
