// Compiles the firmware's C for this machine, with sanitizers and without a warning.

import { execFileSync } from 'node:child_process';
import { describe } from 'mocha';
import { findProgram } from '../integration/support/program.js';

const FLAGS = ['-std=c11', '-O1', '-g', '-Wall', '-Wextra', '-Werror'];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

/** Makes `program` of the C files and options in `args`. Throws with what the compiler says. */
export function compile(program: string, args: readonly string[]): void {
  execFileSync('gcc', [...FLAGS, ...SANITIZERS, ...args, '-o', program], { encoding: 'utf8', stdio: 'pipe' });
}

/** A suite that needs GCC: pending where it is absent, and in CI, where it has to be installed, a failure. */
export function describeWithGcc(title: string, suite: () => void): void {
  if (findProgram('gcc') !== undefined || process.env['CI'] !== undefined) describe(title, suite);
  else describe.skip(`${title} (apt-get install gcc libc6-dev)`, suite);
}
