// Tests that mostly wait, run side by side: all start together, and each is reported as a test of its own.

import { before, it } from 'mocha';

export type Test = readonly [title: string, run: () => Promise<void>];

/** @param atOnce how many run at the same time; the others follow in their turn. */
export function inParallel(tests: readonly Test[], atOnce: number = tests.length): void {
  let running: Promise<void>[] = [];
  before(() => {
    const lanes: Promise<void>[] = [];
    running = tests.map(([, run], index) => {
      const mine = (lanes[index % atOnce] ?? Promise.resolve()).then(run);
      // A failure is reported where the test of that name waits for it.
      lanes[index % atOnce] = mine.catch(() => {});
      return mine;
    });
  });
  tests.forEach(([title], index) => {
    it(title, () => running[index]);
  });
}
