// The transports of the simulator and the servers that they meet: TCP, TLS, and a WebSocket over each.

import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import { createAuthority, issueServer } from '../../host-sim/certificates/authority.js';
import { NodeTcp } from '../../host-sim/ports/node-tcp.js';
import { nodeTls } from '../../host-sim/ports/node-tls.js';
import { NodeWebSocket, nodeSecureWebSocket } from '../../host-sim/ports/node-web-socket.js';
import type { NodeTransport } from './node-bench.js';
import type { TestPeer } from './tcp-port.js';

/** No address: the certificate is for this name alone, and the port is told the address besides. */
const HOST = 'broker.test';
const HOUR_MS = 3_600_000;

/** What a peer puts into one WebSocket message. */
const MESSAGE_BYTES = 16 * 1024;

class StreamPeer implements TestPeer {
  readonly #stream: Socket;
  readonly #tcp: () => Socket;
  readonly #chunks: Uint8Array[] = [];
  hasEnded = false;

  /**
   * @param stream TCP or TLS
   * @param tcp the socket below
   */
  constructor(stream: Socket, tcp: () => Socket = () => stream) {
    this.#stream = stream;
    this.#tcp = tcp;
    stream.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk));
    stream.on('end', () => stream.end());
    stream.on('error', () => {});
    stream.on('close', () => {
      this.hasEnded = true;
    });
  }

  get received(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  get unsentBytes(): number {
    return this.#stream.writableLength;
  }

  send(bytes: Uint8Array): void {
    this.#stream.write(bytes);
  }

  end(): void {
    this.#stream.end();
  }

  reset(): void {
    this.#tcp().resetAndDestroy();
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }
}

class WebSocketPeer implements TestPeer {
  readonly #webSocket: WebSocket;
  readonly #tcp: Socket;
  readonly #chunks: Uint8Array[] = [];
  hasEnded = false;

  constructor(webSocket: WebSocket, tcp: Socket) {
    this.#webSocket = webSocket;
    this.#tcp = tcp;
    webSocket.on('message', (message: Buffer) => this.#chunks.push(message));
    webSocket.on('error', () => {});
    webSocket.on('close', () => {
      this.hasEnded = true;
    });
  }

  get received(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  get unsentBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  send(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += MESSAGE_BYTES) this.#webSocket.send(bytes.subarray(at, at + MESSAGE_BYTES));
  }

  end(): void {
    this.#webSocket.close();
  }

  reset(): void {
    this.#tcp.resetAndDestroy();
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }
}

/** Hands on the peers of a server that has `newest` as its newest TCP socket. */
function servesWebSockets<Of extends HttpServer>(server: Of, onPeer: (peer: TestPeer) => void): Of {
  const newest = newestSocket(server);
  const webSockets = new WebSocketServer({ server, handleProtocols: () => 'mqtt' });
  webSockets.on('connection', (webSocket) => onPeer(new WebSocketPeer(webSocket, newest())));
  return server;
}

/** TLS hides the TCP socket below: the suite makes one connection at a time, so it is the newest. */
function newestSocket(server: Server): () => Socket {
  let newest: Socket | undefined;
  server.on('connection', (socket: Socket) => {
    newest = socket;
  });
  return () => newest as Socket;
}

function certificates() {
  const nowMs = Date.now();
  const validity = { from: new Date(nowMs - HOUR_MS), to: new Date(nowMs + HOUR_MS) };
  const authority = createAuthority('conformance CA', validity);
  const { certificate: cert, key } = issueServer(authority, [HOST], validity);
  return { credentials: { ca: authority.certificate }, server: { cert, key } };
}

/** TCP, TLS, WebSocket and WebSocket over TLS, in that order. */
export function nodeTransports(): readonly (readonly [name: string, transport: NodeTransport])[] {
  const { credentials, server } = certificates();
  const tcp: NodeTransport = {
    io: NodeTcp,
    host: HOST,
    serve: (onPeer) => createServer({ allowHalfOpen: true }, (socket) => onPeer(new StreamPeer(socket))),
  };
  const tls: NodeTransport = {
    io: nodeTls(credentials),
    host: HOST,
    serve: (onPeer) => {
      const tlsServer = createTlsServer(server, (socket) => onPeer(new StreamPeer(socket, newest)));
      const newest = newestSocket(tlsServer);
      return tlsServer;
    },
  };
  const webSocket: NodeTransport = {
    io: NodeWebSocket,
    host: HOST,
    serve: (onPeer) => servesWebSockets(createHttpServer(), onPeer),
  };
  const secureWebSocket: NodeTransport = {
    io: nodeSecureWebSocket(credentials),
    host: HOST,
    serve: (onPeer) => servesWebSockets(createHttpsServer(server), onPeer),
  };
  return [
    ['TCP', tcp],
    ['TLS', tls],
    ['WebSocket', webSocket],
    ['WebSocket over TLS', secureWebSocket],
  ];
}
