// The options that are settings of the stations.

import { readFileSync } from 'node:fs';
import { parseSettings, SettingError, type Settings } from '../../firmware/station/settings.js';
import { type Given, usage } from './arguments.js';

/** The settings that all stations share. Throws `UserError` for what is not allowed. */
export function parseStationSettings(given: Given, environment: NodeJS.ProcessEnv): Settings {
  const user = given.user ?? environment['STATION_METEO_USER'] ?? '';
  const password =
    given['password-file'] !== undefined ? readPassword(given['password-file']) : (environment['STATION_METEO_PASSWORD'] ?? '');
  const hasLogin = given.broker !== undefined;
  if (!hasLogin && (given.user !== undefined || given['password-file'] !== undefined)) {
    throw usage('Options --user and --password-file go with --broker: the broker inside asks for no login.', 'npm start');
  }
  if (given.broker?.includes('@')) {
    // Not repeated here: it may hold the password.
    throw usage(
      'Option --broker: a login does not belong in the URL.',
      'npm start -- --broker mqtt://host --user NAME --password-file FILE',
    );
  }
  if (!hasLogin && given.mqtt === '5') {
    throw usage('Option --mqtt: the broker inside speaks 3.1.1 only.', 'npm start -- --broker mqtt://host --mqtt 5');
  }
  try {
    return parseSettings({
      // What the broker inside speaks, at once.
      mqtt: hasLogin || (given.mqtt !== undefined && given.mqtt !== 'auto') ? given.mqtt : '3.1.1',
      ...(given.interval !== undefined && { interval: given.interval }),
      ...(hasLogin && { broker: given.broker, user, password }),
    });
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    const examples: Record<string, string> = {
      interval: '--interval 10',
      mqtt: '--broker mqtt://127.0.0.1:1883 --mqtt auto',
      broker: '--broker mqtt://127.0.0.1:1883',
    };
    const example = examples[error.setting] ?? '--broker mqtt://127.0.0.1:1883 --user NAME --password-file FILE';
    throw usage(`${error.message.replace(/^setting /, 'Option --')}.`, `npm start -- ${example}`);
  }
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] as string;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw usage(
      `Option --password-file: ${JSON.stringify(file)}: ${reason}.`,
      'npm start -- --broker mqtt://host --user NAME --password-file FILE',
    );
  }
}
