// What main needs of the machine that it runs on. `platform/target/platform` is the one that the target's manifest maps.

import type { BoardPorts } from '../station/board.js';
import type { Transports } from '../station/transport.js';

export interface Platform {
  /** 12 lower-case hex digits: the MAC address, or what stands for it. */
  readonly station: string;
  readonly board: string;
  /** Model of the sensor, for people. */
  readonly sensor: string;
  readonly ports: BoardPorts;
}

/** The keys of `mc/config`: the manifest's `config` and the `key=value` arguments of `mcconfig`. */
export type Config = Readonly<Record<string, unknown>>;

/** Gives the ways to a broker that this machine has; `platform/target/transports` is the one that the target's manifest maps. */
export type CreateTransports = (config: Config) => Transports;

/**
 * Gives the ports of this machine.
 * @param startAgain for a machine that cannot restart itself: makes a new board in the place of the one that runs.
 */
export type CreatePlatform = (config: Config, startAgain: () => void) => Platform;
