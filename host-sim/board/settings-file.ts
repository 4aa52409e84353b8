// The settings that somebody gives to a station: from a JSON file, checked by the rules of the firmware.

import { parseSettings, SettingError } from '../../firmware/station/settings.js';
import { readOption } from '../read-option.js';
import { usage } from './command-line.js';

/** Setting by setting, what was given; the station fills in the rest. */
export type GivenSettings = Readonly<Record<string, unknown>>;

/** Reads `file`, the value of `--settings`. Throws `UserError`, which repeats no secret. */
export function readSettingsFile(file: string, command: string): GivenSettings {
  const text = readOption('--settings', file, command, problemOf);
  const settings = JSON.parse(text) as GivenSettings;
  checkSettings(settings, command);
  return settings;
}

/** Throws `UserError` for the first setting that is unknown or not allowed. */
export function checkSettings(settings: GivenSettings, command: string): void {
  try {
    parseSettings(settings);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw usage(`${error.message}.`, command);
  }
}

/** The parser's own words are not repeated: they quote the file. */
function problemOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'is not one JSON object';
  } catch {
    return 'is not JSON';
  }
}
