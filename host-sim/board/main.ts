// The commands that a person types for a board: npm's scripts name one, and it gets what was typed behind it.

import { runProgram } from '../program.js';

/** Each is loaded when it is asked for: not all need a serial port. */
const COMMANDS: Readonly<Record<string, () => Promise<{ main(args: readonly string[]): Promise<number> }>>> = {
  build: () => import('./build.js'),
  flash: () => import('./flash.js'),
  'sim:moddable': () => import('./simulate.js'),
};

const [command = '', ...args] = process.argv.slice(2);

await runProgram(async () => (await (COMMANDS[command] as (typeof COMMANDS)[string])()).main(args));
