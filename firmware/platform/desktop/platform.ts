// The SDK's simulator on a computer as the station's home: its network is real, its sensor is simulated.

// biome-ignore lint/style/useNodejsImportProtocol: the SDK's module, not Node's
import Net from 'net';
import { createTransports } from 'platform/target/transports';
import Time from 'time';
import type { Random } from '../../ports.js';
import type { CreatePlatform } from '../platform.js';
import { resolver } from '../resolver.js';
import { simulatedCapture } from '../simulated/capture.js';
import { Climate, hashText, mix } from '../simulated/climate.js';
import { MemoryFlash } from '../simulated/flash.js';
import { timer } from '../timer.js';
import { startUptime } from '../uptime.js';
import { wallClock } from '../wall-clock.js';
import { DesktopChip } from './chip.js';

/** Each room has a climate of its own, and it is the same at each start. */
const CLIMATE_SEED = 1;

export const createPlatform: CreatePlatform = (config, startAgain) => {
  const address = Net.get('IP') ?? '';
  const station = stationOf(address, String(config['room'] ?? ''));
  const uptime = startUptime(() => Time.ticks);
  const climate = new Climate(CLIMATE_SEED, station);
  return {
    station,
    board: 'simulator',
    sensor: 'DHT22 (simulated)',
    ports: {
      uptime,
      wallClock,
      random: seededRandom(hashText(station, mix(Date.now()))),
      timer,
      ...createTransports(config),
      resolver,
      capture: simulatedCapture({ timer, uptime, climate }),
      address: () => address,
      // Until it ends: a computer has no flash for settings.
      flash: new MemoryFlash(),
      chip: new DesktopChip(startAgain),
    },
  };
};

/**
 * Stands for a MAC address: the computer's own is not told everywhere, and several simulators may run on one computer. The same
 * computer and room give the same station again. The first octet says that the address is locally administered.
 */
function stationOf(address: string, room: string): string {
  const name = `${address} ${room}`;
  return `02${hex(hashText(name, 1)).slice(-2)}${hex(hashText(name, 2))}`;
}

function hex(bits: number): string {
  return bits.toString(16).padStart(8, '0');
}

/** `Math.random` would draw the same `boot` at each start: XS does not seed it on a computer. */
function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state);
  };
}
