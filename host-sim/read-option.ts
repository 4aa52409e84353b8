// Reads a file that an option names.

import { readFileSync } from 'node:fs';
import { EXIT_USAGE, UserError } from './user-error.js';

/**
 * The text in `file`. Throws `UserError`, which names the option and the file, where it cannot be read, or where `problemOf` has
 * something to say of it.
 *
 * @param command the very command to type instead
 */
export function readOption(
  option: string,
  file: string,
  command: string,
  problemOf: (text: string) => string | undefined = () => undefined,
): string {
  const refuse = (problem: string) => new UserError(`Option ${option}: ${JSON.stringify(file)} ${problem}.`, command, EXIT_USAGE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw refuse(code === 'ENOENT' ? 'cannot be read: there is no such file' : `cannot be read (${code})`);
  }
  const problem = problemOf(text);
  if (problem !== undefined) throw refuse(problem);
  return text;
}
