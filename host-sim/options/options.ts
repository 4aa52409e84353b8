// The command line of the simulator: what can be said, its defaults, and what is wrong with what was said.

import type { Settings } from '../../firmware/station/settings.js';
import type { BrokerOptions } from '../broker.js';
import { CLASS_USER, makeSecret } from '../page/lan.js';
import type { PageOptions } from '../page/page.js';
import { usualDirectory } from '../page/record/data-directory.js';
import type { Credentials } from '../ports/node-tls.js';
import { type Given, parseArguments, parseWhole, usage } from './arguments.js';
import { parseBrokerElsewhere, parseBrokerInside } from './broker.js';
import { type GivenLogin, parseLogin } from './login.js';
import { parsePageOptions } from './page.js';
import { DEFAULT_ROOMS, parseRooms } from './rooms.js';
import { parseStationSettings } from './station-settings.js';

const SEED_MAXIMUM = 0xffff_ffff;
const DURATION_MAXIMUM_SECONDS = 7 * 86_400;

export interface SimulatorOptions {
  /** Room names; empty: one room named from this installation. */
  readonly rooms: readonly string[];
  /** Checked settings, but for the room and, with the embedded broker, its address. */
  readonly settings: Settings;
  /** The broker inside; `undefined`: one elsewhere, at `settings.broker`. */
  readonly embedded: BrokerOptions | undefined;
  /** For TLS with a broker elsewhere. */
  readonly credentials: Credentials;
  readonly publishesClock: boolean;
  /** `undefined`: no page. */
  readonly page: PageOptions | undefined;
  /** The login of the broker inside was made here, because nobody gave one. */
  readonly isLoginMade: boolean;
  readonly seed: number | undefined;
  /** Port of the first room's serial line, 0 for any; `undefined`: it has none. */
  readonly serialPort: number | undefined;
  readonly durationSeconds: number | undefined;
  readonly isJson: boolean;
}

/** Reads the command line. Returns 'help' where that was asked for. Throws `UserError` for what is wrong. */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv): SimulatorOptions | 'help' {
  const given = parseArguments(args);
  if (given.help) return 'help';
  if (given.lan && given['no-page']) throw usage('Option --lan serves the page, and --no-page wants none.', 'npm start -- --lan');
  const login = makeLoginForLan(given, parseLogin(given, environment));
  const { brokerUrl } = login;
  const isElsewhere = brokerUrl !== undefined;
  const credentials = isElsewhere ? parseBrokerElsewhere(given, brokerUrl) : {};
  const rooms = given.rooms !== undefined ? parseRooms(given.rooms) : isElsewhere ? [] : DEFAULT_ROOMS;
  return {
    rooms,
    settings: parseStationSettings(given, login, rooms),
    embedded: isElsewhere ? undefined : parseBrokerInside(given, login),
    credentials,
    publishesClock: !isElsewhere || given.clock === true,
    page: given['no-page'] ? undefined : parsePageOptions(given, dataDirectoryOf(given, brokerUrl)),
    isLoginMade: login.isMade,
    serialPort: parseWhole('--serial', given.serial, 0, 65_535),
    seed: parseWhole('--seed', given.seed, 0, SEED_MAXIMUM),
    durationSeconds: parseWhole('--duration', given.duration, 1, DURATION_MAXIMUM_SECONDS),
    isJson: given.json === true,
  };
}

/** Who serves a network asks for a login: where none was given, one is made. */
function makeLoginForLan(given: Given, login: GivenLogin): GivenLogin & { readonly isMade: boolean } {
  const isMade = given.lan === true && login.brokerUrl === undefined && login.user === '' && login.password === '';
  return isMade ? { ...login, user: CLASS_USER, password: makeSecret(), isMade } : { ...login, isMade };
}

/** A class's readings are kept; invented weather only where somebody wants it, and the same weather again never by itself. */
function dataDirectoryOf({ data, lan, seed }: Given, brokerUrl: string | undefined): string | undefined {
  return data ?? (lan && seed === undefined ? usualDirectory(brokerUrl ?? 'house') : undefined);
}
