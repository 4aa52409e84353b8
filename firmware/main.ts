// The weather station on the Moddable SDK: settings from `mc/config`, ports from the target's platform, and one Station.

import config from 'mc/config';
import { createPlatform } from 'platform/target/platform';
import { Log } from './platform/log.js';
import { parseSettings, SETTING_NAMES, SettingError, type Settings } from './station/settings.js';
import { Station } from './station/station.js';

/** A setting that cannot be used ends in a sentence, not in a restart. */
export default function main(): void {
  try {
    run(readSettings());
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    trace(`${error.message}; the station does not start\n`);
  }
}

function run(settings: Settings): void {
  // The network may come up though the station could not be made.
  let station: Station | undefined;
  const platform = createPlatform({
    config,
    settings,
    onNetworkUp: () => station?.networkUp(),
    onNetworkDown: () => station?.networkDown(),
  });
  const { board, sensor, ports } = platform;
  station = new Station({
    settings,
    identity: { station: platform.station, board, firmware: String(config['version']), sensor },
    ports,
    observer: new Log(),
  });
  trace(`station ${platform.station}, room ${station.room}, broker ${settings.broker}\n`);
  station.start();
}

/** `mc/config` holds the SDK's keys too, so what is no setting is not looked at. */
function readSettings(): Settings {
  const input: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) if (config[name] !== undefined) input[name] = config[name];
  return parseSettings(input);
}
