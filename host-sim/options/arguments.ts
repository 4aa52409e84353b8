// The command line as it was typed: which options there are, and the errors and numbers that they share.

import { parseArgs } from 'node:util';
import { EXIT_USAGE, UserError } from '../user-error.js';

/** What was typed, option by option, as text. */
export type Given = ReturnType<typeof parseArguments>;

/** The options of the simulator. Throws `UserError` for one that is unknown or lacks its value. */
export function parseArguments(args: readonly string[]) {
  const options = {
    rooms: { type: 'string' },
    interval: { type: 'string' },
    seed: { type: 'string' },
    'mqtt-port': { type: 'string' },
    'ws-port': { type: 'string' },
    tls: { type: 'string' },
    'tls-port': { type: 'string' },
    'wss-port': { type: 'string' },
    'client-certs': { type: 'boolean' },
    clock: { type: 'boolean' },
    mqtt: { type: 'string' },
    'station-key': { type: 'string' },
    'home-assistant': { type: 'boolean' },
    serial: { type: 'string' },
    'no-page': { type: 'boolean' },
    duration: { type: 'string' },
    ...ELSEWHERE_OPTIONS,
    ...PAGE_OPTIONS,
  } as const;
  return splitArguments('npm start', () => parseArgs({ args: [...args], options }));
}

/** Those that say which broker elsewhere is meant, and what it is shown. */
export const ELSEWHERE_OPTIONS = {
  broker: { type: 'string' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
} as const;

/** Those of the page, and of every program. */
export const PAGE_OPTIONS = {
  'http-port': { type: 'string' },
  lan: { type: 'boolean' },
  data: { type: 'string' },
  window: { type: 'string' },
  'publish-means': { type: 'boolean' },
  map: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/**
 * What `split` makes of a command line. Throws `UserError` for an option that is unknown or lacks its value.
 * @param program how it is started: `npm start`
 */
export function splitArguments<Values>(program: string, split: () => { readonly values: Values }): Values {
  try {
    return split().values;
  } catch (error) {
    const { message } = error as Error;
    // A URL that stands alone is not repeated either: it may hold the password.
    if (message.includes('@')) throw usage('An argument with a login in it is not allowed.', `${program} -- --help`);
    const [sentence = ''] = message.split(/\. |\n/);
    throw usage(`${sentence.replace(/\.$/, '')}.`, `${program} -- --help`);
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
