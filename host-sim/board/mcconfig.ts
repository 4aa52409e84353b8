// Runs the SDK's `mcconfig` on our manifest, and keeps settings that are built in out of sight.

import { mkdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../user-error.js';
import { runInForeground } from './foreground.js';
import { PrivateFolder } from './private-folder.js';
import type { Sdk } from './sdk.js';
import type { GivenSettings } from './settings-file.js';

/** What to build: our manifest, for a platform of the SDK, and the settings to build in. */
export interface Build {
  /** What `mcconfig -p` calls it. */
  readonly platform: string;
  /** From the top of the repository. */
  readonly manifest: string;
  readonly settings: GivenSettings | undefined;
}

export interface BuildPaths {
  readonly manifest: string;
  /** Where `mcconfig` writes all that it makes. */
  readonly output: string;
}

/** Where a build without settings goes; a build with settings has a private folder, since they lie in what is built, too. */
export const BUILD_FOLDER = join('build', 'firmware');

/** The arguments of `mcconfig`. `-t build` ends there: the default target would also end debuggers by name, and flash. */
export function mcconfigArguments(build: Build, paths: BuildPaths): string[] {
  return ['-m', '-t', 'build', '-p', build.platform, '-o', paths.output, paths.manifest];
}

/** The command as a person would type it, with the place of a private folder left open. */
export function describeBuild(build: Build): string {
  const isPrivate = build.settings !== undefined;
  const paths = isPrivate ? privatePaths('PRIVATE-FOLDER') : { manifest: build.manifest, output: BUILD_FOLDER };
  return ['mcconfig', ...mcconfigArguments(build, paths)].join(' ');
}

/** Builds; resolves to the folder of the result, `bin` of it. Throws `UserError` where `mcconfig` fails. */
export async function runMcconfig(sdk: Sdk, build: Build): Promise<string> {
  const paths = build.settings === undefined ? { manifest: build.manifest, output: BUILD_FOLDER } : keepPrivate(build);
  mkdirSync(paths.output, { recursive: true });
  const args = mcconfigArguments(build, { manifest: paths.manifest, output: resolve(paths.output) });
  const code = await runInForeground(sdk.mcconfig, args, sdk.environment, sdk.host === 'win');
  if (code !== 0) throw new UserError(`mcconfig failed with exit code ${code}; what it printed says why.`, describeBuild(build));
  const application = basename(dirname(paths.manifest));
  const [platform = '', board = 'mc'] = build.platform.split('/');
  return resolve(paths.output, 'bin', platform, board, 'release', application);
}

/** A manifest of our own around the public one, with the settings in it: arguments of `mcconfig` would be seen in the list of processes. */
function keepPrivate(build: Build): BuildPaths {
  const folder = new PrivateFolder();
  const paths = privatePaths(folder.path);
  mkdirSync(dirname(paths.manifest));
  folder.write(join(APPLICATION, 'manifest.json'), JSON.stringify({ include: [resolve(build.manifest)], config: build.settings }));
  return paths;
}

/** `mcconfig` names what it builds after the folder of the manifest. */
const APPLICATION = 'station-meteo';

function privatePaths(folder: string): BuildPaths {
  return { manifest: join(folder, APPLICATION, 'manifest.json'), output: join(folder, 'output') };
}
