// Where a recording lies, and that no two programs write it at the same time.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { UserError } from '../../user-error.js';

const RECORDING_FILE = 'recording.db';
const OWNER_FILE = 'owner';

/** Where the readings of `broker` are kept for this user: a folder for each broker, because rooms may have the same names. */
export function usualDirectory(broker: string): string {
  const name = broker.replace(/^\w+:\/\//, '').replace(/[^A-Za-z0-9.-]+/g, '_');
  return join(envPaths('station-meteo', { suffix: '' }).data, name);
}

export class DataDirectory {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Makes the directory where there is none, and takes it for this process. Throws `UserError`. */
  static claim(path: string): DataDirectory {
    try {
      mkdirSync(path, { recursive: true });
      takeOwnership(path);
    } catch (error) {
      if (error instanceof UserError) throw error;
      const { code } = error as NodeJS.ErrnoException;
      throw new UserError(
        `Option --data: ${JSON.stringify(path)} cannot be written (${code}).`,
        'npm start -- --data DIR (another directory)',
      );
    }
    // The database marks what it has open with a folder, which a process that was killed leaves behind.
    rmSync(join(path, `${RECORDING_FILE}.lock`), { recursive: true, force: true });
    return new DataDirectory(path);
  }

  /** The file of the recording, whether it exists or not. */
  get recordingFile(): string {
    return join(this.#path, RECORDING_FILE);
  }

  release(): void {
    rmSync(join(this.#path, OWNER_FILE), { force: true });
  }
}

/** Writes this process into the owner file. A process that is gone owns nothing. */
function takeOwnership(path: string): void {
  const file = join(path, OWNER_FILE);
  for (let tries = 0; tries < 2; tries++) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number(readFileSync(file, 'utf8'));
    if (isRunning(owner)) {
      const problem = `Option --data: ${JSON.stringify(path)} is in use by another program (process ${owner}).`;
      throw new UserError(problem, 'npm start -- --data DIR (another directory)');
    }
    rmSync(file, { force: true });
  }
}

function isRunning(pid: number): boolean {
  // In a container, this process may have the id of the one before it.
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
