// The options that are settings of the stations.

import { parseSettings, SettingError, type Settings } from '../../firmware/station/settings.js';
import { type Given, usage } from './arguments.js';
import type { GivenLogin } from './login.js';

/** The settings that all stations share. Throws `UserError` for what is not allowed. */
export function parseStationSettings(given: Given, { brokerUrl, user, password }: GivenLogin): Settings {
  try {
    return parseSettings({
      ...(given.interval !== undefined && { interval: given.interval }),
      ...(brokerUrl !== undefined && { broker: brokerUrl }),
      user,
      password,
    });
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    const examples: Record<string, string> = { interval: '--interval 10', broker: '--broker mqtt://127.0.0.1:1883' };
    const example = examples[error.setting] ?? '--user NAME --password-file FILE';
    throw usage(`${error.message.replace(/^setting /, 'Option --')}.`, `npm start -- ${example}`);
  }
}
