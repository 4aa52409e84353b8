// What main needs of the machine that it runs on. `platform/target/platform` is the one that the target's manifest maps.

import type { BoardPorts } from '../station/board.js';

export interface Platform {
  /** 12 lower-case hex digits: the MAC address, or what stands for it. */
  readonly station: string;
  readonly board: string;
  /** Model of the sensor, for people. */
  readonly sensor: string;
  readonly ports: BoardPorts;
}

/**
 * Gives the ports of this machine.
 * @param config `mc/config`: the manifest's `config` and the `key=value` arguments of `mcconfig`.
 */
export type CreatePlatform = (config: Readonly<Record<string, unknown>>) => Platform;
