// The transports of an ESP32 and of the desktop simulator: TCP, TLS, and a WebSocket over each.

import TCP from 'embedded:io/socket/tcp';
import type { StreamConstructor } from '../../ports.js';
import type { CreateTransports } from '../platform.js';
import { type Credentials, TlsSocket } from './tls-socket.js';
import { WebSocketStream } from './web-socket-stream.js';

export const createTransports: CreateTransports = (config) => {
  const tls = tlsClass({ ca: decode(config['ca']), certificate: decode(config['certificate']), key: decode(config['key']) });
  return { tcp: TCP, tls, webSocket: webSocketClass(TCP), secureWebSocket: webSocketClass(tls) };
};

/** The binary form (DER) of what `mc/config` has in base64; `undefined` where it has nothing. */
function decode(base64: unknown): Uint8Array | undefined {
  return typeof base64 === 'string' && base64 !== '' ? Uint8Array.fromBase64(base64) : undefined;
}

function tlsClass(credentials: Credentials): StreamConstructor {
  return class extends TlsSocket {
    constructor(options: ConstructorParameters<StreamConstructor>[0]) {
      super(options, credentials);
    }
  };
}

function webSocketClass(carrier: StreamConstructor): StreamConstructor {
  return class extends WebSocketStream {
    constructor(options: ConstructorParameters<StreamConstructor>[0]) {
      super(options, carrier);
    }
  };
}
