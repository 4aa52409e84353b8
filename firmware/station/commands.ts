// What can be said to a station on `<prefix>/<room>/command/<name>`: an object of JSON, or nothing. Each command is answered on
// `<prefix>/<room>/response`. `key` is the station's key, which all but `identify` need; with `id`, of 1 to 64 characters, the
// command acts once, however often it comes.
//
//   identify                                    blinks the LED
//   restart   {"key":…}                         restarts the board, once this is answered
//   interval  {"key":…,"interval":60}           seconds between readings, from now on
//   offset    {"key":…,"temperatureOffset":-1}  and humidityOffset, from now on
//   room      {"key":…,"room":"bureau"}         once all that was measured has been delivered under the old one
//   settings  {"key":…,"broker":…,"wifi":…}     any; tried then, and taken back where the broker is not reached with them
//
//   answer    {"command":"interval","id":"7","ok":true,"interval":60}
//             {"command":"interval","id":"7","error":"setting interval: 1 is not allowed; allowed: …"}
//             {"command":"settings","id":"7","ok":true,"state":"trying"}, and later "state":"confirmed", or an error

import { ContractError, StationError } from '../errors.js';
import { decodeUtf8, encodeUtf8 } from '../mqtt/utf8.js';
import { type JsonObject, parseObject } from './json.js';
import { isSecret, SETTING_NAMES, type SettingName, type Settings } from './settings.js';

/** How many ids are remembered. */
const IDS_MAXIMUM = 8;
const ID_MAXIMUM_LENGTH = 64;

/** Bytes of the longest answer: it must fit in the output buffer, with a response topic and correlation data. */
export const ANSWER_MAXIMUM_BYTES = 512;

/** A command is not carried out, and this is why. */
class CommandError extends StationError {
  override readonly name = 'CommandError';
}

/** Which settings a command may change. */
const CHANGES: Readonly<Record<string, readonly SettingName[]>> = Object.freeze({
  identify: Object.freeze([]),
  restart: Object.freeze([]),
  interval: Object.freeze(['interval'] as const),
  offset: Object.freeze(['temperatureOffset', 'humidityOffset'] as const),
  room: Object.freeze(['room'] as const),
  settings: SETTING_NAMES,
});

/** What commands act on. */
export interface CommandTarget {
  readonly settings: Settings;
  /** A change waits for its restart: another must wait for that. */
  readonly isChanging: boolean;
  /** False where the board has no LED. */
  identify(): boolean;
  restart(): void;
  /**
   * Merges, checks and stores `changes`, and takes them over: at once, or once all is delivered where they need a restart, with
   * `isTrial` for a trial. Throws `SettingError` for what is not allowed. False where nothing changes.
   */
  change(changes: JsonObject, isTrial: boolean, id: string): boolean;
}

export class Commands {
  private readonly target: CommandTarget;
  /** Hashes of the ids that acted last, in a ring. */
  private readonly done = new Uint32Array(IDS_MAXIMUM);
  private doneCount = 0;

  constructor(target: CommandTarget) {
    this.target = target;
  }

  /** Carries the command out and returns its answer. */
  handle(nameBytes: Uint8Array, payload: Uint8Array): Uint8Array {
    // The name comes from a topic, which is UTF-8 and has any length.
    const name = nameBytes.length > 16 ? '' : decodeUtf8(nameBytes);
    let id: unknown;
    try {
      if (!Object.hasOwn(CHANGES, name)) throw new CommandError(`there is no such command; there are ${commandNames()}`);
      const members = payload.length === 0 ? {} : parseObject(payload);
      if (!members) throw new CommandError('its payload is no object of JSON with at most 64 members');
      id = parseId(members['id']);
      return encodeAnswer(name, id, this.run(name, members));
    } catch (error) {
      if (!(error instanceof StationError) || error instanceof ContractError) throw error;
      return encodeAnswer(name, id, { error: error.message });
    }
  }

