// Who the virtual stations of this computer are: names that no other computer uses, so that two classes on one broker never
// evict each other.

import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';

const INSTALLATION_FILE = 'installation';

/** The random id of this installation: made at the first call and kept for the user in `configDirectory`. */
export function installationId(configDirectory: string = envPaths('station-meteo', { suffix: '' }).config): string {
  const file = join(configDirectory, INSTALLATION_FILE);
  const known = readKnown(file);
  if (known) return known;
  const id = randomBytes(16).toString('hex');
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${id}\n`, { flag: 'wx' });
  } catch {
    // Another process was quicker, and its id counts; or nothing can be written here, and this run has an id of its own.
    return readKnown(file) ?? id;
  }
  return id;
}

/** The station id of a room of this installation: 12 hex digits, as of a MAC address. */
export function stationId(installation: string, room: string): string {
  return createHash('sha256').update(`${installation}/${room}`).digest('hex').slice(0, 12);
}

function readKnown(file: string): string | undefined {
  try {
    const id = readFileSync(file, 'utf8').trim();
    return /^[0-9a-f]{32}$/.test(id) ? id : undefined;
  } catch {
    return undefined;
  }
}
