// Which serial port the board is at.

import { SerialPort } from 'serialport';
import { UserError } from '../user-error.js';

/**
 * `given`, or the only port of this computer that is a USB device. Throws `UserError` where there is none, or more than one.
 *
 * @param command what to type, without the port
 */
export async function choosePort(given: string | undefined, command: string): Promise<string> {
  if (given !== undefined) return given;
  const ports = (await SerialPort.list()).filter(({ vendorId }) => vendorId !== undefined).map(({ path }) => path);
  const [port, ...others] = ports;
  if (port === undefined) throw new UserError('No board is plugged in: there is no USB serial port.', `${command} --port PORT`);
  if (others.length > 0)
    throw new UserError(`There are several USB serial ports: ${ports.join(', ')}.`, `${command} --port ${port}`);
  return port;
}
