// The weather station on the Moddable SDK: settings that are built in from `mc/config`, ports from the target's platform, one Board.

import config from 'mc/config';
import { createPlatform } from 'platform/target/platform';
import { Log } from './platform/log.js';
import type { Platform } from './platform/platform.js';
import { Board } from './station/board.js';
import { SETTING_NAMES, SettingError } from './station/settings.js';

/** A setting that cannot be used ends in a sentence, not in one restart after the other. */
export default function main(): void {
  let running: Board | undefined;
  const start = () => {
    running?.abort();
    running = createBoard(platform);
    running?.start();
  };
  const platform = createPlatform(config, start);
  start();
}

function createBoard({ station, board, sensor, ports }: Platform): Board | undefined {
  const identity = { station, board, firmware: String(config['version']), sensor };
  try {
    return new Board({ builtIn: readBuiltIn(), identity, ports, observer: new Log() });
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    trace(`${error.message}; the station does not start\n`);
    return undefined;
  }
}

/** `mc/config` holds the SDK's keys too, so what is no setting is not looked at. */
function readBuiltIn(): Record<string, unknown> {
  const builtIn: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) if (config[name] !== undefined) builtIn[name] = config[name];
  return builtIn;
}
