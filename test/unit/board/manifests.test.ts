// The manifests, the flash of each board, and what the commands know of them must agree.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { FLASH_BLOCK_BYTES } from '../../../firmware/ports.js';
import { type Partition, readPartitions } from '../../../host-sim/board/partitions.js';
import { TARGETS } from '../../../host-sim/board/targets.js';

const FLASH_BYTES = 4 * 1024 * 1024;

/** ESP-IDF programming guide, "Partition Tables": the table is at 0x8000 and takes one block. */
const FIRST_OFFSET = 0x9000;

/** There, "Offset & Size": applications begin at multiples of 64 KB. */
const APPLICATION_ALIGNMENT = 0x1_0000;

interface Manifest {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly platforms?: Readonly<Record<string, { readonly config?: Readonly<Record<string, unknown>> }>>;
}

const readManifest = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Manifest;

describe('the manifests', () => {
  for (const { name, manifest: file, platform } of Object.values(TARGETS)) {
    it(`say for ${name} which board it is, and where its serial line is`, () => {
      assert.ok(existsSync(file));
      const manifest = readManifest(file);
      const config = { ...manifest.config, ...manifest.platforms?.[platform]?.config };
      assert.equal(config['board'], name);
      for (const pin of ['serialTransmitPin', 'serialReceivePin']) assert.ok(Number.isInteger(config[pin]), `${pin} of ${name}`);
    });
  }
});

describe("the ESP32's partition table", () => {
  const partitions = readPartitions();
  const find = (wanted: string) => partitions.find(({ name }) => name === wanted) as Partition;

  it('has its partitions one behind the other, in whole blocks, within 4 MB', () => {
    let end = FIRST_OFFSET;
    for (const { name, offset, size } of partitions) {
      assert.equal(offset, end, `${name} begins where the one before ends`);
      assert.ok(size > 0 && size % FLASH_BLOCK_BYTES === 0, `${name} is whole blocks`);
      end = offset + size;
    }
    assert.ok(end <= FLASH_BYTES);
  });

  it('has two applications of one size, and what says which of them starts', () => {
    const applications = partitions.filter(({ type }) => type === 'app');
    assert.deepEqual(
      applications.map(({ subtype }) => subtype),
      ['ota_0', 'ota_1'],
    );
    for (const { offset } of applications) assert.equal(offset % APPLICATION_ALIGNMENT, 0);
    assert.equal(applications[0]?.size, applications[1]?.size);
    assert.equal(find('otadata').size, 2 * FLASH_BLOCK_BYTES);
  });

  it('has the two blocks of the settings, and room for readings', () => {
    assert.equal(find('settings').size, 2 * FLASH_BLOCK_BYTES);
    assert.ok(find('readings').size >= 1024 * 1024);
    assert.match(readFileSync('firmware/platform/device/chip/esp32/flash.ts', 'utf8'), /path: 'settings'/);
  });
});

describe("the ESP8266's settings", () => {
  it("lie behind what the SDK's link scripts use, and before Espressif's sectors", () => {
    const source = readFileSync('firmware/platform/device/chip/esp8266/chip.c', 'utf8');
    const offset = Number(/SETTINGS_OFFSET = (0x[0-9a-f]+)/.exec(source)?.[1]);
    assert.equal(offset % FLASH_BLOCK_BYTES, 0);
    assert.ok(offset >= 0x18_1000, 'modules and preferences of the SDK');
    assert.ok(offset + 2 * FLASH_BLOCK_BYTES <= 0x3f_b000, 'calibration and parameters of the radio');
  });
});
