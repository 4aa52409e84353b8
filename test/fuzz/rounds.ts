// Rounds of all checks, each round with the next seed, until the time is over or something is found.

import { setImmediate } from 'node:timers/promises';
import { MQTT_3_1_1, MQTT_5 } from '../../firmware/mqtt/protocol.js';
import type { Check } from './check.js';
import { decodingChecks } from './decoding.js';
import { encodingChecks } from './encoding.js';
import { sessionEndCheck } from './session-end.js';
import { garbageCheck, verdictCheck } from './verdict.js';

/** What a round tries, and how often. */
export type Round = readonly (readonly [check: Check, count: number])[];

/** About half a second of work. */
export const FULL_ROUND: Round = [
  [verdictCheck(), 1_000],
  [sessionEndCheck(), 200],
  [garbageCheck(), 50],
  ...([MQTT_3_1_1, MQTT_5] as const).flatMap((level) =>
    [...encodingChecks(level), ...decodingChecks(level)].map((check) => [check, 20] as const),
  ),
];

/** fast-check takes 32 bits. */
export const SEED_MAXIMUM = 0x7fff_ffff;

export interface Finding {
  /** A round with this seed shows it again, as its first. */
  readonly seed: number;
  readonly check: string;
  readonly problem: string;
}

/**
 * Runs one round at least, and as many as `goesOn` says of those that are done.
 *
 * @param firstSeed 0 to `SEED_MAXIMUM`, of the first round
 */
export async function runRounds(
  round: Round,
  firstSeed: number,
  goesOn: (rounds: number) => boolean,
): Promise<Finding | undefined> {
  let rounds = 0;
  do {
    const seed = (firstSeed + rounds) % (SEED_MAXIMUM + 1);
    const finding = runRound(round, seed);
    if (finding) return finding;
    rounds++;
    // What else is under way has its turn.
    await setImmediate();
  } while (goesOn(rounds));
  return undefined;
}

function runRound(round: Round, seed: number): Finding | undefined {
  for (const [check, count] of round) {
    try {
      check.run(seed, count);
    } catch (error) {
      const { message, cause } = error as Error;
      return { seed, check: check.name, problem: cause instanceof Error ? `${message}\n${cause.stack}` : message };
    }
  }
  return undefined;
}

/** What was found, and behind it the one command that shows it again. */
export function describe({ seed, check, problem }: Finding): string {
  return `Not so: ${check}.\n${problem}\n\nnpm run fuzz -- --seed ${seed} --seconds 1\n`;
}
