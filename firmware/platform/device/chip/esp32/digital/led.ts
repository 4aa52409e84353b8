// The LED of an ESP32 board that lights when its pin is high.

import Digital from 'embedded:io/digital';
import type { Led } from '../../../../../ports.js';

/** GPIO2, as on most boards with an ESP32. */
const PIN = 2;

export function openLed(): Led {
  return new Digital({ pin: PIN, mode: Digital.Output });
}
