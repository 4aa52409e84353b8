// The air around a virtual board: access points that come and go, and the radio that joins them as a chip does, in its time.

import {
  type TimerPort,
  WIFI_ASSOCIATED,
  WIFI_HAS_ADDRESS,
  type WifiConstructor,
  type WifiInterface,
  type WifiOptions,
  type WifiRefusal,
} from '../../firmware/ports.js';

/** ECMA-419 `connection` of a radio that is in no network, and of one that is joining one. */
const DISCONNECTED = 200;
const CONNECTING = 300;

export interface AccessPoint {
  /** Empty: an open network. */
  readonly password: string;
  /** Without: a network whose DHCP server does not answer. */
  readonly givesAddress: boolean;
}

export interface AirOptions {
  readonly timer: TimerPort;
  /** How long it takes to find a network, and again to get an address. */
  readonly stepMs: number;
  /** Address of the board in every network. */
  readonly address: string;
}

export class Air {
  readonly accessPoints = new Map<string, AccessPoint>();
  /** Whether the chip tells why it was refused, as the ESP32 does. */
  tellsRefusal = true;
  readonly #options: AirOptions;
  #address: string;
  #radio: Radio | undefined;

  constructor(options: AirOptions) {
    this.#options = options;
    this.#address = options.address;
  }

  /** For the ports of a board. One radio at a time: a new one is that of a board that was restarted. */
  get wifi(): WifiConstructor {
    const air = this;
    return class extends Radio {
      constructor(options: WifiOptions) {
        super(air, air.#options, options);
        air.#radio?.disconnect();
        air.#radio = this;
      }
    };
  }

  get address(): string {
    return this.#address;
  }

  /** The DHCP server gives another address from now on, also to the board that has one. */
  renumber(address: string): void {
    this.#address = address;
    this.#radio?.renumber();
  }

  /** Access points have come or gone: a board in the network of one that has gone loses it, and one that looks for it finds it. */
  changed(): void {
    this.#radio?.look();
  }

  /** Everybody in reach goes, or comes back. */
  get isOn(): boolean {
    return !this.#isOff;
  }

  set isOn(isOn: boolean) {
    this.#isOff = !isOn;
    this.changed();
  }

  #isOff = false;

  /** The access point of this name, if it can be heard. */
  find(name: string): AccessPoint | undefined {
    return this.#isOff ? undefined : this.accessPoints.get(name);
  }
}

class Radio implements WifiInterface {
  connection = DISCONNECTED;
  address: string | undefined;
  refusal: WifiRefusal | undefined;
  readonly #air: Air;
  readonly #options: AirOptions;
  readonly #onChanged: () => void;
  #wanted: { readonly SSID: string; readonly password?: string } | undefined;
  #step: unknown;

  constructor(air: Air, options: AirOptions, { onChanged }: WifiOptions) {
    this.#air = air;
    this.#options = options;
    this.#onChanged = onChanged;
  }

  get RSSI(): number | undefined {
    return this.connection >= WIFI_ASSOCIATED ? -61 : undefined;
  }

  connect(wanted: { readonly SSID: string; readonly password?: string }): void {
    if (this.connection === CONNECTING) throw new Error('already connecting');
    this.#wanted = wanted;
    this.refusal = undefined;
    this.connection = CONNECTING;
    this.#after(() => this.#associate());
  }

  disconnect(): void {
    if (this.#step !== undefined) this.#options.timer.clear(this.#step);
    this.#step = undefined;
    this.#wanted = undefined;
    this.connection = DISCONNECTED;
    this.address = undefined;
  }

  renumber(): void {
    if (this.connection < WIFI_HAS_ADDRESS) return;
    this.address = this.#air.address;
    this.#after(() => this.#onChanged());
  }

  look(): void {
    if (!this.#wanted) return;
    const isHeard = this.#air.find(this.#wanted.SSID) !== undefined;
    if (this.connection === CONNECTING && isHeard) this.#after(() => this.#associate());
    if (this.connection < WIFI_ASSOCIATED || isHeard) return;
    this.connection = DISCONNECTED;
    this.address = undefined;
    this.#after(() => this.#onChanged());
  }

  #associate(): void {
    const { SSID, password = '' } = this.#wanted as { SSID: string; password?: string };
    const accessPoint = this.#air.find(SSID);
    if (!accessPoint) return this.#refuse('no-such-network');
    if (accessPoint.password !== password) return this.#refuse('wrong-password');
    this.connection = WIFI_ASSOCIATED;
    if (accessPoint.givesAddress) this.#after(() => this.#takeAddress());
    this.#onChanged();
  }

  #takeAddress(): void {
    this.connection = WIFI_HAS_ADDRESS;
    this.address = this.#air.address;
    this.#onChanged();
  }

  /** A chip goes on trying by itself until it is told to stop. */
  #refuse(refusal: WifiRefusal): void {
    if (!this.#air.tellsRefusal) return;
    this.refusal = refusal;
    this.#onChanged();
  }

  #after(run: () => void): void {
    if (this.#step !== undefined) this.#options.timer.clear(this.#step);
    this.#step = this.#options.timer.set(() => {
      this.#step = undefined;
      run();
    }, this.#options.stepMs);
  }
}
