// All transports of this computer, for stations that have these credentials.

import type { Transports } from '../../firmware/station/transport.js';
import { NodeTcp } from './node-tcp.js';
import { type Credentials, nodeTls } from './node-tls.js';
import { NodeWebSocket, nodeSecureWebSocket } from './node-web-socket.js';

export function nodeTransports(credentials: Credentials): Required<Transports> {
  return {
    tcp: NodeTcp,
    tls: nodeTls(credentials),
    webSocket: NodeWebSocket,
    secureWebSocket: nodeSecureWebSocket(credentials),
  };
}
