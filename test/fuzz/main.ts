// `npm run fuzz -- [--seconds N] [--seed S]`: looks for packets at which our MQTT throws, leaks, or judges otherwise than it must.

import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { splitArguments, usage } from '../../host-sim/options/arguments.js';
import { runProgram } from '../../host-sim/program.js';
import { EXIT_FAILURE } from '../../host-sim/user-error.js';
import { feedMillion, GROWTH_MAXIMUM_BYTES } from './heap.js';
import { describe, type Finding, FULL_ROUND, runRounds, SEED_MAXIMUM } from './rounds.js';

const PROGRAM = 'npm run fuzz';
const SECONDS_DEFAULT = 60;
/** A week. */
const SECONDS_MAXIMUM = 604_800;
const PROGRESS_INTERVAL_MS = 5_000;

const HELP = `Looks for packets at which our MQTT 3.1.1 and 5 throws, leaks, or judges otherwise than the specification and mqtt-packet.

  ${PROGRAM} -- --seconds 600

  --seconds N   how long (default: ${SECONDS_DEFAULT}); the round that has begun, and the heap, are seen to the end
  --seed S      of the first round (default: any); each round takes the next, so that a finding comes again at once
  --help        this text

Each round writes packets that mqtt-packet must read, reads packets that mqtt-packet writes, judges broken packets by the rules in
test/fuzz/rules.ts, and leads sessions with a server that breaks them. Beside that, a million mutated packets may leave less than 1 MB
in the heap. Progress goes to the standard error. The first finding ends it, with exit code ${EXIT_FAILURE} and the command that shows it again.
`;

async function main(): Promise<number> {
  const options = { seconds: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } } as const;
  const given = splitArguments(PROGRAM, () => parseArgs({ args: process.argv.slice(2), options }));
  if (given.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const seconds = parseOption('--seconds', given.seconds, 1, SECONDS_MAXIMUM) ?? SECONDS_DEFAULT;
  const seed = parseOption('--seed', given.seed, 0, SEED_MAXIMUM) ?? randomInt(SEED_MAXIMUM);
  const finding = await fuzz(seed, seconds * 1_000);
  if (!finding) return 0;
  process.stdout.write(describe(finding));
  return EXIT_FAILURE;
}

function parseOption(option: string, text: string | undefined, minimum: number, maximum: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  const allowed = `a whole number from ${minimum} to ${maximum}`;
  throw usage(
    `Option ${option}: ${JSON.stringify(text)} is not allowed; allowed: ${allowed}.`,
    `${PROGRAM} -- ${option} ${minimum}`,
  );
}

async function fuzz(seed: number, durationMs: number): Promise<Finding | undefined> {
  process.stderr.write(`seed ${seed}\n`);
  const startedMs = performance.now();
  const end = new AbortController();
  let heapFinding: Finding | undefined;
  const heap = watchHeap(seed, end.signal).then((finding) => {
    heapFinding = finding;
  });
  let reportDueMs = PROGRESS_INTERVAL_MS;
  let rounds = 0;
  const finding = await runRounds(FULL_ROUND, seed, (done) => {
    rounds = done;
    const elapsedMs = performance.now() - startedMs;
    if (elapsedMs >= reportDueMs) {
      process.stderr.write(`${Math.floor(elapsedMs / 1_000)} s: nothing found; rounds: ${rounds}\n`);
      reportDueMs = elapsedMs + PROGRESS_INTERVAL_MS;
    }
    return elapsedMs < durationMs && !heapFinding;
  });
  if (finding) end.abort();
  await heap;
  if (!finding && !heapFinding) process.stdout.write(`seed ${seed}: nothing found; rounds: ${rounds}\n`);
  return finding ?? heapFinding;
}

async function watchHeap(seed: number, signal: AbortSignal): Promise<Finding | undefined> {
  const check = 'a million mutated packets leave less than 1 MB in the heap';
  try {
    const { grownBytes, broken } = await feedMillion(seed, signal);
    process.stderr.write(`a million mutated packets broke ${broken} connections, and left ${Math.round(grownBytes / 1_000)} kB\n`);
    if (grownBytes < GROWTH_MAXIMUM_BYTES) return undefined;
    return { seed, check, problem: `They left ${grownBytes} bytes.` };
  } catch (error) {
    return signal.aborted ? undefined : { seed, check, problem: (error as Error).message };
  }
}

await runProgram(main);
