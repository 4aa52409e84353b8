// The command line of the simulator: what can be said, its defaults, and what is wrong with what was said.

import type { Settings } from '../../firmware/station/settings.js';
import { type Given, parseArguments, parseWhole, usage } from './arguments.js';
import { DEFAULT_ROOMS, parseRooms } from './rooms.js';
import { parseStationSettings } from './station-settings.js';

const SEED_MAXIMUM = 0xffff_ffff;
const DURATION_MAXIMUM_SECONDS = 7 * 86_400;

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

function refuseWithBroker(given: Given): void {
  for (const port of ['mqtt-port', 'ws-port'] as const) {
    if (given[port] === undefined) continue;
    throw usage(`Option --${port} is for the broker inside, and --broker names another.`, `npm start -- --${port} ${given[port]}`);
  }
}
