// The board's serial line to its USB socket: UART0, at the pins that the board's manifest names.

import Serial from 'embedded:io/serial';
import config from 'mc/config';
import type { SerialOptions } from '../../../ports.js';

const BAUD_RATE = 115_200;

export class BoardSerial extends Serial {
  constructor({ onReadable, onWritable }: SerialOptions) {
    const transmit = config['serialTransmitPin'] as number;
    const receive = config['serialReceivePin'] as number;
    super({ port: 0, transmit, receive, baud: BAUD_RATE, format: 'buffer', onReadable, onWritable });
  }
}
