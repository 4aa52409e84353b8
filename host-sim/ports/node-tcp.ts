// The TCP port on Node.

import { connect } from 'node:net';
import type { StreamOptions } from '../../firmware/ports.js';
import { NodeStream } from './node-stream.js';

export class NodeTcp extends NodeStream {
  constructor(options: StreamOptions) {
    const socket = connect({ host: options.address, port: options.port, noDelay: options.nodelay });
    super(options, socket, 'connect', () => undefined);
  }
}
