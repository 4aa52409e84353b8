// The `broker` setting: which broker, and over which transport.

import { isAlphanumeric, isDigits, isHostCharacter, isMadeOf } from './characters.js';

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

const SPACE = 0x20;
const HASH = 0x23;
const DELETE = 0x7f;

/** The parts of a `broker` setting; `undefined` where it is not one. */
export function parseBroker(url: string): BrokerUrl | undefined {
  const [scheme, rest] = cut(url, url.indexOf('://'), 3);
  const [authority, path] = cut(rest, rest.indexOf('/'), 0);
  const [host, portText] = cut(authority, authority.indexOf(':'), 1);
  if (!isScheme(scheme) || !isHost(host)) return undefined;
  const port = authority === host ? DEFAULT_PORTS[scheme] : parsePort(portText);
  if (port === undefined) return undefined;
  if (scheme === 'mqtt' || scheme === 'mqtts') return path === '' || path === '/' ? { scheme, host, port, path: '' } : undefined;
  return isPath(path) ? { scheme, host, port, path: path === '' ? DEFAULT_PATH : path } : undefined;
}

/** What stands before offset `at`, and what behind the mark of `markLength` there; all and nothing where `at` is negative. */
function cut(text: string, at: number, markLength: number): readonly [before: string, behind: string] {
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + markLength)];
}

function parsePort(text: string): number | undefined {
  const port = isDigits(text, 5) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

export function isBroker(url: string): boolean {
  return parseBroker(url) !== undefined;
}

function isScheme(scheme: string): scheme is Scheme {
  return Object.hasOwn(DEFAULT_PORTS, scheme);
}

/** RFC 1123: letters, digits, hyphens and dots; 253 at most. */
export function isHost(host: string): boolean {
  if (host === '' || host.length > 253 || !isMadeOf(host, isHostCharacter)) return false;
  return isAlphanumeric(host.charCodeAt(0)) && isAlphanumeric(host.charCodeAt(host.length - 1));
}

/** RFC 3986: visible ASCII; a fragment is not sent. */
function isPath(path: string): boolean {
  return path.length <= PATH_MAXIMUM_BYTES && isMadeOf(path, isPathCharacter);
}

function isPathCharacter(unit: number): boolean {
  return unit > SPACE && unit < DELETE && unit !== HASH;
}

/** A dotted address, which needs no resolver. */
export function isIpv4(host: string): boolean {
  const parts = host.split('.');
  return parts.length === 4 && parts.every((part) => isDigits(part, 3));
}
