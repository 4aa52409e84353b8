// The settings of a station: one schema with defaults, limits and the words that say what is allowed.

import { StationError } from '../errors.js';
import { encodeUtf8 } from '../mqtt/utf8.js';
import { expandTemplate, isRoom, isTemplate } from './topics.js';

/** Which streams of messages carry the readings (design §3). */
export type Streams = 'values' | 'readings' | 'both';

export interface Settings {
  /** First level or levels of every topic. */
  readonly prefix: string;
  /** One topic level; empty: `room-` and the last four hex digits of the station. */
  readonly room: string;
  /** How a topic is made of `{prefix}`, `{room}` and `{quantity}`. */
  readonly template: string;
  /** Seconds from one reading to the next. */
  readonly interval: number;
  readonly streams: Streams;
  /** With both streams: most readings of a backlog that the value topics repeat. */
  readonly replay: number;
  /** Most readings kept while they cannot be delivered. */
  readonly capacity: number;
  /** Which reading is lost when more come. */
  readonly overflow: 'oldest' | 'newest';
  /** `mqtt://host` or `mqtt://host:port`. */
  readonly broker: string;
  /** Empty: no login. */
  readonly user: string;
  readonly password: string;
  /** Seconds (MQTT 3.1.1 §3.1.2.10). */
  readonly keepAlive: number;
  /** Most messages sent and not yet acknowledged. */
  readonly window: number;
  /** GPIO number of the sensor's data line. */
  readonly pin: number;
  /** Added to each temperature, °C. */
  readonly temperatureOffset: number;
  /** Added to each humidity, %RH. */
  readonly humidityOffset: number;
}

export type SettingName = keyof Settings;

/** A setting has a value that is not allowed, or there is no such setting. The value of a secret is not repeated. */
export class SettingError extends StationError {
  override readonly name = 'SettingError';
  readonly setting: string;
  readonly allowed: string;

  constructor(setting: string, value: unknown, allowed: string) {
    super(`setting ${setting}: ${describe(value)} is not allowed; allowed: ${allowed}`);
    this.setting = setting;
    this.allowed = allowed;
  }
}

interface Rule {
  readonly initial: string | number;
  /** Completes the sentence "allowed: …". */
  readonly allowed: string;
  readonly secret?: true;
  isAllowed(value: string | number): boolean;
}

/** Bytes of the longest user name and password, so that a CONNECT always fits in the output buffer. */
const LOGIN_MAXIMUM_BYTES = 128;

const RULES: { readonly [Name in SettingName]: Rule } = {
  prefix: text('maison', '1 to 64 bytes of topic levels without + # or NUL, not starting with $', (value) => isTemplatePart(value)),
  room: text(
    '',
    'one topic level of 1 to 64 bytes without + # / or NUL, not starting with $',
    (value) => value === '' || isRoom(value),
  ),
  template: text(
    '{prefix}/{room}/{quantity}',
    'a topic of at most 128 bytes that holds {quantity} once, and may hold {prefix} and {room}',
    isTemplate,
  ),
  interval: whole(10, 2, 86_400, 'seconds'),
  streams: choice('both', ['values', 'readings', 'both']),
  replay: whole(512, 1, 65_535, 'readings'),
  capacity: whole(512, 16, 65_535, 'readings'),
  overflow: choice('oldest', ['oldest', 'newest']),
  broker: text(
    'mqtt://127.0.0.1:1883',
    'mqtt://host or mqtt://host:port, without login',
    (value) => parseBroker(value) !== undefined,
  ),
  user: text('', `at most ${LOGIN_MAXIMUM_BYTES} bytes of UTF-8 without NUL`, isLogin),
  password: { ...text('', `at most ${LOGIN_MAXIMUM_BYTES} bytes of UTF-8 without NUL`, isLogin), secret: true },
  keepAlive: whole(30, 5, 65_535, 'seconds'),
  window: whole(8, 1, 20, 'messages'),
  pin: whole(4, 0, 48, '(a GPIO number)'),
  temperatureOffset: decimal(0, -20, 20, '°C'),
  humidityOffset: decimal(0, -50, 50, '%RH'),
};

