// Lays a compressed copy beside each file of the page that gains by it, once after each build; sirv then serves the smallest.

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TEXT = /\.(?:html|js|css|svg|json|webmanifest)$/;

/** Below this, compressing costs more than it saves. */
const COMPRESSED_FROM_BYTES = 1_024;

/** Nearly as small as the best, and a hundred times as fast. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } };

/** Where nothing can be written, the files are served as they are. */
export async function compressFiles(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && TEXT.test(entry.name));
  await Promise.all(files.map(({ parentPath, name }) => compressFile(join(parentPath, name)))).catch(() => {});
}

async function compressFile(file: string): Promise<void> {
  if (await isOlder(file, `${file}.br`)) return;
  const bytes = await readFile(file);
  if (bytes.length < COMPRESSED_FROM_BYTES) return;
  await writeFile(`${file}.gz`, await promisify(gzip)(bytes));
  // Written last: where it is there, both are.
  await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, BROTLI));
}

async function isOlder(file: string, copy: string): Promise<boolean> {
  const times = await Promise.all([file, copy].map((path) => stat(path).catch(() => undefined)));
  const [source, target] = times;
  return source !== undefined && target !== undefined && source.mtimeMs < target.mtimeMs;
}
