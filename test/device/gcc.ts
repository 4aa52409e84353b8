// Compiles the firmware's C for this machine, with sanitizers and without a warning.

import { execFileSync } from 'node:child_process';
import { describeWithPrograms, type Need } from '../integration/support/program.js';

const FLAGS = ['-std=c11', '-O1', '-g', '-Wall', '-Wextra', '-Werror'];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

/** Makes `program` of the C files and options in `args`. Throws with what the compiler says. */
export function compile(program: string, args: readonly string[]): void {
  execFileSync('gcc', [...FLAGS, ...SANITIZERS, ...args, '-o', program], { encoding: 'utf8', stdio: 'pipe' });
}

/** For this machine's C, with its library. */
export const GCC: Need = ['gcc', 'gcc libc6-dev'];

export function describeWithGcc(title: string, suite: () => void): void {
  describeWithPrograms([GCC], title, suite);
}
