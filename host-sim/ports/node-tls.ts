// The TLS port on Node: checks the broker's certificate and name, shows the station's own where there is one, and never goes on
// without.

import { isIPv4 } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext } from 'node:tls';
import type { StreamConstructor, StreamOptions } from '../../firmware/ports.js';
import { NodeStream } from './node-stream.js';
import { explainTlsError } from './tls-failures.js';

/** What a station trusts, and how it proves who it is; all as PEM. */
export interface Credentials {
  /** The only CAs that are trusted; without them, those that Node trusts. */
  readonly ca?: string;
  /** The station's certificate, followed by those between it and its CA. */
  readonly certificate?: string;
  readonly key?: string;
}

/** The class of TLS sockets that use `credentials`. Throws where they are no PEM, or do not belong together. */
export function nodeTls(credentials: Credentials): StreamConstructor {
  const secureContext = createSecureContext(contextOptions(credentials));
  return class extends NodeStream {
    constructor(options: StreamOptions) {
      const socket = connect({ host: options.address, port: options.port, secureContext, ...serverName(options.host) });
      socket.setNoDelay(options.nodelay);
      super(options, socket, 'secureConnect', explainTlsError);
    }
  };
}

/** `credentials` in Node's words. */
export function contextOptions({ ca, certificate, key }: Credentials) {
  return { ...(ca !== undefined && { ca }), ...(certificate !== undefined && { cert: certificate, key }) };
}

/** What the certificate must be for. An address is no server name (RFC 6066 §3): Node checks it as the host that it connects to. */
function serverName(host: string): ConnectionOptions {
  return isIPv4(host) ? {} : { servername: host };
}
