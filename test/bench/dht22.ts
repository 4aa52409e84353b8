// The DHT22 benchmark: the share of disturbed answers that is read right, and how many are read wrong, beside the two classic ways on
// the same seeded answers. All processors work on it.

import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { EXIT_USAGE, UserError } from '../../host-sim/user-error.js';
import { DISTURBANCES, type DisturbanceName } from '../model/disturbances.js';
import { CLASSICS } from './dht22-classic.js';
import type { Score, Task, TaskResult } from './dht22-worker.js';
import { type Figure, figure, type Report } from './figure.js';

const FRAMES_DEFAULT = 3_000_000;
const FRAMES_MAXIMUM = 1_000_000_000;

/** So many frames are one task: the seeds of the tasks, not the number of processors, say what is drawn. */
const TASK_FRAMES = 100_000;

/** What the issue of false values is measured in. */
const MILLION = 1_000_000;

const PEERS = Object.keys(CLASSICS);

/** The models in which reading is to reach a share, and those in which nothing may be read wrong. */
const DISTURBANCE_NAMES = Object.keys(DISTURBANCES) as DisturbanceName[];

interface Total extends TaskResult {
  readonly disturbance: DisturbanceName;
  frames: number;
}

/** Figures `read.MODEL` and `false.perMillion.MODEL`, and `false.perMillion` for the worst model, each beside both classics. */
export async function benchDht22(args: readonly string[], report: Report): Promise<readonly Figure[]> {
  const frames = parseFrames(args);
  const totals = DISTURBANCE_NAMES.map(newTotal);
  report(`${totals.length} models of disturbance, ${frames} answers in each, ${availableParallelism()} workers`);
  const tasks = DISTURBANCE_NAMES.flatMap((disturbance) => tasksOf(disturbance, frames));
  await Promise.all(Array.from({ length: availableParallelism() }, () => work(tasks, totals, frames, report)));
  return [...totals.flatMap(readFigures), ...worstFalseFigures(totals), ...totals.flatMap(falseFigures)];
}

function parseFrames(args: readonly string[]): number {
  const command = 'npm run bench -- dht22';
  try {
    const { frames: text = String(FRAMES_DEFAULT) } = parseArgs({
      args: [...args],
      options: { frames: { type: 'string' } },
    }).values;
    const frames = Number(text);
    if (/^\d+$/.test(text) && frames >= 1 && frames <= FRAMES_MAXIMUM) return frames;
    const allowed = `a whole number from 1 to ${FRAMES_MAXIMUM}`;
    throw new UserError(`Option --frames: ${JSON.stringify(text)} is not allowed; allowed: ${allowed}.`, command, EXIT_USAGE);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${(error as Error).message.split(/\. |\n/)[0]}.`, `${command} --frames 100000`, EXIT_USAGE);
  }
}

function tasksOf(disturbance: DisturbanceName, frames: number): Task[] {
  return Array.from({ length: Math.ceil(frames / TASK_FRAMES) }, (_, index) => ({
    disturbance,
    seed: index,
    frames: Math.min(TASK_FRAMES, frames - index * TASK_FRAMES),
  }));
}

/** Takes one task after the other, until there is none left. */
async function work(tasks: Task[], totals: readonly Total[], frames: number, report: Report): Promise<void> {
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    const { disturbance } = task;
    const total = totals.find((each) => each.disturbance === disturbance) as Total;
    add(total, task.frames, await runTask(task));
    if (total.frames === frames) report(`${disturbance}: ${total.own.right} read right, ${total.own.wrong} wrong`);
  }
}

function runTask(task: Task): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./dht22-worker.js', import.meta.url), { workerData: task });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

function newTotal(disturbance: DisturbanceName): Total {
  return { disturbance, frames: 0, own: { right: 0, wrong: 0 }, classics: PEERS.map(() => ({ right: 0, wrong: 0 })) };
}

function add(total: Total, frames: number, { own, classics }: TaskResult): void {
  total.frames += frames;
  addScore(total.own, own);
  total.classics.forEach((score, index) => {
    addScore(score, classics[index] as Score);
  });
}

function addScore(total: Score, score: Score): void {
  total.right += score.right;
  total.wrong += score.wrong;
}

function readFigures({ disturbance, frames, own, classics }: Total): Figure[] {
  return PEERS.map((peer, index) =>
    figure(`read.${disturbance}`, own.right / frames, 'share', peer, (classics[index] as Score).right / frames),
  );
}

function falseFigures({ disturbance, frames, own, classics }: Total): Figure[] {
  const perMillion = (score: Score) => (MILLION * score.wrong) / frames;
  return PEERS.map((peer, index) =>
    figure(`false.perMillion.${disturbance}`, perMillion(own), 'per million', peer, perMillion(classics[index] as Score)),
  );
}

/** Each decoder in its own worst model. */
function worstFalseFigures(totals: readonly Total[]): Figure[] {
  const worst = (scoreOf: (total: Total) => Score) =>
    Math.max(...totals.map((total) => (MILLION * scoreOf(total).wrong) / total.frames));
  return PEERS.map((peer, index) =>
    figure(
      'false.perMillion',
      worst(({ own }) => own),
      'per million',
      peer,
      worst(({ classics }) => classics[index] as Score),
    ),
  );
}
