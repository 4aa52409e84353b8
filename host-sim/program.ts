// How a program of this folder ends: with the exit code of its `main`, or with one sentence for what a person did wrong.

import { UserError } from './user-error.js';

/** Runs `main` and ends with the code that it resolves to. What is no `UserError` is a bug, and is shown as one. */
export async function runProgram(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
