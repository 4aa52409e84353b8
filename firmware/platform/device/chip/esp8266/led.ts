// The LED on the ESP8266's module, which lights when its pin is low.

import Digital from 'embedded:io/digital';
import type { Led } from '../../../../ports.js';

/** GPIO2: on every module with an ESP8266, also where the NodeMCU has a second LED on GPIO16. */
const PIN = 2;

export function openLed(): Led {
  return new Digital({ pin: PIN, mode: Digital.Output, activeLow: true });
}
