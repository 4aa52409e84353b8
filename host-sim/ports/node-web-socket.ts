// The WebSocket port on Node, plain and over TLS: MQTT in binary frames, cut anywhere (MQTT 3.1.1 §6, MQTT 5 §6).

import type { Duplex } from 'node:stream';
import { type ClientOptions, createWebSocketStream, WebSocket } from 'ws';
import type { StreamConstructor, StreamFailure, StreamOptions } from '../../firmware/ports.js';
import { NodeStream } from './node-stream.js';
import { type Credentials, contextOptions } from './node-tls.js';
import { explainTlsError } from './tls-failures.js';

/** Largest message taken in: it is held whole, however many frames it came in. Brokers put one MQTT packet or less into one. */
const MESSAGE_MAXIMUM_BYTES = 1 << 20;

/** [MQTT-6.0.0-3] */
const PROTOCOL = 'mqtt';

/** WebSockets over TCP. */
export const NodeWebSocket: StreamConstructor = webSocketClass('ws', {});

/** The class of WebSockets over TLS that use `credentials`. */
export function nodeSecureWebSocket(credentials: Credentials): StreamConstructor {
  return webSocketClass('wss', contextOptions(credentials));
}

function webSocketClass(scheme: 'ws' | 'wss', tls: ClientOptions): StreamConstructor {
  return class extends NodeStream {
    constructor(options: StreamOptions) {
      const url = `${scheme}://${options.host}:${options.port}${options.path}`;
      const webSocket = new WebSocket(url, PROTOCOL, {
        ...tls,
        // Connects to the address that the resolver found, and asks for the host that was meant.
        lookup: (_host, { all }, found) =>
          all ? found(null, [{ address: options.address, family: 4 }]) : found(null, options.address, 4),
        maxPayload: MESSAGE_MAXIMUM_BYTES,
        perMessageDeflate: false,
        followRedirects: false,
      });
      webSocket.on('upgrade', ({ socket }) => socket.setNoDelay(options.nodelay));
      super(options, streamOf(webSocket), 'open', explainError);
    }
  };
}

/** The binary messages of `webSocket` as one stream, which says `open` when it is. */
function streamOf(webSocket: WebSocket): Duplex {
  // [MQTT-6.0.0-1]: a text frame ends the connection. Listens before the stream does.
  webSocket.on('message', (_data, isBinary) => {
    if (!isBinary) stream.destroy(new TextFrameError());
  });
  const stream = createWebSocketStream(webSocket);
  webSocket.on('open', () => stream.emit('open'));
  return stream;
}

class TextFrameError extends Error {
  override readonly name = 'TextFrameError';
}

function explainError(error: Error): StreamFailure | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof TextFrameError || code?.startsWith('WS_ERR_')) return 'websocket-malformed';
  // What `ws` says of an answer that is no upgrade has no code; what Node says of one that is no HTTP begins like its parser's errors.
  return code === undefined || code.startsWith('HPE_') ? 'websocket-refused' : explainTlsError(error);
}
