// A folder for secrets, outside the repository: only this user can look into it, and it is gone when the program ends.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Signals that end a program: Ctrl-C, a closed terminal, `kill`. */
const ENDINGS = { SIGINT: 2, SIGHUP: 1, SIGTERM: 15 } as const;

export class PrivateFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'station-meteo-'));

  constructor() {
    process.once('exit', this.#remove);
    for (const [signal, number] of Object.entries(ENDINGS)) {
      // A shell expects 128 and the number of the signal. `exit` then removes the folder; a second Ctrl-C must not keep it from doing so.
      process.on(signal, () => process.exit(128 + number));
    }
  }

  /** Writes `text` to the new file `name`, for this user's eyes only; returns its path. */
  write(name: string, text: string): string {
    const path = join(this.path, name);
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    return path;
  }

  readonly #remove = () => rmSync(this.path, { recursive: true, force: true });
}
