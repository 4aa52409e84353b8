// Writes an image to a board with Espressif's own flashing tool, in Node alone, and checks each part by its MD5.

import { ESPLoader, Transport } from 'esptool-js';
import { UserError } from '../user-error.js';
import { type Image, md5 } from './image.js';
import { SerialDevice } from './serial-device.js';

/** What the chips' boot loaders begin with. */
const ROM_BAUD_RATE = 115_200;

/** The fastest that the USB converters of cheap boards do well. */
const BAUD_RATE = 460_800;

export interface FlashReport {
  /** `part` counts from 0; `written` of `total` bytes, compressed. */
  onProgress(part: number, written: number, total: number): void;
}

/**
 * Writes all parts of `image` to the board at `port`, and starts it. Throws `UserError` where there is no such port or board, where the
 * chip is not the image's, and where what was written reads back otherwise.
 *
 * @param command the very command to type instead
 */
export async function flashImage(image: Image, port: string, report: FlashReport, command: string): Promise<void> {
  const device = new SerialDevice(port);
  const transport = new Transport(device as unknown as SerialPort);
  const loader = new ESPLoader({ transport, baudrate: BAUD_RATE, romBaudrate: ROM_BAUD_RATE, terminal: SILENT });
  try {
    await openBoard(loader, port, command);
    checkChip(loader.chip.CHIP_NAME, image, port);
    await loader.runStub();
    await loader.changeBaud();
    await writeParts(loader, image, report, port, command);
    await loader.after('hard_reset');
  } finally {
    await closeQuietly(transport);
  }
}

/** Resets the board into its boot loader, and asks which chip it is. */
async function openBoard(loader: ESPLoader, port: string, command: string): Promise<void> {
  try {
    await loader.detectChip('default_reset');
  } catch (error) {
    const { message } = error as Error;
    const isPort = /cannot open|no such file|ENOENT|access denied|permission|busy|lock/i.test(message);
    const problem = isPort
      ? `The port ${port} cannot be opened (${message}).`
      : `No ESP board answers at ${port} (${message}). If it has a button BOOT or FLASH, hold it while you press RESET, then try again.`;
    throw new UserError(problem, command);
  }
}

function checkChip(chip: string, image: Image, port: string): void {
  if (chip === image.target.chip) return;
  const problem = `The board at ${port} has the chip ${chip}, and the image is for ${image.target.chip} (${image.target.name}). Nothing was written.`;
  throw new UserError(problem, `npm run flash -- BOARD --port ${port}`);
}

async function writeParts(loader: ESPLoader, image: Image, report: FlashReport, port: string, command: string): Promise<void> {
  try {
    await loader.writeFlash({
      fileArray: image.parts.map(({ offset, bytes }) => ({ address: offset, data: bytes })),
      // The build wrote these into the boot loader already.
      flashMode: 'keep',
      flashFreq: 'keep',
      flashSize: 'keep',
      eraseAll: false,
      compress: true,
      calculateMD5Hash: md5,
      reportProgress: report.onProgress,
    });
  } catch (error) {
    throw new UserError(`Writing to the board at ${port} failed: ${(error as Error).message}. It may not start now.`, command);
  }
}

async function closeQuietly(transport: Transport): Promise<void> {
  try {
    await transport.disconnect();
  } catch {
    // The board was unplugged; what went wrong is said already.
  }
}

const SILENT = { clean() {}, write() {}, writeLine() {} };
