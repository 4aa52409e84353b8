// `npm run monitor`: shows what a board says on its serial line, and sends what is typed, so that its protocol can be spoken by hand.

import { createInterface } from 'node:readline';
import { UserError } from '../user-error.js';
import { parseOptions } from './command-line.js';
import { choosePort } from './port.js';
import { StationLine } from './station-line.js';

const COMMAND = 'npm run monitor --';

export const HELP = `Shows what a board says on its serial line, and sends each line that is typed. Ctrl-C ends.

  ${COMMAND} --port PORT

  --port PORT  such as COM3, /dev/ttyUSB0 or /dev/cu.usbserial-0001 (default: the only USB serial port)
  --help       this text

Type {"get":"info"}, {"get":"settings"}, {"set":{"room":"bureau"}} or {"restart":true}.
`;

/** Resolves to the exit code, when the board is unplugged or the input ends. */
export async function main(args: readonly string[]): Promise<number> {
  const given = parseOptions(args, { port: { type: 'string' } }, COMMAND);
  const port = await choosePort(given.port, COMMAND);
  const line = await StationLine.open(port, `${COMMAND} --port PORT`);
  const input = createInterface({ input: process.stdin });
  try {
    await new Promise<void>((resolve, reject) => {
      line.listen(
        (text) => process.stdout.write(`${text}\n`),
        () => reject(new UserError(`The board at ${port} was unplugged.`, `${COMMAND} --port ${port}`)),
      );
      input.on('line', (text) => void line.write(text));
      process.on('SIGINT', resolve);
    });
  } finally {
    input.close();
    await line.close();
  }
  return 0;
}
