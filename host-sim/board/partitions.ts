// The partition table of the ESP32 images, as the linker sees it: `manifests/esp32/partitions.csv`.

import { readFileSync } from 'node:fs';

export interface Partition {
  readonly name: string;
  readonly type: string;
  readonly subtype: string;
  /** Bytes from the start of the flash. */
  readonly offset: number;
  readonly size: number;
}

export const PARTITIONS_FILE = 'manifests/esp32/partitions.csv';

/** Reads a table in ESP-IDF's CSV format; ours has each offset and size in it. */
export function readPartitions(file: string = PARTITIONS_FILE): Partition[] {
  const rows = readFileSync(file, 'utf8').split(/\r?\n/);
  return rows
    .filter((row) => row.trim() !== '' && !row.startsWith('#'))
    .map((row) => {
      const [name = '', type = '', subtype = '', offset = '', size = ''] = row.split(',').map((cell) => cell.trim());
      return { name, type, subtype, offset: Number(offset), size: Number(size) };
    });
}
