// A folder for secrets, outside the repository: only this user can look into it, and it is gone when the program ends.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitOnSignals } from './signals.js';

export class PrivateFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'station-meteo-'));

  constructor() {
    process.once('exit', this.#remove);
    exitOnSignals();
  }

  /** Writes `text` to the new file `name`, for this user's eyes only; returns its path. */
  write(name: string, text: string): string {
    const path = join(this.path, name);
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    return path;
  }

  readonly #remove = () => rmSync(this.path, { recursive: true, force: true });
}
