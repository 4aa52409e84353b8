// The page's HTTP server: what may come in, the API behind it, the page's files, and MQTT over WebSocket.

import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import sirv from 'sirv';
import { UserError } from '../../user-error.js';
import { sendError } from './answer.js';
import type { Guard } from './guard.js';
import { HttpError } from './http-error.js';
import type { Relay } from './relay.js';

export interface PageServerOptions {
  /** 0: any free port. */
  readonly port: number;
  /** `127.0.0.1`, or `0.0.0.0` for the network. */
  readonly host: string;
  readonly guard: Guard;
  readonly relay: Relay;
  /** Answers a request for `/api/…`. Throws `HttpError`. */
  readonly api: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
}

/** Path of MQTT over WebSocket. */
export const MQTT_PATH = '/mqtt';

/** What Vite built, beside the compiled programs. */
const PAGE_FOLDER = join(import.meta.dirname, '../../../page');

const NOT_BUILT = 'The page is not built. In the folder of station-meteo, type: npm start\n';

const HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "connect-src 'self' ws: wss:",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Milliseconds: who takes longer to ask than this is cut off. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 30_000 };

const CONNECTIONS_MAXIMUM = 2_000;

export class PageServer {
  readonly #options: PageServerOptions;
  readonly #server: Server;
  readonly #files = existsSync(PAGE_FOLDER) ? sirv(PAGE_FOLDER, { brotli: true, gzip: true, etag: true }) : undefined;

  private constructor(options: PageServerOptions) {
    this.#options = options;
    this.#server = createServer(TIMEOUTS, (request, response) => void this.#serve(request, response));
    this.#server.maxConnections = CONNECTIONS_MAXIMUM;
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Throws `UserError` where the port cannot be had. */
  static async start(options: PageServerOptions): Promise<PageServer> {
    const server = new PageServer(options);
    await server.#listen();
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#options.relay.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    try {
      const { guard, api } = this.#options;
      guard.checkOrigin(request);
      await guard.checkPace(request);
      const url = parseUrl(request);
      if (url.pathname.startsWith('/api/')) await api(request, response, url);
      else this.#serveFile(request, response);
    } catch (error) {
      this.#fail(request, response, error);
    }
  }

  #serveFile(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new HttpError('bad-request', 'Pages are only read.');
    if (this.#files) {
      this.#files(request, response, () => sendError(response, new HttpError('not-found', 'There is no such page.')));
      return;
    }
    response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(NOT_BUILT);
  }

  #fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    // What has begun can only be broken off, so that nobody takes a part for the whole.
    if (response.headersSent || response.destroyed) response.destroy();
    else if (error instanceof HttpError) sendError(response, error);
    else {
      process.stderr.write(`page: ${request.method} ${request.url?.split('?')[0]}: ${(error as Error).message}\n`);
      response.writeHead(500).end();
    }
    // What was not read of the request is not waited for.
    request.resume();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    try {
      this.#options.guard.checkOrigin(request);
      if (parseUrl(request).pathname !== MQTT_PATH) throw new HttpError('not-found', 'MQTT is at /mqtt.');
    } catch (error) {
      socket.end(`HTTP/1.1 ${error instanceof HttpError ? error.status : 400} Refused\r\nconnection: close\r\n\r\n`);
      return;
    }
    this.#options.relay.upgrade(request, socket, head);
  }

  #listen(): Promise<void> {
    const { port, host } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const reason = error.code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be opened (${error.code})`;
        reject(new UserError(`Port ${port} on ${host} ${reason}.`, 'npm start -- --http-port 0 (any free port)'));
      });
      this.#server.listen(port, host, () => resolve());
    });
  }
}

function parseUrl(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? '/', 'http://page.invalid');
  } catch {
    throw new HttpError('bad-request', 'The address cannot be read.');
  }
}
