// What was typed behind a command: splits it into options, and says in one sentence what is wrong with it.

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { EXIT_USAGE, UserError } from '../user-error.js';
import { findTarget, TARGET_NAMES, type Target } from './targets.js';

/** Splits `args`. Throws `UserError` for an option that is unknown or lacks its value; `command` is what to type instead. */
export function parseCommandLine<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  command: string,
): ReturnType<typeof parseArgs<{ args: string[]; options: Options; strict: true; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/\. |\n/);
    throw usage(`${sentence.replace(/\.$/, '')}.`, `${command} --help`);
  }
}

/** As `parseCommandLine`, for a command that takes nothing but options. */
export function parseOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  command: string,
): ReturnType<typeof parseCommandLine<Options>>['values'] {
  const { values, positionals } = parseCommandLine(args, options, command);
  if (positionals.length === 0) return values;
  throw usage(`There is nothing to name here, as ${JSON.stringify(positionals[0])} does.`, `${command} --help`);
}

/** The one target that `positionals` names. Throws `UserError` for none, several or an unknown one. */
export function parseTarget(positionals: readonly string[], command: string): Target {
  const [name, ...rest] = positionals;
  const target = name === undefined ? undefined : findTarget(name);
  if (target !== undefined && rest.length === 0) return target;
  const problem =
    name === undefined
      ? 'Say for which board'
      : target === undefined
        ? `There is no board ${JSON.stringify(name)}`
        : `One board at a time, not ${JSON.stringify(rest[0])} too`;
  throw usage(`${problem}; there are ${TARGET_NAMES.join(', ')}.`, `${command} ${TARGET_NAMES[0]}`);
}

/** @param command the very command to type instead */
export function usage(problem: string, command: string): UserError {
  return new UserError(problem, command, EXIT_USAGE);
}
