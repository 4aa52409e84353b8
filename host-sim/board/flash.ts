// `npm run flash -- BOARD`: builds the firmware, or takes an image that was built elsewhere, and writes it to the board.

import { buildImage, planBuild } from './build.js';
import { parseCommandLine, parseTarget, usage } from './command-line.js';
import { flashImage } from './esp-flasher.js';
import { type Image, readImage } from './image.js';
import { describeBuild } from './mcconfig.js';
import { choosePort } from './port.js';
import { TARGET_NAMES, type Target } from './targets.js';

const COMMAND = 'npm run flash --';

export const HELP = `Writes the firmware to a board over USB.

  ${COMMAND} BOARD                    builds it first, with the Moddable SDK; BOARD is one of ${TARGET_NAMES.join(', ')}
  ${COMMAND} nodemcu --image FILE     writes what npm run build -- nodemcu --out FILE made elsewhere: needs nothing but Node

  --port PORT      such as COM3, /dev/ttyUSB0 or /dev/cu.usbserial-0001 (default: the only USB serial port)
  --settings FILE  settings to build in, a JSON object (or give them later: npm run configure)
  --dry-run        only print what would be done
  --help           this text

The settings on the board stay as they are.
`;

/** Resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseCommandLine(
    args,
    {
      port: { type: 'string' },
      image: { type: 'string' },
      settings: { type: 'string' },
      'dry-run': { type: 'boolean' },
    },
    COMMAND,
  );
  const target = parseTarget(positionals, COMMAND);
  const again = `${COMMAND} ${target.name}`;
  const { image: file, settings } = values;
  if (file !== undefined && settings !== undefined) {
    throw usage('Option --settings goes with a build: an image has its settings in it.', `${again} --image ${file}`);
  }
  const build = planBuild(target, settings, `${again} --settings FILE`);
  const built = file === undefined ? undefined : readFor(target, file, again);
  if (values['dry-run']) {
    const source = built === undefined ? describeBuild(build) : `the image ${file}, ${built.parts.length} parts`;
    process.stdout.write(`${source}\nthen write it to ${values.port ?? 'the only USB serial port'}\n`);
    return 0;
  }
  const image = built ?? (await buildImage(target, build));
  const port = await choosePort(values.port, again);
  process.stdout.write(`Writing version ${image.version} for ${target.chip} to ${port}\n`);
  await flashImage(image, port, progressFor(image), `${again} --port ${port}`);
  process.stdout.write(`Written and verified. The board starts. Next: npm run configure -- --port ${port} --room NAME\n`);
  return 0;
}

function readFor(target: Target, file: string, again: string): Image {
  const image = readImage(file, `${again} --image FILE`);
  if (image.target === target) return image;
  throw usage(
    `The image ${JSON.stringify(file)} is for ${image.target.name} (${image.target.chip}), not for ${target.name} (${target.chip}).`,
    `${COMMAND} ${image.target.name} --image ${file}`,
  );
}

/** One line a part, which a terminal sees grow. */
function progressFor(image: Image) {
  const isTerminal = process.stdout.isTTY === true;
  return {
    onProgress(part: number, written: number, total: number): void {
      const isDone = written === total;
      if (!isTerminal && !isDone) return;
      const address = `0x${image.parts[part]?.offset.toString(16).padStart(6, '0')}`;
      const line = `  part ${part + 1} of ${image.parts.length} at ${address}: ${Math.floor((100 * written) / total)} %`;
      process.stdout.write(`${isTerminal ? '\r' : ''}${line}${isDone ? '\n' : ''}`);
    },
  };
}