export const SETTING_NAMES = Object.keys(RULES) as SettingName[];

/**
 * Completes `input` with defaults and checks all of it. Numbers may come as text, as they do from a command line.
 * Throws `SettingError` for the first setting that is unknown or not allowed.
 */
export function parseSettings(input: Readonly<Record<string, unknown>>): Settings {
  for (const name of Object.keys(input)) {
    // The value is not repeated: it may be a password under a misspelt name.
    if (!Object.hasOwn(RULES, name)) throw new SettingError(name, undefined, `one of ${SETTING_NAMES.join(', ')}`);
  }
  const settings: Record<string, string | number> = {};
  for (const name of SETTING_NAMES) settings[name] = parseSetting(name, input[name]);
  if (settings['password'] !== '' && settings['user'] === '') {
    throw new SettingError('user', '', 'a name, where a password is set [MQTT-3.1.2-22]');
  }
  return settings as unknown as Settings;
}

function parseSetting(name: SettingName, given: unknown): string | number {
  const rule = RULES[name];
  if (given === undefined) return rule.initial;
  const value = typeof rule.initial === 'number' && typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
  if (typeof value !== typeof rule.initial || !rule.isAllowed(value as string | number)) {
    // Who writes the login into the URL does not find it in a log.
    const isSecret = rule.secret || (name === 'broker' && String(given).includes('@'));
    throw new SettingError(name, isSecret ? undefined : given, rule.allowed);
  }
  return value as string | number;
}

/** Host and port of a `broker` setting; `undefined` where it is not one. */
export function parseBroker(url: string): { host: string; port: number } | undefined {
  const scheme = 'mqtt://';
  if (!url.startsWith(scheme)) return undefined;
  const authority = url.endsWith('/') ? url.slice(scheme.length, -1) : url.slice(scheme.length);
  const [host = '', portText = '1883', ...rest] = authority.split(':');
  const port = portText === '' ? Number.NaN : Number(portText);
  if (rest.length > 0 || !Number.isInteger(port) || port < 1 || port > 65_535 || !isHost(host)) return undefined;
  return { host, port };
}

/** RFC 1123: letters, digits, hyphens and dots; 253 at most. */
function isHost(host: string): boolean {
  return host.length <= 253 && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host);
}

function isTemplatePart(prefix: string): boolean {
  return (
    prefix !== '' &&
    byteLength(prefix) <= 64 &&
    !prefix.startsWith('$') &&
    isTemplate(expandTemplate('{prefix}/{quantity}', prefix, '', '{quantity}'))
  );
}

function isLogin(value: string): boolean {
  return byteLength(value) <= LOGIN_MAXIMUM_BYTES;
}

/** UTF-8 bytes of `value`; infinity where it cannot be an MQTT string. */
function byteLength(value: string): number {
  try {
    return encodeUtf8(value).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function text(initial: string, allowed: string, isAllowed: (value: string) => boolean): Rule {
  return { initial, allowed, isAllowed: (value) => isAllowed(value as string) };
}

function choice(initial: string, choices: readonly string[]): Rule {
  return text(initial, choices.join(', '), (value) => choices.includes(value));
}

function whole(initial: number, minimum: number, maximum: number, unit: string): Rule {
  return {
    initial,
    allowed: `a whole number of ${unit} from ${minimum} to ${maximum}`,
    isAllowed: (value) => Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
  };
}

function decimal(initial: number, minimum: number, maximum: number, unit: string): Rule {
  return {
    initial,
    allowed: `a number from ${minimum} to ${maximum} (${unit})`,
    isAllowed: (value) => (value as number) >= minimum && (value as number) <= maximum,
  };
}

function describe(value: unknown): string {
  if (value === undefined) return 'the given value';
  const words = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}
