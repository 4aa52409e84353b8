// The ESP8266 and the ESP32 as the station's home.

import { Capture } from 'platform/target/capture/chip/capture';
import { createTransports } from 'platform/target/transports';
import Time from 'time';
import type { CreatePlatform } from '../platform.js';
import { resolver } from '../resolver.js';
import { timer } from '../timer.js';
import { startUptime } from '../uptime.js';
import { wallClock } from '../wall-clock.js';
import { keepTime } from './internet-time.js';
import { random } from './random.js';
import { joinWifi } from './wifi.js';

export const createPlatform: CreatePlatform = ({ config, onNetworkUp, onNetworkDown }) => {
  const board = String(config['board']);
  let isTimeKept = false;
  const wifi = joinWifi({
    // Not `ssid` and `password`, as in the SDK's own examples: `password` is a setting, that of the broker.
    ssid: String(config['wifi'] ?? ''),
    password: String(config['wifiPassword'] ?? ''),
    onUp: () => {
      if (!isTimeKept) keepTime(String(config['sntp']));
      isTimeKept = true;
      onNetworkUp();
    },
    onDown: onNetworkDown,
  });
  return {
    station: (wifi.MAC as string).replaceAll(':', ''),
    board,
    sensor: 'DHT22',
    ports: {
      uptime: startUptime(() => Time.ticks),
      wallClock,
      random,
      timer,
      ...createTransports(config),
      resolver,
      capture: Capture,
      address: () => wifi.address ?? '',
    },
  };
};
