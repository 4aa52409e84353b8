// The login: a name that may be typed, and a password that must not be, since every program on the computer can read a command line.

import { readOption } from '../read-option.js';
import { type Given, usage } from './arguments.js';

export interface GivenLogin {
  /** The option --broker without the user in it. */
  readonly brokerUrl: string | undefined;
  /** Empty: no login. */
  readonly user: string;
  readonly password: string;
}

/** Throws `UserError`, which never repeats what may be a password. */
export function parseLogin(given: Given, environment: NodeJS.ProcessEnv): GivenLogin {
  const { brokerUrl, urlUser } = splitUrl(given.broker);
  if (urlUser !== undefined && given.user !== undefined) {
    throw usage(
      'The user is named twice: in the URL of --broker and with --user.',
      `npm start -- --broker ${brokerUrl} --user NAME`,
    );
  }
  const passwordFile = given['password-file'];
  return {
    brokerUrl,
    user: given.user ?? urlUser ?? environment['STATION_METEO_USER'] ?? '',
    password: passwordFile !== undefined ? readPassword(passwordFile) : (environment['STATION_METEO_PASSWORD'] ?? ''),
  };
}

/** `mqtts://user@host` is `mqtts://host` for `user`. */
function splitUrl(url: string | undefined): { brokerUrl: string | undefined; urlUser?: string } {
  const parts = url === undefined ? null : /^([a-z]+:\/\/)([^/]*)@(.*)$/.exec(url);
  if (!parts) {
    if (url?.includes('@')) throw passwordInUrl();
    return { brokerUrl: url };
  }
  const [, scheme = '', user = '', rest = ''] = parts;
  if (user.includes(':') || user.includes('@') || rest.includes('@')) throw passwordInUrl();
  return { brokerUrl: `${scheme}${rest}`, urlUser: decodeUser(user) };
}

function decodeUser(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    throw usage(
      'Option --broker: the user name is not encoded as a URL needs it.',
      'npm start -- --broker mqtts://host --user NAME',
    );
  }
}

function passwordInUrl() {
  return usage(
    'Option --broker: a password does not belong in the URL, where every program on this computer can read it (or set STATION_METEO_PASSWORD).',
    'npm start -- --broker mqtts://host --user NAME --password-file FILE',
  );
}

function readPassword(file: string): string {
  return readSecret('--password-file', file, 'npm start -- --user NAME --password-file FILE');
}

/**
 * The first line of `file`, which `option` names.
 * @param command the very command to type instead
 */
export function readSecret(option: string, file: string, command: string): string {
  return readOption(option, file, command).split(/\r?\n/, 1)[0] as string;
}
