// A million mutated packets in a process of their own, where what is left in the heap can be measured.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What may be left: nothing is kept for a packet, and the measure itself sways by some hundred kilobytes. */
export const GROWTH_MAXIMUM_BYTES = 1_000_000;

export interface MillionFigures {
  readonly packets: number;
  /** Connections that the packets broke. */
  readonly broken: number;
  /** Messages that were taken all the same. */
  readonly messages: number;
  /** How much more is in the heap after them, each time after a collection. */
  readonly grownBytes: number;
}

const PROGRAM = fileURLToPath(new URL('million.js', import.meta.url));

/** Rejects with what the program says where something throws, and when `signal` ends it. */
export async function feedMillion(seed: number, signal?: AbortSignal): Promise<MillionFigures> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', PROGRAM, String(seed)], { signal });
  return JSON.parse(stdout) as MillionFigures;
}
