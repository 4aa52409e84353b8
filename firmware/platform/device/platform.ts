// The ESP8266 and the ESP32 as the station's home.

import WiFi from 'embedded:network/interface/wifi';
import { Capture } from 'platform/target/capture/chip/capture';
import { createTransports } from 'platform/target/transports';
import Time from 'time';
import type { CreatePlatform } from '../platform.js';
import { resolver } from '../resolver.js';
import { MemoryFlash } from '../simulated/flash.js';
import { timer } from '../timer.js';
import { startUptime } from '../uptime.js';
import { wallClock } from '../wall-clock.js';
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
    wifi: WiFi,
    keepTime,
    // Until the chip's own flash is bound: what is set is forgotten at a restart.
    flash: new MemoryFlash(),
    chip: { resetCause: 'unknown', restart: () => {}, feedWatchdog: () => {}, freeMemory: 0 },
  },
});

/** The Wi-Fi is switched on by this, which gives `random` its noise. */
function readMac(): string {
  const wifi = new WiFi({});
  const mac = wifi.MAC as string;
  wifi.close();
  return mac.replaceAll(':', '');
}
