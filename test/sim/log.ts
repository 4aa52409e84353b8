// What happened in a run, in order, as plain data: what the checkers look at.

import type { IConnectPacket, IPublishPacket } from 'mqtt-packet';
import type { Settings } from '../../firmware/station/settings.js';

/** What passed between station and broker, as the broker saw it. */
export type WireEvent =
  | {
      readonly kind: 'connect';
      readonly atMs: number;
      readonly connection: number;
      readonly packet: IConnectPacket;
      readonly sessionPresent: boolean;
    }
  | { readonly kind: 'publish'; readonly atMs: number; readonly connection: number; readonly packet: IPublishPacket }
  | {
      readonly kind: 'acknowledge';
      readonly atMs: number;
      readonly connection: number;
      readonly packetId: number;
      readonly reasonCode: number;
    }
  | { readonly kind: 'close'; readonly atMs: number; readonly connection: number };

/** A reading that the station stored. */
export interface Measured {
  readonly atMs: number;
  readonly seq: number;
  /** Seconds since the board's start, as it is published where the time is not known. */
  readonly uptimeSeconds: number;
  readonly temperatureTenths: number;
  readonly humidityTenths: number;
}

/** What the link went through. */
export type LinkEvent =
  | { readonly kind: 'up' | 'try' | 'network-up'; readonly atMs: number }
  | { readonly kind: 'down'; readonly atMs: number; readonly failure: string; readonly reasonCode: number };

export interface RunLog {
  readonly settings: Settings;
  readonly room: string;
  readonly boot: number;
  /** Epoch seconds at uptime 0, or `undefined` where the station did not know the time from the start. */
  readonly epochAtStartSeconds: number;
  readonly knowsTime: boolean;
  readonly wire: readonly WireEvent[];
  readonly measured: readonly Measured[];
  /** Seqs in the order in which the station said that they were delivered. */
  readonly acknowledged: readonly number[];
  readonly link: readonly LinkEvent[];
  readonly counts: { readonly measured: number; readonly dropped: number; readonly buffered: number; readonly reconnects: number };
  readonly retained: ReadonlyMap<string, string>;
  /** What the station did to its socket against the contract. */
  readonly misuses: readonly string[];
}
