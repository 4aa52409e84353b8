// The options that are settings of the stations.

import { parseSettings, SettingError, type Settings } from '../../firmware/station/settings.js';
import { type Given, usage } from './arguments.js';
import { type GivenLogin, readSecret } from './login.js';

/** The settings that all stations share, allowed in each of `rooms`. Throws `UserError` for what is not allowed. */
export function parseStationSettings(given: Given, { brokerUrl, user, password }: GivenLogin, rooms: readonly string[]): Settings {
  const keyFile = given['station-key'];
  const isInside = brokerUrl === undefined;
  if (isInside && given.mqtt === '5') {
    throw usage('Option --mqtt: the broker inside speaks 3.1.1 only.', 'npm start -- --broker mqtt://host --mqtt 5');
  }
  try {
    const settings = parseSettings({
      // What the broker inside speaks, at once.
      mqtt: isInside && (given.mqtt ?? 'auto') === 'auto' ? '3.1.1' : given.mqtt,
      ...(given.interval !== undefined && { interval: given.interval }),
      ...(brokerUrl !== undefined && { broker: brokerUrl }),
      user,
      password,
      stationKey: keyFile === undefined ? '' : readSecret('--station-key', keyFile, 'npm start -- --station-key FILE'),
      homeAssistant: given['home-assistant'] === true,
    });
    for (const room of rooms) parseSettings({ ...settings, room });
    return settings;
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    const examples: Record<string, string> = {
      interval: '--interval 10',
      mqtt: '--broker mqtt://127.0.0.1:1883 --mqtt auto',
      broker: '--broker mqtt://127.0.0.1:1883',
      stationKey: '--station-key FILE',
      homeAssistant: '--home-assistant --rooms salon,cuisine',
    };
    const example = examples[error.setting] ?? '--user NAME --password-file FILE';
    const option = error.setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const problem = error.message.replace(`setting ${error.setting}`, `Option --${option}`);
    throw usage(`${problem}.`, `npm start -- ${example}`);
  }
}
