// `npm run build -- BOARD`: builds the firmware with the Moddable SDK, into one file that any computer can write to a board.

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { collectImage } from './built-image.js';
import { parseCommandLine, parseTarget } from './command-line.js';
import { type Image, writeImage } from './image.js';
import { BUILD_FOLDER, type Build, describeBuild, runMcconfig } from './mcconfig.js';
import { findSdk } from './sdk.js';
import { readSettingsFile } from './settings-file.js';
import { TARGET_NAMES, type Target } from './targets.js';

const COMMAND = 'npm run build --';

export const HELP = `Builds the firmware for a board with the Moddable SDK. (To compile for this computer: npm run compile.)

  ${COMMAND} BOARD              BOARD is one of ${TARGET_NAMES.join(', ')}
  ${COMMAND} nodemcu --out class.json

  --out FILE       where the image goes (default: ${join(BUILD_FOLDER, 'BOARD.json')}); npm run flash -- BOARD --image FILE writes it
  --settings FILE  settings to build in, a JSON object; the image then holds its passwords
  --dry-run        only print the command that builds
  --help           this text
`;

/** Resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(
    args,
    { out: { type: 'string' }, settings: { type: 'string' }, 'dry-run': { type: 'boolean' } },
    COMMAND,
  );
  const target = parseTarget(positionals, COMMAND);
  const build = planBuild(target, values.settings, `${COMMAND} ${target.name} --settings FILE`);
  if (values['dry-run']) {
    process.stdout.write(`${describeBuild(build)}\n`);
    return 0;
  }
  const file = values.out ?? join(BUILD_FOLDER, `${target.name}.json`);
  const image = await buildImage(target, build);
  mkdirSync(dirname(file), { recursive: true });
  writeImage(file, image, build.settings !== undefined);
  const bytes = image.parts.reduce((sum, part) => sum + part.bytes.length, 0);
  process.stdout.write(
    `${file}: ${Math.round(bytes / 1024)} KB for ${target.chip}. Write it with: npm run flash -- ${target.name} --image ${file}\n`,
  );
  return 0;
}

/** @param settingsFile the value of `--settings` */
export function planBuild(target: Target, settingsFile: string | undefined, command: string): Build {
  const settings = settingsFile === undefined ? undefined : readSettingsFile(settingsFile, command);
  return { platform: target.platform, manifest: target.manifest, settings };
}

/** Throws `UserError` where the SDK or the target's toolchain is missing, and where the build fails. */
export async function buildImage(target: Target, build: Build): Promise<Image> {
  const sdk = findSdk(target);
  return collectImage(target, await runMcconfig(sdk, build));
}
