// What the firmware's core takes in XS, by the engine's meter: figures, each for one unit of work, and the bound that it is held to.

import type { XsEngine } from './engine.js';
import type { JobName } from './jobs.js';
import { LONG_MESSAGE_BYTES, PUBACK, publishPacket } from './receive-jobs.js';

export interface MeteredFigure {
  /** Words of the field, joined by dots. */
  readonly name: string;
  readonly job: JobName;
  /** `compute/` and what one run of the job has `units` of. */
  readonly unit: string;
  readonly units: number;
  /** The meter gives the same each time, so a bound is hardly more than what was measured: what exceeds it takes more than it did. */
  readonly bound: number;
}

/**
 * Runs of a job, and twice as many: the difference is what the runs take, without what they begin and end with. Both are whole windows of
 * 20 messages, and have as many digits.
 */
const RUNS = 200;

const QOS_0_BYTES = publishPacket(0).length;
const QOS_1_BYTES = publishPacket(1).length;

export const FIGURES: readonly MeteredFigure[] = [
  { name: 'publish.mqtt5', job: 'publish 5', unit: 'compute/message', units: 1, bound: 3_150 },
  { name: 'publish.mqtt311', job: 'publish 3.1.1', unit: 'compute/message', units: 1, bound: 2_900 },
  { name: 'publish.window20', job: 'publish 5, window 20', unit: 'compute/message', units: 1, bound: 2_880 },
  { name: 'receive.qos0', job: 'receive QoS 0', unit: 'compute/byte', units: QOS_0_BYTES, bound: 17.8 },
  { name: 'receive.qos1', job: 'receive QoS 1', unit: 'compute/byte', units: QOS_1_BYTES, bound: 25.9 },
  { name: 'receive.cut', job: 'receive QoS 0, byte by byte', unit: 'compute/byte', units: QOS_0_BYTES, bound: 306 },
  { name: 'receive.puback', job: 'parse PUBACK', unit: 'compute/byte', units: PUBACK.length, bound: 123 },
  { name: 'receive.long', job: 'parse a long message', unit: 'compute/byte', units: LONG_MESSAGE_BYTES, bound: 0.98 },
  { name: 'dht22.clean', job: 'decode clean', unit: 'compute/answer', units: 1, bound: 53_500 },
  { name: 'dht22.disturbed', job: 'decode disturbed', unit: 'compute/answer', units: 1, bound: 153_000 },
  { name: 'spool', job: 'store readings', unit: 'compute/reading', units: 1, bound: 870 },
];

/** What one unit takes. Throws where a run was not done right: then what it takes says nothing. */
export async function meter(engine: XsEngine, { job, units }: MeteredFigure): Promise<number> {
  const once = await run(engine, job, RUNS);
  const twice = await run(engine, job, 2 * RUNS);
  return (twice - once) / RUNS / units;
}

async function run(engine: XsEngine, job: JobName, count: number): Promise<number> {
  const { text, compute } = await engine.ask(`${job}:${count}`);
  if (text !== String(count)) throw new Error(`${job}: ${text} of ${count} runs were right`);
  return compute;
}
