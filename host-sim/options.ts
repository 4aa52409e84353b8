// The command line of the simulator: what can be said, its defaults, and what is wrong with what was said.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseSettings, SettingError, type Settings } from '../firmware/station/settings.js';
import { isRoom } from '../firmware/station/topics.js';
import { EXIT_USAGE, UserError } from './user-error.js';

const DEFAULT_ROOMS = ['salon', 'cuisine', 'chambre', 'bureau'];
const ROOMS_MAXIMUM = 1000;
const SEED_MAXIMUM = 0xffff_ffff;
const DURATION_MAXIMUM_SECONDS = 7 * 86_400;

export const HELP = `station-meteo simulator: virtual weather stations that run the board's own firmware.

  npm start                                  four rooms and a broker, on this computer
  npm start -- --rooms 25 --interval 5       a whole school
  npm start -- --broker mqtt://192.168.1.10  one room, on the broker of the class

Rooms
  --rooms a,b,c | N     room names, or how many (default: ${DEFAULT_ROOMS.join(',')})
  --interval S          seconds between readings, 2 or more (default: 10)
  --seed N              the same climate each time (default: another one each time)

Broker (default: one inside, on 127.0.0.1)
  --mqtt-port P         its MQTT port, 0 for any free one (default: 1883)
  --ws-port P           its WebSocket port, 0 for any free one (default: 9001)
  --broker URL          a broker elsewhere: mqtt://host or mqtt://host:port; then one room, named from this computer
  --user NAME           login, or STATION_METEO_USER
  --password-file FILE  its first line is the password; or STATION_METEO_PASSWORD
  --clock               publish the time on maison/clock on a broker elsewhere too

Run
  --duration S          stop measuring after S seconds, deliver what is buffered within 30 s, and end:
                        exit code 0 only if every reading was acknowledged
  --json                one JSON object a line instead of the view
  --help                this text

Keys in the view: arrows choose a room, w cuts or restores its Wi-Fi, b the broker, Ctrl-C ends.
`;

export interface SimulatorOptions {
  /** Room names; empty: one room named from this installation. */
  readonly rooms: readonly string[];
  /** Checked settings, but for the room and, with the embedded broker, its address. */
  readonly settings: Settings;
  /** `undefined`: embedded broker. */
  readonly brokerUrl: string | undefined;
  readonly mqttPort: number;
  readonly wsPort: number;
  readonly publishesClock: boolean;
  readonly seed: number | undefined;
  readonly durationSeconds: number | undefined;
  readonly isJson: boolean;
}

/** Reads the command line. Returns 'help' where that was asked for. Throws `UserError` for what is wrong. */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv): SimulatorOptions | 'help' {
  const given = parseArguments(args);
  if (given.help) return 'help';
  const brokerUrl = given.broker;
  if (brokerUrl !== undefined) refuseWithBroker(given);
  else if (given.clock) throw usage('Option --clock goes with --broker: the broker inside has a clock anyway.', 'npm start');
  return {
    rooms: given.rooms !== undefined ? parseRooms(given.rooms) : brokerUrl === undefined ? DEFAULT_ROOMS : [],
    settings: parseStationSettings(given, environment),
    brokerUrl,
    mqttPort: parseWhole('--mqtt-port', given['mqtt-port'], 0, 65_535) ?? 1883,
    wsPort: parseWhole('--ws-port', given['ws-port'], 0, 65_535) ?? 9001,
    publishesClock: brokerUrl === undefined || given.clock === true,
    seed: parseWhole('--seed', given.seed, 0, SEED_MAXIMUM),
    durationSeconds: parseWhole('--duration', given.duration, 1, DURATION_MAXIMUM_SECONDS),
    isJson: given.json === true,
  };
}

type Given = ReturnType<typeof parseArguments>;

function parseArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      options: {
        rooms: { type: 'string' },
        interval: { type: 'string' },
        seed: { type: 'string' },
        broker: { type: 'string' },
        user: { type: 'string' },
        'password-file': { type: 'string' },
        clock: { type: 'boolean' },
        'mqtt-port': { type: 'string' },
        'ws-port': { type: 'string' },
        duration: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const { message } = error as Error;
    // A URL that stands alone is not repeated either: it may hold the password.
    if (message.includes('@')) throw usage('An argument with a login in it is not allowed.', 'npm start -- --help');
    const [sentence = ''] = message.split(/\. |\n/);
    throw usage(`${sentence.replace(/\.$/, '')}.`, 'npm start -- --help');
  }
}

function refuseWithBroker(given: Given): void {
  for (const port of ['mqtt-port', 'ws-port'] as const) {
    if (given[port] === undefined) continue;
    throw usage(`Option --${port} is for the broker inside, and --broker names another.`, `npm start -- --${port} ${given[port]}`);
  }
}

/** Room names from a list or a count. */
function parseRooms(text: string): string[] {
  if (/^\d+$/.test(text)) return numberedRooms(parseWhole('--rooms', text, 1, ROOMS_MAXIMUM) as number);
  const rooms = text.split(',');
  if (rooms.length > ROOMS_MAXIMUM)
    throw usage(`Option --rooms: at most ${ROOMS_MAXIMUM} rooms.`, `npm start -- --rooms ${ROOMS_MAXIMUM}`);
  rooms.forEach((room, index) => {
    if (!isRoom(room)) {
      const allowed = 'a room is one topic level of 1 to 64 bytes without + # / or NUL, not starting with $';
      throw usage(`Option --rooms: ${JSON.stringify(room)} is not allowed; ${allowed}.`, 'npm start -- --rooms salon,cuisine');
    }
    if (rooms.indexOf(room) !== index) {
      throw usage(
        `Option --rooms: ${JSON.stringify(room)} is named twice.`,
        `npm start -- --rooms ${[...new Set(rooms)].join(',')}`,
      );
    }
  });
  return rooms;
}

function numberedRooms(count: number): string[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, index) => `salle-${String(index + 1).padStart(width, '0')}`);
}

function parseStationSettings(given: Given, environment: NodeJS.ProcessEnv): Settings {
  const user = given.user ?? environment['STATION_METEO_USER'] ?? '';
  const password =
    given['password-file'] !== undefined ? readPassword(given['password-file']) : (environment['STATION_METEO_PASSWORD'] ?? '');
  const hasLogin = given.broker !== undefined;
  if (!hasLogin && (given.user !== undefined || given['password-file'] !== undefined)) {
    throw usage('Options --user and --password-file go with --broker: the broker inside asks for no login.', 'npm start');
  }
  if (given.broker?.includes('@')) {
    // Not repeated here: it may hold the password.
    throw usage(
      'Option --broker: a login does not belong in the URL.',
      'npm start -- --broker mqtt://host --user NAME --password-file FILE',
    );
  }
  try {
    return parseSettings({
      ...(given.interval !== undefined && { interval: given.interval }),
      ...(hasLogin && { broker: given.broker, user, password }),
    });
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    const examples: Record<string, string> = { interval: '--interval 10', broker: '--broker mqtt://127.0.0.1:1883' };
    const example = examples[error.setting] ?? '--broker mqtt://127.0.0.1:1883 --user NAME --password-file FILE';
    throw usage(`${error.message.replace(/^setting /, 'Option --')}.`, `npm start -- ${example}`);
  }
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/, 1)[0] as string;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw usage(
      `Option --password-file: ${JSON.stringify(file)}: ${reason}.`,
      'npm start -- --broker mqtt://host --user NAME --password-file FILE',
    );
  }
}

function parseWhole(option: string, text: string | undefined, minimum: number, maximum: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  const problem = `Option ${option}: ${JSON.stringify(text)} is not allowed; allowed: a whole number from ${minimum} to ${maximum}.`;
  throw usage(problem, `npm start -- ${option} ${minimum}`);
}

function usage(problem: string, command: string): UserError {
  return new UserError(problem, command, EXIT_USAGE);
}
