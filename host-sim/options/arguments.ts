// The command line as it was typed: which options there are, and the errors and numbers that they share.

import { parseArgs } from 'node:util';
import { EXIT_USAGE, UserError } from '../user-error.js';

/** What was typed, option by option, as text. */
export type Given = ReturnType<typeof parseArguments>;

/** Splits the command line into options. Throws `UserError` for one that is unknown or lacks its value. */
export function parseArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        rooms: { type: 'string' },
        interval: { type: 'string' },
        seed: { type: 'string' },
        broker: { type: 'string' },
        user: { type: 'string' },
        'password-file': { type: 'string' },
        ca: { type: 'string' },
        cert: { type: 'string' },
        key: { type: 'string' },
        clock: { type: 'boolean' },
        mqtt: { type: 'string' },
        'mqtt-port': { type: 'string' },
        'ws-port': { type: 'string' },
        tls: { type: 'string' },
        'tls-port': { type: 'string' },
        'wss-port': { type: 'string' },
        'client-certs': { type: 'boolean' },
        'station-key': { type: 'string' },
        serial: { type: 'string' },
        duration: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const { message } = error as Error;
    // A URL that stands alone is not repeated either: it may hold the password.
    if (message.includes('@')) throw usage('An argument with a login in it is not allowed.', 'npm start -- --help');
    const [sentence = ''] = message.split(/\. |\n/);
    throw usage(`${sentence.replace(/\.$/, '')}.`, 'npm start -- --help');
  }
}

/** A whole number from `minimum` to `maximum`; `undefined` where none was given. Throws `UserError`. */
export function parseWhole(option: string, text: string | undefined, minimum: number, maximum: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  const problem = `Option ${option}: ${JSON.stringify(text)} is not allowed; allowed: a whole number from ${minimum} to ${maximum}.`;
  throw usage(problem, `npm start -- ${option} ${minimum}`);
}

/** @param command the very command to type instead. */
export function usage(problem: string, command: string): UserError {
  return new UserError(problem, command, EXIT_USAGE);
}
