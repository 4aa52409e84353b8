// The Moddable SDK on this computer: whether it is there and new enough, and whether what a target needs besides is.

import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { UserError } from '../user-error.js';
import type { Target } from './targets.js';

/** The firmware uses what came with 8.2: its ESP-IDF, and modules of ECMA-419. */
const OLDEST = [8, 2] as const;

const GUIDE = 'https://github.com/Moddable-OpenSource/moddable/tree/public/documentation';
const ESP8266_GUIDE = `${GUIDE}/devices/esp8266.md`;
const ESP32_GUIDE = `${GUIDE}/devices/esp32.md`;

/** What the SDK calls the computer's operating system. */
const HOSTS: Readonly<Record<string, string>> = { linux: 'lin', darwin: 'mac', win32: 'win' };

export interface Sdk {
  /** Path of the program that builds. */
  readonly mcconfig: string;
  /** Path of the program that runs the desktop simulator. */
  readonly simulator: string;
  /** `lin`, `mac` or `win`: also the platform of the desktop simulator. */
  readonly host: string;
  /** What `mcconfig` needs to find itself, its tools and its TypeScript compiler. */
  readonly environment: NodeJS.ProcessEnv;
}

/** What is looked at; a test has a computer of its own. */
export interface Computer {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
}

export const thisComputer: Computer = { platform: process.platform, environment: process.env, home: homedir() };

/**
 * The SDK, ready to build for `target`; without a target, for the desktop simulator. Throws `UserError`, which says all that is missing
 * and how to get it.
 */
export function findSdk(target: Target | undefined, computer: Computer = thisComputer): Sdk {
  const { environment, platform } = computer;
  const host = HOSTS[platform];
  if (host === undefined) throw new UserError(`The Moddable SDK does not run on ${platform}.`, 'npm start');
  const root = environment['MODDABLE'] ?? '';
  const bin = join(root, 'build', 'bin', host, 'release');
  const mcconfig = join(bin, host === 'win' ? 'mcconfig.bat' : 'mcconfig');
  const problem = problemOfSdk(root, mcconfig);
  if (problem !== undefined) throw new UserError(`${problem} Its guide: ${GUIDE}.`, 'npx xs-dev setup');
  if (target !== undefined) checkToolchain(target, computer, host);
  return {
    mcconfig,
    simulator: simulatorIn(bin, host),
    host,
    // Our own TypeScript first: the SDK needs version 6 or later, and an older one may be installed.
    environment: { ...environment, PATH: [bin, join(process.cwd(), 'node_modules', '.bin'), environment['PATH']].join(delimiter) },
  };
}

function problemOfSdk(root: string, mcconfig: string): string | undefined {
  if (root === '') return 'There is no Moddable SDK here: the environment variable MODDABLE is not set to its folder.';
  const file = join(root, 'tools', 'VERSION');
  if (!existsSync(file)) {
    return `There is no Moddable SDK, or one older than ${OLDEST.join('.')}, in ${root}, where the environment variable MODDABLE points.`;
  }
  const version = readFileSync(file, 'utf8').trim();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (!(major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))) {
    return `The Moddable SDK in ${root} is version ${version}, and this firmware needs ${OLDEST.join('.')} or later.`;
  }
  if (!existsSync(mcconfig)) return `The tools of the Moddable SDK in ${root} are not built: there is no ${mcconfig}.`;
  return undefined;
}

function simulatorIn(bin: string, host: string): string {
  if (host === 'mac') return join(bin, 'mcsim.app', 'Contents', 'MacOS', 'mcsim');
  return join(bin, host === 'win' ? 'mcsim.exe' : 'mcsim');
}

function checkToolchain(target: Target, computer: Computer, host: string): void {
  const missing = target.toolchain === 'esp8266' ? missingForEsp8266(computer, host) : missingForEsp32(computer);
  if (missing.length === 0) return;
  const guide = target.toolchain === 'esp8266' ? ESP8266_GUIDE : ESP32_GUIDE;
  throw new UserError(
    `What the Moddable SDK needs for ${target.chip} is missing: ${missing.join('; ')}. Its guide: ${guide}.`,
    `npx xs-dev setup --device ${target.toolchain}`,
  );
}

/** The folders that the SDK's makefiles look into. */
function missingForEsp8266({ environment, home, platform }: Computer, host: string): string[] {
  const base = environment['ESP_BASE'] ?? join(home, 'esp');
  const uname = platform === 'darwin' ? 'Darwin' : 'Linux';
  const compiler =
    host === 'win'
      ? join(base, 'xtensa-lx106-elf', 'bin', 'xtensa-lx106-elf-gcc.exe')
      : join(base, 'toolchain', uname, 'xtensa-lx106-elf', 'bin', 'xtensa-lx106-elf-gcc');
  const needed = [
    ['the ESP8266 core for Arduino 2.3.0', join(base, 'esp8266-2.3.0')],
    ['the ESP8266_RTOS_SDK', join(base, 'ESP8266_RTOS_SDK')],
    ["Espressif's compiler", compiler],
  ] as const;
  return needed.filter(([, path]) => !existsSync(path)).map(([what, path]) => `${what} (${path})`);
}

function missingForEsp32({ environment }: Computer): string[] {
  const root = environment['IDF_PATH'] ?? '';
  if (root === '') return ['ESP-IDF 6.0 (the environment variable IDF_PATH is not set to its folder)'];
  const entry = join(root, 'tools', 'idf.py');
  return existsSync(entry) ? [] : [`ESP-IDF 6.0 (${entry})`];
}
