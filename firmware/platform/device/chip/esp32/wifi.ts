// The ESP32's Wi-Fi: the SDK's ECMA-419 class, and why the last try failed, which that class drops.

import WiFi from 'embedded:network/interface/wifi';
import type { WifiOptions, WifiRefusal } from '../../../../ports.js';

// XS binds these by name to the functions of chip.c.
declare function native(name: string): (...args: unknown[]) => number;

/** By the numbers of chip.c. */
const REFUSALS: readonly (WifiRefusal | undefined)[] = Object.freeze([
  undefined,
  'wrong-password',
  'no-such-network',
  'refused',
] as const);

function watch(): number {
  return native('xs_chip_watch_wifi').call(undefined);
}

export class BoardWifi extends WiFi {
  constructor(options: Partial<WifiOptions>) {
    watch();
    super(options);
  }

  override connect(options: { readonly SSID: string; readonly password?: string }): void {
    this.forget();
    super.connect(options);
  }

  forget(): number {
    return native('xs_chip_forget_refusal').call(this);
  }

  get refusal(): WifiRefusal | undefined {
    return REFUSALS[this.refusalNumber];
  }

  get refusalNumber(): number {
    return native('xs_chip_wifi_refusal').call(this);
  }
}
