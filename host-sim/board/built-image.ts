// Collects what a build left into one image: which files, and where in the flash each belongs.

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Image, ImagePart } from './image.js';
import { readPartitions } from './partitions.js';
import type { Target } from './targets.js';

/** The SDK's link script for 4 MB: the boot loader's sector, then the application, and Espressif's radio data in the last sectors. */
const ESP8266_APPLICATION = 0x1000;
const ESP8266_RADIO_DATA = 0x3fc000;

/** Where the ROM of each chip looks for the boot loader (ESP-IDF, `BOOTLOADER_OFFSET_IN_FLASH`). */
const BOOTLOADER_OFFSETS: Readonly<Record<string, number>> = { ESP32: 0x1000, 'ESP32-C3': 0, 'ESP32-S3': 0 };
const PARTITION_TABLE = 0x8000;

/** @param folder what `runMcconfig` resolved to */
export function collectImage(target: Target, folder: string): Image {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  return { target, version, parts: target.toolchain === 'esp8266' ? esp8266Parts(folder) : esp32Parts(target, folder) };
}

function esp8266Parts(folder: string): ImagePart[] {
  const base = process.env['ESP_BASE'] ?? join(homedir(), 'esp');
  const espressif = join(base, 'ESP8266_RTOS_SDK', 'components', 'esp8266', 'firmware');
  return [
    part(0, join(espressif, 'boot_v1.7.bin')),
    part(ESP8266_APPLICATION, join(folder, 'main.bin')),
    part(ESP8266_RADIO_DATA, join(espressif, 'esp_init_data_default.bin')),
  ];
}

function esp32Parts(target: Target, folder: string): ImagePart[] {
  const offsetOf = (wanted: string) => readPartitions().find(({ name }) => name === wanted)?.offset as number;
  return [
    part(BOOTLOADER_OFFSETS[target.chip] as number, join(folder, 'bootloader.bin')),
    part(PARTITION_TABLE, join(folder, 'partition-table.bin')),
    part(offsetOf('otadata'), join(folder, 'ota_data_initial.bin')),
    part(offsetOf('ota_0'), join(folder, 'xs_esp32.bin')),
  ];
}

function part(offset: number, file: string): ImagePart {
  return { offset, bytes: readFileSync(file) };
}
