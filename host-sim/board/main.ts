// The commands that a person types for a board: npm's scripts name one, and it gets what was typed behind it, or explains itself.

import { runProgram } from '../program.js';

interface Command {
  readonly HELP: string;
  /** Resolves to the exit code. Throws `UserError` for what cannot be done as it was typed. */
  main(args: readonly string[]): Promise<number>;
}

/** Each is loaded when it is asked for: not all need a serial port. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  build: () => import('./build.js'),
  flash: () => import('./flash.js'),
  monitor: () => import('./monitor.js'),
  configure: () => import('./configure.js'),
  'sim:moddable': () => import('./simulate.js'),
};

const [name = '', ...args] = process.argv.slice(2);

await runProgram(async () => {
  const command = await (COMMANDS[name] as (typeof COMMANDS)[string])();
  if (!args.includes('--help')) return command.main(args);
  process.stdout.write(command.HELP);
  return 0;
});
