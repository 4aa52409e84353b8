// What the lab's programs share of the command line: the options that say which broker, and one sentence for each mistake.

import { readFileSync } from 'node:fs';
import { prefixProblem } from './topics.js';

/** Something typed that cannot work; the message is the sentence to show. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const EXIT_USAGE = 2;

/** For `parseArgs` of `node:util`; each program adds its own. */
export const BROKER_OPTIONS = {
  broker: { type: 'string', default: 'mqtt://127.0.0.1:1883' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export const BROKER_HELP = `Broker
  --broker URL          mqtt://, mqtts:// (TLS), ws:// or wss:// and host[:port] (default: ${BROKER_OPTIONS.broker.default})
  --user NAME           login, or STATION_METEO_USER
  --password-file FILE  its first line is the password; or STATION_METEO_PASSWORD
  --ca FILE             trust the brokers that this certificate vouches for, instead of those that the system trusts
  --cert FILE --key FILE  a certificate of your own, for a broker that asks for one, and its key
  --help                this text

Ctrl-C ends.
`;

export const PREFIX_OPTION = { prefix: { type: 'string', default: 'maison' } } as const;

export const PREFIX_HELP = `  --prefix PREFIX       what the topics of the house begin with (default: ${PREFIX_OPTION.prefix.default})
`;

/** Values of `BROKER_OPTIONS` as `parseArgs` returns them. */
type Given = {
  readonly [name in keyof typeof BROKER_OPTIONS]?: (typeof BROKER_OPTIONS)[name]['type'] extends 'string' ? string : boolean;
};

/** Which broker, who we are to it, and what makes either trust the other. */
export interface Broker {
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/**
 * Runs a program of the lab. A `UsageError` ends it with one sentence and exit code 2, and so does an option that
 * `parseArgs` does not know.
 */
export function run(program: () => void): void {
  try {
    program();
  } catch (error) {
    if (!(error instanceof UsageError) && !isParseError(error)) throw error;
    process.stderr.write(`${sentence(error.message)} Options: --help\n`);
    process.exitCode = EXIT_USAGE;
  }
}

/** Throws `UsageError` where an option is not allowed or its file cannot be read. */
export function brokerOf(given: Given, environment: NodeJS.ProcessEnv): Broker {
  const url = given.broker as string;
  checkUrl(url);
  const isSecure = /^(?:mqtts|wss):/.test(url);
  for (const option of ['ca', 'cert', 'key'] as const) {
    if (given[option] !== undefined && !isSecure)
      throw new UsageError(`--${option} goes with TLS: --broker mqtts://host or wss://host.`);
  }
  if ((given.cert === undefined) !== (given.key === undefined)) throw new UsageError('--cert and --key go together.');
  return {
    url,
    username: given.user ?? environment['STATION_METEO_USER'],
    // Never an option itself: what is typed on a command line is seen by everybody on the computer (try `ps -ef`).
    password: read('password-file', given)?.split(/\r?\n/, 1)[0] ?? environment['STATION_METEO_PASSWORD'],
    ca: read('ca', given),
    cert: read('cert', given),
    key: read('key', given),
  };
}

export function prefixOf({ prefix }: { readonly prefix: string }): string {
  refuse('prefix', prefix, prefixProblem(prefix));
  return prefix;
}

/** Throws `UsageError` where there is a `problem` with the `value` of an option. */
export function refuse(option: string, value: string, problem: string | undefined): void {
  if (problem !== undefined) throw new UsageError(`--${option} ${JSON.stringify(value)} is not allowed: ${problem}.`);
}

export function qosOf(value: string): 0 | 1 | 2 {
  refuse('qos', value, /^[012]$/.test(value) ? undefined : 'allowed: 0, 1, 2');
  return Number(value) as 0 | 1 | 2;
}

function checkUrl(url: string): void {
  // Not repeated: it may hold a password.
  if (url.includes('@')) throw new UsageError('--broker: a login does not belong in the URL, but in --user and --password-file.');
  const isUrl = /^(?:mqtts?|wss?):\/\/[^/]/.test(url) && URL.canParse(url);
  refuse('broker', url, isUrl ? undefined : 'allowed: mqtt://, mqtts://, ws:// or wss://, then host or host:port');
}

function read(option: 'password-file' | 'ca' | 'cert' | 'key', given: Given): string | undefined {
  const file = given[option];
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--${option} ${JSON.stringify(file)} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function isParseError(error: unknown): error is Error {
  return error instanceof Error && ((error as NodeJS.ErrnoException).code ?? '').startsWith('ERR_PARSE_ARGS');
}

/** The first sentence of a message of `parseArgs`, which goes on to explain; an argument that may hold a login is not repeated. */
function sentence(message: string): string {
  if (/:\/\/[^/]*@/.test(message)) return 'A login does not belong on the command line.';
  const [first = ''] = message.split(/\. |\n/, 1);
  return `${first.replace(/\.$/, '')}.`;
}
