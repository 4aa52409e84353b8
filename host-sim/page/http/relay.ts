// MQTT over WebSocket on the page's own origin, whichever broker it is: carries the bytes to the broker and back, unread.

import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { BrokerDial } from './dial.js';

/** Pages and programs that are connected at the same time. */
const RELAYS_MAXIMUM = 500;

/** Largest WebSocket message that is taken. */
const MESSAGE_MAXIMUM_BYTES = 1 << 20;

export class Relay {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_MAXIMUM_BYTES,
    // MQTT-6.0.0-3: the client offers "mqtt", and the server chooses it.
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
  });
  readonly #dial: BrokerDial;

  constructor(dial: BrokerDial) {
    this.#dial = dial;
  }

  /** Takes a request to upgrade that was found to be allowed. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (this.#server.clients.size >= RELAYS_MAXIMUM) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#carry(webSocket));
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
  }

  #carry(webSocket: WebSocket): void {
    const browser = createWebSocketStream(webSocket);
    const broker = this.#dial();
    // Where one end closes or fails, the other is closed: what MQTT makes of it is the client's affair.
    pipeline(browser, broker, browser, () => {
      broker.destroy();
      browser.destroy();
      webSocket.terminate();
    });
  }
}
