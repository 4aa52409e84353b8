// The settings of a station: one schema with defaults, limits and the words that say what is allowed.

import { DHT22_MODEL_NAMES, type Dht22Model } from '../dht22/model.js';
import { StationError } from '../errors.js';
import { encodeUtf8 } from '../mqtt/utf8.js';
import { BROKER_ALLOWED, isBroker, isHost } from './broker-url.js';
import { isDiscoverable } from './home-assistant.js';
import { isPrefix, isRoom, isTemplate } from './topics.js';
import type { MqttVersion } from './version-choice.js';

/** Which streams of messages carry the readings (design §3). */
export type Streams = 'values' | 'readings' | 'both';

export interface Settings {
  /** Name (SSID) of the Wi-Fi network, and of a second one for when the first cannot be joined. Both empty: none is joined. */
  readonly wifi: string;
  /** Empty: an open network. */
  readonly wifiPassword: string;
  readonly wifi2: string;
  readonly wifi2Password: string;
  /** Host of the internet's time; empty: nobody is asked, and the time comes from `<prefix>/clock`. */
  readonly sntp: string;
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
  /** A URL with the scheme `mqtt`, `mqtts`, `ws` or `wss`, without login. */
  readonly broker: string;
  /** Empty: no login. */
  readonly user: string;
  readonly password: string;
  /** Version of MQTT; `auto`: what the broker accepts, 5 first. */
  readonly mqtt: MqttVersion;
  /** Seconds (MQTT 5 §3.1.2.10). */
  readonly keepAlive: number;
  /** Most messages sent and not yet acknowledged. */
  readonly window: number;
  /** GPIO number of the sensor's data line. */
  readonly pin: number;
  readonly model: Dht22Model;
  /** Added to each temperature, °C. */
  readonly temperatureOffset: number;
  /** Added to each humidity, %RH. */
  readonly humidityOffset: number;
  /** Whoever knows it may change settings over MQTT; empty: nobody may. */
  readonly stationKey: string;
  /** Whether the station makes itself known to Home Assistant, by its MQTT discovery. */
  readonly homeAssistant: boolean;
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

type Value = string | number | boolean;

/** What a setting may be. Plain frozen data, so that XS keeps the schema in flash. */
type Rule =
  | {
      readonly type: 'text';
      readonly initial: string;
      /** Completes the sentence "allowed: …". */
      readonly allowed: string;
      readonly isSecret?: true;
      readonly isAllowed: (value: string) => boolean;
    }
  | { readonly type: 'choice'; readonly initial: string; readonly choices: readonly string[] }
  | { readonly type: 'switch'; readonly initial: boolean }
  | {
      readonly type: 'whole' | 'decimal';
      readonly initial: number;
      readonly minimum: number;
      readonly maximum: number;
      readonly unit: string;
    };

/** Bytes of the longest user name and password, so that a CONNECT always fits in the output buffer. */
const LOGIN_MAXIMUM_BYTES = 128;
const SSID_MAXIMUM_BYTES = 32;
const KEY_MINIMUM_BYTES = 8;
const KEY_MAXIMUM_BYTES = 64;
const LOGIN_ALLOWED = 'at most 128 bytes of UTF-8 without NUL';
const SSID_ALLOWED = 'at most 32 bytes of UTF-8 without NUL';
const WIFI_PASSWORD_ALLOWED = '8 to 64 bytes of UTF-8 without NUL, or empty for an open network';

const RULES: { readonly [Name in SettingName]: Rule } = Object.freeze({
  wifi: Object.freeze({ type: 'text', initial: '', allowed: SSID_ALLOWED, isAllowed: isSsid }),
  wifiPassword: Object.freeze({
    type: 'text',
    initial: '',
    allowed: WIFI_PASSWORD_ALLOWED,
    isSecret: true,
    isAllowed: isKeyOrEmpty,
  }),
  wifi2: Object.freeze({ type: 'text', initial: '', allowed: SSID_ALLOWED, isAllowed: isSsid }),
  wifi2Password: Object.freeze({
    type: 'text',
    initial: '',
    allowed: WIFI_PASSWORD_ALLOWED,
    isSecret: true,
    isAllowed: isKeyOrEmpty,
  }),
  sntp: Object.freeze({
    type: 'text',
    initial: 'pool.ntp.org',
    allowed: 'a host name or an IPv4 address, or empty',
    isAllowed: isHostOrEmpty,
  }),
  prefix: Object.freeze({
    type: 'text',
    initial: 'maison',
    allowed: '1 to 64 bytes of topic levels without + # or NUL, not starting with $',
    isAllowed: isPrefix,
  }),
  room: Object.freeze({
    type: 'text',
    initial: '',
    allowed: 'one topic level of 1 to 64 bytes without + # / or NUL, not starting with $',
    isAllowed: isRoomOrEmpty,
  }),
  template: Object.freeze({
    type: 'text',
    initial: '{prefix}/{room}/{quantity}',
    allowed: 'a topic of at most 128 bytes that holds {quantity} once, and may hold {prefix} and {room}',
    isAllowed: isTemplate,
  }),
  interval: Object.freeze({ type: 'whole', initial: 10, minimum: 2, maximum: 86_400, unit: 'seconds' }),
  streams: Object.freeze({ type: 'choice', initial: 'both', choices: Object.freeze(['values', 'readings', 'both']) }),
  replay: Object.freeze({ type: 'whole', initial: 512, minimum: 1, maximum: 65_535, unit: 'readings' }),
  capacity: Object.freeze({ type: 'whole', initial: 512, minimum: 16, maximum: 65_535, unit: 'readings' }),
  overflow: Object.freeze({ type: 'choice', initial: 'oldest', choices: Object.freeze(['oldest', 'newest']) }),
  broker: Object.freeze({
    type: 'text',
    initial: 'mqtt://127.0.0.1:1883',
    allowed: BROKER_ALLOWED,
    isAllowed: isBroker,
  }),
  user: Object.freeze({ type: 'text', initial: '', allowed: LOGIN_ALLOWED, isAllowed: isLogin }),
  password: Object.freeze({ type: 'text', initial: '', allowed: LOGIN_ALLOWED, isSecret: true, isAllowed: isLogin }),
  mqtt: Object.freeze({ type: 'choice', initial: 'auto', choices: Object.freeze(['auto', '5', '3.1.1']) }),
  keepAlive: Object.freeze({ type: 'whole', initial: 30, minimum: 5, maximum: 65_535, unit: 'seconds' }),
  window: Object.freeze({ type: 'whole', initial: 8, minimum: 1, maximum: 20, unit: 'messages' }),
  pin: Object.freeze({ type: 'whole', initial: 4, minimum: 0, maximum: 48, unit: '(a GPIO number)' }),
  model: Object.freeze({ type: 'choice', initial: 'dht22', choices: DHT22_MODEL_NAMES }),
  temperatureOffset: Object.freeze({ type: 'decimal', initial: 0, minimum: -20, maximum: 20, unit: '°C' }),
  humidityOffset: Object.freeze({ type: 'decimal', initial: 0, minimum: -50, maximum: 50, unit: '%RH' }),
  stationKey: Object.freeze({
    type: 'text',
    initial: '',
    allowed: '8 to 64 bytes of UTF-8 without NUL, or empty: no changes over MQTT',
    isSecret: true,
    isAllowed: isKeyOrEmpty,
  }),
  homeAssistant: Object.freeze({ type: 'switch', initial: false }),
});

export const SETTING_NAMES = Object.freeze(Object.keys(RULES)) as readonly SettingName[];

/**
 * Completes `input` with defaults and checks all of it. Numbers and switches may come as text, as they do from a command line.
 * Throws `SettingError` for the first setting that is unknown or not allowed.
 */
export function parseSettings(input: Readonly<Record<string, unknown>>): Settings {
  for (const name of Object.keys(input)) {
    // The value is not repeated: it may be a password under a misspelt name.
    if (!Object.hasOwn(RULES, name)) throw new SettingError(name, undefined, `one of ${SETTING_NAMES.join(', ')}`);
  }
  const values: Record<string, Value> = {};
  for (const name of SETTING_NAMES) values[name] = parseSetting(name, input[name]);
  const settings = values as unknown as Settings;
  if (settings.password !== '' && settings.user === '') {
    throw new SettingError('user', '', 'a name, where a password is set [MQTT-3.1.2-22]');
  }
  if (settings.homeAssistant && !isDiscoverable(settings)) {
    throw new SettingError('homeAssistant', true, 'false, or shorter topics: what Home Assistant is told repeats them');
  }
  return settings;
}

function parseSetting(name: SettingName, given: unknown): Value {
  const rule = RULES[name];
  if (given === undefined) return rule.initial;
  const value = typeof given === 'string' ? readText(rule, given) : given;
  if (isAllowed(rule, value)) return value;
  // Who writes the login into the URL does not find it in a log.
  const isHidden = isSecret(name) || (name === 'broker' && String(given).includes('@'));
  throw new SettingError(name, isHidden ? undefined : given, describeAllowed(rule));
}

/** What `text` says, where the setting is no text. */
function readText(rule: Rule, text: string): Value {
  if (typeof rule.initial === 'number' && text.trim() !== '') return Number(text);
  if (typeof rule.initial === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** Whether the value is never shown to anybody: secrets can be written only. */
export function isSecret(name: SettingName): boolean {
  const rule = RULES[name];
  return rule.type === 'text' && rule.isSecret === true;
}

function isAllowed(rule: Rule, value: unknown): value is Value {
  switch (rule.type) {
    case 'text':
      return typeof value === 'string' && rule.isAllowed(value);
    case 'choice':
      return rule.choices.includes(value as string);
    case 'switch':
      return typeof value === 'boolean';
    default:
      return (
        typeof value === 'number' &&
        value >= rule.minimum &&
        value <= rule.maximum &&
        (rule.type === 'decimal' || Number.isInteger(value))
      );
  }
}

function describeAllowed(rule: Rule): string {
  switch (rule.type) {
    case 'text':
      return rule.allowed;
    case 'choice':
      return rule.choices.join(', ');
    case 'switch':
      return 'true, false';
    case 'whole':
      return `a whole number of ${rule.unit} from ${rule.minimum} to ${rule.maximum}`;
    case 'decimal':
      return `a number from ${rule.minimum} to ${rule.maximum} (${rule.unit})`;
  }
}

function isRoomOrEmpty(room: string): boolean {
  return room === '' || isRoom(room);
}

function isHostOrEmpty(host: string): boolean {
  return host === '' || isHost(host);
}

function isLogin(value: string): boolean {
  return byteLength(value) <= LOGIN_MAXIMUM_BYTES;
}

/** IEEE 802.11: 0 to 32 bytes. */
function isSsid(value: string): boolean {
  return byteLength(value) <= SSID_MAXIMUM_BYTES;
}

/** As of Wi-Fi: a passphrase of 8 to 63 bytes, or 64 hex digits (IEEE 802.11, annex J). */
function isKeyOrEmpty(value: string): boolean {
  const length = byteLength(value);
  return length === 0 || (length >= KEY_MINIMUM_BYTES && length <= KEY_MAXIMUM_BYTES);
}

/** UTF-8 bytes of `value`; infinity where it cannot be an MQTT string. */
function byteLength(value: string): number {
  try {
    return encodeUtf8(value).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'the given value';
  const words = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}
