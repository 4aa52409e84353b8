// The ESP8266 and the ESP32 as the station's home.

import { Capture } from 'platform/target/capture/chip/capture';
import { flash } from 'platform/target/chip/board/flash';
import { openLed } from 'platform/target/chip/board/led';
import { BoardWifi } from 'platform/target/chip/board/wifi';
import { createTransports } from 'platform/target/transports';
import Time from 'time';
import type { CreatePlatform } from '../platform.js';
import { resolver } from '../resolver.js';
import { timer } from '../timer.js';
import { startUptime } from '../uptime.js';
import { wallClock } from '../wall-clock.js';
import { chip } from './chip/chip.js';
import { BoardSerial } from './chip/serial.js';
import { keepTime } from './internet-time.js';
import { random } from './random.js';

export const createPlatform: CreatePlatform = (config) => ({
  station: readMac(),
  board: String(config['board']),
  sensor: 'DHT22',
  ports: {
    uptime: startUptime(() => Time.ticks),
    wallClock,
    random,
    timer,
    ...createTransports(config),
    resolver,
    capture: Capture,
    wifi: BoardWifi,
    keepTime,
    flash,
    chip,
    led: openLed(),
    // With the debugger in the image, the line is the debugger's.
    ...(!chip.isDebugged && { serial: BoardSerial }),
  },
});

/** The Wi-Fi is switched on by this, which gives `random` its noise. */
function readMac(): string {
  const wifi = new BoardWifi({});
  const mac = wifi.MAC as string;
  wifi.close();
  return mac.split(':').join('');
}