  /** Returns what the answer says beside `ok`. */
  private run(name: string, { id, key, ...changes }: JsonObject): JsonObject {
    if (name !== 'identify') this.checkKey(key);
    const hash = id === undefined ? 0 : hashText(`${name} ${id}`);
    if (id !== undefined && this.done.includes(hash)) return { repeated: true };
    checkNames(name, changes);
    const result = this.act(name, changes, id === undefined ? '' : JSON.stringify(id));
    if (id !== undefined) this.done[this.doneCount++ % IDS_MAXIMUM] = hash;
    return result;
  }

  private act(name: string, changes: JsonObject, id: string): JsonObject {
    if (name === 'identify') {
      if (!this.target.identify()) throw new CommandError('this board has no LED');
      return {};
    }
    if (name === 'restart') {
      this.target.restart();
      return {};
    }
    if (this.target.isChanging) throw new CommandError('a change of the settings is under way; try again in a minute');
    const isTrial = name === 'settings';
    const hasChanged = this.target.change(changes, isTrial, id);
    return isTrial ? { state: hasChanged ? 'trying' : 'confirmed' } : withoutSecrets(changes);
  }

  private checkKey(given: unknown): void {
    const { stationKey } = this.target.settings;
    if (stationKey === '') throw new CommandError('key: this station has none, so it is set over USB alone');
    if (!isSameText(given, stationKey)) throw new CommandError('key: it is not the one of this station');
  }
}

/** The outcome of a trial, as the answer to the command that asked for it; `id` as JSON, or empty. */
export function encodeTrialAnswer(id: string, error: string | undefined): Uint8Array {
  const known: unknown = id === '' ? undefined : JSON.parse(id);
  return encodeAnswer('settings', known, error === undefined ? { state: 'confirmed' } : { error });
}

function encodeAnswer(command: string, id: unknown, result: JsonObject): Uint8Array {
  const ok = result['error'] === undefined ? true : undefined;
  const answer = encodeUtf8(JSON.stringify({ command, id, ok, ...result }));
  // Only what was sent, and is repeated in it, makes an answer long.
  return answer.length <= ANSWER_MAXIMUM_BYTES
    ? answer
    : encodeUtf8(JSON.stringify({ command, ok, error: ok ? undefined : 'too long' }));
}

function parseId(id: unknown): unknown {
  const length = typeof id === 'string' || typeof id === 'number' ? String(id).length : 0;
  if (id === undefined || (length > 0 && length <= ID_MAXIMUM_LENGTH)) return id;
  throw new CommandError(`id: allowed: a text of 1 to ${ID_MAXIMUM_LENGTH} characters, or a number`);
}

function checkNames(command: string, changes: JsonObject): void {
  const allowed = CHANGES[command] as readonly string[];
  const given = Object.keys(changes);
  const stranger = given.find((name) => !allowed.includes(name));
  if (stranger !== undefined) {
    throw new CommandError(`${JSON.stringify(stranger.slice(0, 32))}: allowed: ${['id', 'key', ...allowed].join(', ')}`);
  }
  if (given.length === 0 && allowed.length > 0) throw new CommandError(`say at least one of: ${allowed.join(', ')}`);
}

function withoutSecrets(changes: JsonObject): JsonObject {
  const shown: Record<string, unknown> = {};
  for (const name of Object.keys(changes)) if (!isSecret(name as SettingName)) shown[name] = changes[name];
  return shown;
}

function commandNames(): string {
  return Object.keys(CHANGES).join(', ');
}

/** Takes as long for a wrong text as for the right one: how much of it is right does not show. */
function isSameText(given: unknown, text: string): boolean {
  if (typeof given !== 'string') return false;
  let difference = given.length ^ text.length;
  // Beyond the end, `charCodeAt` is NaN, which counts as 0 here.
  for (let index = 0; index < text.length; index++) difference |= given.charCodeAt(index) ^ text.charCodeAt(index);
  return difference === 0;
}

/** FNV-1a, 32 bits, never 0. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0 || 1;
}
