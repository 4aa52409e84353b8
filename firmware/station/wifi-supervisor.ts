// Keeps a board in its Wi-Fi: joins, notices a loss, waits with backoff and jitter, and tries the second network where one is set.
// Every try has a deadline, whatever the chip tells or keeps to itself. Knows nothing of the broker.

import {
  type Random,
  type Uptime,
  WIFI_ASSOCIATED,
  WIFI_HAS_ADDRESS,
  type WifiConstructor,
  type WifiInterface,
  type WifiRefusal,
} from '../ports.js';
import { Backoff, STABLE_AFTER_MS } from './backoff.js';
import type { Settings } from './settings.js';

/**
 * Why there is no network: a refusal, as far as the chip tells; joined, but no address came; there was one, and it was lost; or
 * the deadline passed, and nobody knows.
 */
export type WifiFailure = WifiRefusal | 'no-address' | 'lost' | 'unknown';

export const WIFI_FAILURES: readonly WifiFailure[] = Object.freeze([
  'no-such-network',
  'wrong-password',
  'refused',
  'no-address',
  'lost',
  'unknown',
] as const);

/** Scan, association, keys and DHCP. A busy access point takes 5 to 8 s for all of it. */
export const JOIN_TIMEOUT_MS = 20_000;

/** An access point is no server that a crowd brings down, and a class waits for it: sooner than the broker is tried again. */
const RETRY_MAXIMUM_MS = 15_000;

export type WifiState =
  | 'off' // no network is set
  | 'waiting' // for the backoff to end
  | 'joining'
  | 'up';

export interface WifiSupervisorOptions {
  readonly io: WifiConstructor;
  readonly random: Random;
  readonly uptime: Uptime;
  readonly settings: WifiSettings;
  readonly handler: WifiHandler;
}

type WifiSettings = Pick<Settings, 'wifi' | 'wifiPassword' | 'wifi2' | 'wifi2Password'>;

export interface WifiHandler {
  /** There is an address: a first one, or another than before. */
  onNetworkUp(): void;
  onNetworkDown(): void;
  onNetworkFailure(failure: WifiFailure): void;
  /** The chip told something: the owner takes its turn. */
  onActivity(): void;
}

const NEVER = Number.POSITIVE_INFINITY;

export class WifiSupervisor {
  private readonly settings: WifiSettings;
  private readonly handler: WifiHandler;
  private readonly uptime: Uptime;
  private readonly wifi: WifiInterface;
  private readonly backoff: Backoff;
  private readonly _failureCounts = new Uint32Array(WIFI_FAILURES.length);
  private _state: WifiState = 'off';
  private _deadlineMs = NEVER;
  private upAtMs = 0;
  /** Which network is tried, or was joined last: that one is tried first again. */
  private isSecond = false;
  /** The other network failed in this round too. */
  private isRoundOver = false;
  private _address = '';

  constructor(options: WifiSupervisorOptions) {
    this.settings = options.settings;
    this.handler = options.handler;
    this.uptime = options.uptime;
    this.backoff = new Backoff(options.random, RETRY_MAXIMUM_MS);
    this.wifi = new options.io({ onChanged: () => this.onChanged() });
  }

  get state(): WifiState {
    return this._state;
  }

  /** Empty while there is none. */
  get address(): string {
    return this._address;
  }

  /** dBm, or `undefined` while no network is joined. */
  get rssi(): number | undefined {
    return this._state === 'up' ? this.wifi.RSSI : undefined;
  }

  /** How often each of `WIFI_FAILURES` occurred since the start, in their order. */
  get failureCounts(): Uint32Array {
    return this._failureCounts;
  }

  /** When `tick` must be called at the latest, or infinity. */
  get deadlineMs(): number {
    return this._deadlineMs;
  }

  start(nowMs: number): void {
    const { wifi, wifi2 } = this.settings;
    this.isSecond = wifi === '';
    if (wifi !== '' || wifi2 !== '') return this.join(nowMs);
    // A chip may join the network of an earlier firmware by itself.
    this.wifi.disconnect();
  }

  /** Somebody waits: the next try comes now, and not when the backoff ends. */
  retryNow(nowMs: number): void {
    if (this._state === 'waiting') this.join(nowMs);
  }

  tick(nowMs: number): void {
    if (nowMs < this._deadlineMs) return;
    if (this._state === 'waiting') this.join(nowMs);
    else if (this._state === 'joining') this.giveUp(nowMs);
  }

  // --- Joining ------------------------------------------------------------------------------------------------------

  private join(nowMs: number): void {
    const { wifi, wifiPassword, wifi2, wifi2Password } = this.settings;
    const SSID = this.isSecond ? wifi2 : wifi;
    const password = this.isSecond ? wifi2Password : wifiPassword;
    this._state = 'joining';
    this._deadlineMs = nowMs + JOIN_TIMEOUT_MS;
    try {
      // Chips refuse to connect while they do already, also when that has come to nothing.
      this.wifi.disconnect();
      this.wifi.connect(password === '' ? { SSID } : { SSID, password });
    } catch {
      this.fail('unknown', nowMs);
    }
  }

  private giveUp(nowMs: number): void {
    this.fail(this.wifi.connection >= WIFI_ASSOCIATED ? 'no-address' : 'unknown', nowMs);
  }

  /** The other network is tried at once; a round that failed on all of them is followed by a wait. */
  private fail(failure: WifiFailure, nowMs: number): void {
    this.count(failure);
    const { wifi, wifi2 } = this.settings;
    const hasOther = (this.isSecond ? wifi : wifi2) !== '';
    const isRoundOver = this.isRoundOver || !hasOther;
    if (hasOther) this.isSecond = !this.isSecond;
    this.isRoundOver = !isRoundOver;
    if (isRoundOver) this.wait(nowMs);
    else this.join(nowMs);
  }

  private wait(nowMs: number): void {
    this._state = 'waiting';
    this._deadlineMs = nowMs + this.backoff.nextDelayMs();
  }

  // --- What the chip tells ------------------------------------------------------------------------------------------

  private onChanged(): void {
    const nowMs = this.uptime();
    if (this._state === 'joining') this.onProgress(nowMs);
    else if (this._state === 'up') this.onUpset(nowMs);
    this.handler.onActivity();
  }

  private onProgress(nowMs: number): void {
    const { connection, refusal } = this.wifi;
    if (connection >= WIFI_HAS_ADDRESS) {
      this._state = 'up';
      this._deadlineMs = NEVER;
      this.upAtMs = nowMs;
      this.isRoundOver = false;
      this._address = this.wifi.address ?? '';
      this.handler.onNetworkUp();
    } else if (refusal !== undefined) this.fail(refusal, nowMs);
    // All else is on its way, or the echo of a `disconnect`: the deadline decides.
  }

  private onUpset(nowMs: number): void {
    const address = this.wifi.address ?? '';
    const isLost = this.wifi.connection < WIFI_HAS_ADDRESS;
    if (!isLost && address === this._address) return;
    this._address = isLost ? '' : address;
    this.handler.onNetworkDown();
    // With another address, what was open under the old one is dead: all is opened anew.
    if (!isLost) return this.handler.onNetworkUp();
    if (nowMs - this.upAtMs >= STABLE_AFTER_MS) this.backoff.reset();
    this.count('lost');
    this.wait(nowMs);
  }

  private count(failure: WifiFailure): void {
    const index = WIFI_FAILURES.indexOf(failure);
    this._failureCounts[index] = (this._failureCounts[index] as number) + 1;
    this.handler.onNetworkFailure(failure);
  }
}
