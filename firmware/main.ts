// The weather station on the Moddable SDK: settings from `mc/config`, ports from the target's platform, and one Station.

import config from 'mc/config';
import { createPlatform } from 'platform/target/platform';
import { Log } from './platform/log.js';
import { parseSettings, SETTING_NAMES, SettingError, type Settings } from './station/settings.js';
import { Station } from './station/station.js';

export default function main(): void {
  const settings = readSettings();
  if (!settings) return;
  const platform = createPlatform({
    config,
    settings,
    onNetworkUp: () => station.networkUp(),
    onNetworkDown: () => station.networkDown(),
  });
  const { board, sensor, ports } = platform;
  const station = new Station({
    settings,
    identity: { station: platform.station, board, firmware: String(config['version']), sensor },
    ports,
    observer: new Log(),
  });
  trace(`station ${platform.station}, room ${station.room}, broker ${settings.broker}\n`);
  station.start();
}

/** `mc/config` holds the SDK's keys too, so what is no setting is not looked at. A bad setting ends in a sentence, not in a restart. */
function readSettings(): Settings | undefined {
  const input: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) if (config[name] !== undefined) input[name] = config[name];
  try {
    return parseSettings(input);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    trace(`${error.message}; the station does not start\n`);
    return undefined;
  }
}
