// The `broker` setting: which broker, and over which transport.

/** How bytes reach the broker: MQTT straight over TCP or TLS, or in a WebSocket over one of them. */
export type Scheme = 'mqtt' | 'mqtts' | 'ws' | 'wss';

export interface BrokerUrl {
  readonly scheme: Scheme;
  /** A name or a dotted IPv4 address. */
  readonly host: string;
  readonly port: number;
  /** Where the WebSocket is asked for; empty where the scheme has none. */
  readonly path: string;
}

/** Completes the sentence "allowed: …". */
export const BROKER_ALLOWED =
  'mqtt://host, mqtts://host, ws://host or wss://host, with :port and for ws and wss a /path if need be, without login';

const DEFAULT_PORTS: { readonly [Name in Scheme]: number } = Object.freeze({ mqtt: 1883, mqtts: 8883, ws: 80, wss: 443 });

/** Where brokers that look at the path serve MQTT (EMQX, HiveMQ, VerneMQ); Mosquitto takes any. */
const DEFAULT_PATH = '/mqtt';

/** Longest path in bytes, so that the upgrade request fits in the first segment that a board sends. */
const PATH_MAXIMUM_BYTES = 128;

/** The parts of a `broker` setting; `undefined` where it is not one. */
export function parseBroker(url: string): BrokerUrl | undefined {
  const parts = /^([a-z]+):\/\/([^/:]+)(?::(\d{1,5}))?(\/.*)?$/.exec(url);
  if (!parts) return undefined;
  const [, scheme = '', host = '', portText, path = ''] = parts;
  if (!isScheme(scheme) || !isHost(host)) return undefined;
  const port = portText === undefined ? DEFAULT_PORTS[scheme] : Number(portText);
  if (port < 1 || port > 65_535) return undefined;
  if (scheme === 'mqtt' || scheme === 'mqtts') return path === '' || path === '/' ? { scheme, host, port, path: '' } : undefined;
  return isPath(path) ? { scheme, host, port, path: path === '' ? DEFAULT_PATH : path } : undefined;
}

export function isBroker(url: string): boolean {
  return parseBroker(url) !== undefined;
}

function isScheme(scheme: string): scheme is Scheme {
  return Object.hasOwn(DEFAULT_PORTS, scheme);
}

/** RFC 1123: letters, digits, hyphens and dots; 253 at most. */
export function isHost(host: string): boolean {
  return host.length <= 253 && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host);
}

/** RFC 3986: visible ASCII; a fragment is not sent. */
function isPath(path: string): boolean {
  return path.length <= PATH_MAXIMUM_BYTES && /^[!"$-~]*$/.test(path);
}
