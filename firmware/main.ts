// The weather station on the Moddable SDK: settings that are built in from `mc/config`, ports from the target's platform, one Board.

import config from 'mc/config';
import { createPlatform } from 'platform/target/platform';
import { Log } from './platform/log.js';
import { Board } from './station/board.js';
import { SETTING_NAMES, SettingError } from './station/settings.js';

/** A setting that cannot be used ends in a sentence, not in a restart. */
export default function main(): void {
  const { station, board, sensor, ports } = createPlatform(config);
  const identity = { station, board, firmware: String(config['version']), sensor };
  try {
    new Board({ builtIn: readBuiltIn(), identity, ports, observer: new Log() }).start();
  } catch (error) {
    // A bad setting in the image ends in a sentence, not in one restart after the other.
    if (!(error instanceof SettingError)) throw error;
    trace(`${error.message}; the station does not start\n`);
  }
}

/** `mc/config` holds the SDK's keys too, so what is no setting is not looked at. */
function readBuiltIn(): Record<string, unknown> {
  const builtIn: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) if (config[name] !== undefined) builtIn[name] = config[name];
  return builtIn;
}
