// What main needs of the machine that it runs on. `platform/target/platform` is the one that the target's manifest maps.

import type { Settings } from '../station/settings.js';
import type { Ports } from '../station/station.js';
import type { Transports } from '../station/transport.js';

export interface PlatformOptions {
  /** `mc/config`: the manifest's `config` and the `key=value` arguments of `mcconfig`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
  /** The network has an address. Not called from within `createPlatform`; nor is the next one. */
  onNetworkUp(): void;
  onNetworkDown(): void;
}

export interface Platform {
  /** 12 lower-case hex digits: the MAC address, or what stands for it. */
  readonly station: string;
  readonly board: string;
  /** Model of the sensor, for people. */
  readonly sensor: string;
  readonly ports: Ports;
}

/** Gives the ways to a broker that this machine has; `platform/target/transports` is the one that the target's manifest maps. */
export type CreateTransports = (config: PlatformOptions['config']) => Transports;

/** Gives the ports of this machine, and begins to bring its network up. */
export type CreatePlatform = (options: PlatformOptions) => Platform;
