// A check: a statement that holds for all packets, tried on those that a seed draws.

import fc from 'fast-check';

export interface Check {
  readonly name: string;
  /** Tries `count` packets or runs. Throws at the first that breaks the statement, and shows the smallest such one that it finds. */
  run(seed: number, count: number): void;
}

/** The check that `test` throws at nothing that `given` draws. */
export function check<Given>(name: string, given: fc.Arbitrary<Given>, test: (given: Given) => void): Check {
  const property = fc.property(given, test);
  return { name, run: (seed, numRuns) => fc.assert(property, { seed, numRuns }) };
}
