// Opens connections to the broker, by whichever of its four transports its URL names.

import { connect as connectTcp, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import { parseBroker } from '../../../firmware/station/broker-url.js';
import { type Credentials, contextOptions } from '../../ports/node-tls.js';

/** Opens one more connection. */
export type BrokerDial = () => Duplex;

export function dialer({ url, credentials }: { readonly url: string; readonly credentials: Credentials }): BrokerDial {
  const parsed = parseBroker(url);
  if (!parsed) throw new TypeError(`no URL of a broker: ${url}`);
  const { scheme, host, port } = parsed;
  switch (scheme) {
    case 'mqtt':
      return () => connectTcp({ host, port, noDelay: true });
    case 'mqtts':
      return () => connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...contextOptions(credentials) });
    default:
      return () => createWebSocketStream(new WebSocket(url, 'mqtt', contextOptions(credentials)));
  }
}
