// The ESP8266's Wi-Fi: the SDK's ECMA-419 class, which drops the reason of a failure, and what the chip says of its last try.

import WiFi from 'embedded:network/interface/wifi';
import type { WifiRefusal } from '../../../../ports.js';

// XS binds this by name to the function of chip.c.
declare function native(name: string): (...args: unknown[]) => number;

/** By the chip's `wifi_station_get_connect_status`: the first two are idle and connecting, the sixth is success. */
const REFUSALS: readonly (WifiRefusal | undefined)[] = Object.freeze([
  undefined,
  undefined,
  'wrong-password',
  'no-such-network',
  'refused',
] as const);

export class BoardWifi extends WiFi {
  get refusal(): WifiRefusal | undefined {
    return REFUSALS[this.status];
  }

  get status(): number {
    return native('xs_chip_wifi_status').call(this);
  }
}
