// Which of a machine's sockets carries MQTT to a broker: one for each scheme, as far as the machine has it.

import type { StreamConstructor } from '../ports.js';
import { type BrokerUrl, parseBroker, type Scheme } from './broker-url.js';
import { SettingError } from './settings.js';

/** The sockets of a machine. Every one has TCP; TLS takes more memory than an ESP8266 has. */
export interface Transports {
  readonly tcp: StreamConstructor;
  readonly tls?: StreamConstructor;
  readonly webSocket?: StreamConstructor;
  /** A WebSocket over TLS. */
  readonly secureWebSocket?: StreamConstructor;
}

export interface Route extends BrokerUrl {
  readonly io: StreamConstructor;
}

const SCHEMES: readonly (readonly [scheme: Scheme, transport: keyof Transports])[] = Object.freeze([
  Object.freeze(['mqtt', 'tcp'] as const),
  Object.freeze(['mqtts', 'tls'] as const),
  Object.freeze(['ws', 'webSocket'] as const),
  Object.freeze(['wss', 'secureWebSocket'] as const),
]);

/**
 * The way to `broker`, a checked setting. Throws `SettingError` where this machine lacks what its scheme needs: there is no way back
 * to plain TCP.
 */
export function routeTo(broker: string, transports: Transports): Route {
  const url = parseBroker(broker) as BrokerUrl;
  const [, transport] = SCHEMES.find(([scheme]) => scheme === url.scheme) as (typeof SCHEMES)[number];
  const io = transports[transport];
  if (io) return { ...url, io };
  const known = SCHEMES.filter(([, each]) => transports[each]).map(([scheme]) => `${scheme}://`);
  throw new SettingError('broker', broker, `${known.join(', ')}, which is all that this machine can do`);
}
