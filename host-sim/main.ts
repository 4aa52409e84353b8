// The simulator's program: reads the command line, starts the house and a way to show it, and ends with an exit code.

import { startHouse } from './house.js';
import { HELP } from './options/help.js';
import { parseOptions, type SimulatorOptions } from './options/options.js';
import { runProgram } from './program.js';
import type { Reporter, Summary } from './reporter.js';
import type { Simulation } from './simulation.js';
import { EXIT_FAILURE } from './user-error.js';
import { jsonReporter } from './view/json.js';
import { describeSummary, linesReporter } from './view/lines.js';
import { TerminalView } from './view/terminal.js';

/** How long buffered readings may take to be delivered at the end of a run with --duration. */
const DRAIN_LIMIT_MS = 30_000;

/** The same after Ctrl-C: somebody waits. */
const INTERRUPTED_DRAIN_LIMIT_MS = 10_000;

/** One Ctrl-C can come twice, from the terminal and from npm: what comes sooner than this is the same one. */
const SAME_REQUEST_MS = 500;

const QUIET: Reporter = { ready() {}, link() {}, reading() {}, acknowledged() {}, summary() {} };

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2), process.env);
  if (options === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  return run(options);
}

async function run(options: SimulatorOptions): Promise<number> {
  const hasView = !options.isJson && process.stdout.isTTY && process.stdin.isTTY;
  const reporter = options.isJson ? jsonReporter(process.stdout) : hasView ? QUIET : linesReporter(process.stdout);
  const ending = listenForEnd();
  const { simulation, page, card } = await startHouse(options, reporter);
  if (!hasView) for (const line of card) (options.isJson ? process.stderr : process.stdout).write(`${line}\n`);
  simulation.run(page);
  ending.endAfter(options.durationSeconds);
  const view = hasView ? startView(simulation, ending.request, card) : undefined;
  try {
    const limitMs = await Promise.race([ending.limitMs, simulation.refused]);
    const summary = await simulation.end(limitMs, ending.isHurried);
    view?.stop();
    if (view) process.stdout.write(`${describeSummary(summary)}\n`);
    const { droppedForAbsent } = simulation.snapshot().broker;
    if (droppedForAbsent > 0)
      process.stderr.write(`The broker dropped ${droppedForAbsent} messages for subscribers that stayed away.\n`);
    return exitCodeOf(summary);
  } catch (error) {
    await simulation.end(0, Promise.resolve());
    throw error;
  } finally {
    view?.stop();
    await page?.close();
  }
}

/** @param card shown first, where there is one */
function startView(simulation: Simulation, requestEnd: () => void, card: readonly string[]): TerminalView {
  const view = new TerminalView({
    output: process.stdout,
    input: process.stdin,
    source: () => simulation.snapshot(),
    controls: simulation.controls(requestEnd),
    environment: process.env,
    card,
  });
  view.start();
  return view;
}

/** Waits for what ends a run: its duration, a signal or a key; a second request hurries the end. */
function listenForEnd() {
  let request = () => {};
  let endAfter: (durationSeconds: number | undefined) => void = () => {};
  let isHurried: Promise<void> = Promise.resolve();
  const limitMs = new Promise<number>((resolve) => {
    isHurried = new Promise((hurry) => {
      let firstRequestMs: number | undefined;
      request = () => {
        firstRequestMs ??= performance.now();
        resolve(INTERRUPTED_DRAIN_LIMIT_MS);
        if (performance.now() - firstRequestMs > SAME_REQUEST_MS) hurry();
      };
    });
    endAfter = (durationSeconds) => {
      if (durationSeconds !== undefined) setTimeout(() => resolve(DRAIN_LIMIT_MS), durationSeconds * 1000).unref();
    };
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
  // The reader of our output has gone.
  process.stdout.on('error', request);
  return { limitMs, isHurried, request, endAfter };
}

function exitCodeOf(summary: Summary): number {
  if (summary.acknowledged === summary.measured) return 0;
  process.stderr.write(`Not every reading was acknowledged: ${describeSummary(summary)}.\n`);
  return EXIT_FAILURE;
}

await runProgram(main);
