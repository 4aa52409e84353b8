// `npm run sim:moddable`: builds the firmware for the SDK's desktop simulator, and runs it there.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UserError } from '../user-error.js';
import { parseOptions } from './command-line.js';
import { runInForeground } from './foreground.js';
import { type Build, describeBuild, runMcconfig } from './mcconfig.js';
import { findSdk, type Sdk } from './sdk.js';
import { checkSettings, type GivenSettings, readSettingsFile } from './settings-file.js';

const COMMAND = 'npm run sim:moddable --';
const MANIFEST = 'manifests/simulator/manifest.json';

export const HELP = `Runs the firmware in the desktop simulator of the Moddable SDK, with a simulated sensor and this computer's network.

  npm run sim:moddable                                     the broker at 127.0.0.1
  ${COMMAND} --broker mqtt://192.168.1.10 --room salon

  --broker URL     as the setting
  --room NAME      as the setting
  --interval S     as the setting
  --settings FILE  these and others, a JSON object
  --dry-run        only print the command that builds
  --help           this text

Without a display (Linux) it needs Debian's xvfb and dbus-x11.
`;

/** Resolves to the exit code of the simulator. */
export async function main(args: readonly string[]): Promise<number> {
  const given = parseOptions(
    args,
    {
      broker: { type: 'string' },
      room: { type: 'string' },
      interval: { type: 'string' },
      settings: { type: 'string' },
      'dry-run': { type: 'boolean' },
    },
    COMMAND,
  );
  const build = planSimulation(given);
  if (given['dry-run']) {
    process.stdout.write(`${describeBuild({ ...build, platform: 'sim' })}\n`);
    return 0;
  }
  const sdk = findSdk(undefined);
  const folder = await runMcconfig(sdk, { ...build, platform: sdk.host });
  return run(sdk, join(folder, sdk.host === 'win' ? 'mc.dll' : 'mc.so'));
}

function planSimulation(values: { broker?: string; room?: string; interval?: string; settings?: string }): Omit<Build, 'platform'> {
  const { settings: file, broker, room, interval } = values;
  const given: GivenSettings = {
    ...(file !== undefined && readSettingsFile(file, `${COMMAND} --settings FILE`)),
    ...(broker !== undefined && { broker }),
    ...(room !== undefined && { room }),
    ...(interval !== undefined && { interval }),
  };
  checkSettings(given, `${COMMAND} --help`);
  return { manifest: MANIFEST, settings: Object.keys(given).length === 0 ? undefined : given };
}

/** Runs the simulator until it is closed; without a display, on a virtual one. */
function run(sdk: Sdk, library: string): Promise<number> {
  const isHeadless = sdk.host === 'lin' && !sdk.environment['DISPLAY'] && !sdk.environment['WAYLAND_DISPLAY'];
  const [program = '', ...args] = isHeadless
    ? ['dbus-run-session', 'xvfb-run', '-a', sdk.simulator, library]
    : [sdk.simulator, library];
  if (isHeadless) checkVirtualDisplay(sdk);
  process.stdout.write(`The simulator runs${isHeadless ? ', without a display' : ''}. Ctrl-C ends it.\n`);
  return runInForeground(program, args, sdk.environment);
}

function checkVirtualDisplay(sdk: Sdk): void {
  const folders = (sdk.environment['PATH'] ?? '').split(delimiter);
  const missing = [
    ['xvfb-run', 'xvfb'],
    ['dbus-run-session', 'dbus'],
  ].filter(([program = '']) => !folders.some((folder) => existsSync(join(folder, program))));
  if (missing.length === 0) return;
  throw new UserError(
    `There is no display, and no virtual one: ${missing.map(([program]) => program).join(' and ')} is missing.`,
    `sudo apt-get install ${missing.map(([, debianPackage]) => debianPackage).join(' ')}`,
  );
}
