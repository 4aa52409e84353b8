// The job of the whole board: its own firmware on simulated ports, in virtual time, through an outage of its broker.

import { simulatedCapture } from '../../firmware/platform/simulated/capture.js';
import { Climate, type ClimateSample } from '../../firmware/platform/simulated/climate.js';
import type { TimerPort } from '../../firmware/ports.js';
import { Machine } from '../../host-sim/machine.js';
import { SimulatedNetwork } from '../sim/tcp.js';
import { World, type WorldEvent } from '../sim/world.js';
import { PlainBroker } from './plain-broker.js';

const SEED = 1;
const START_EPOCH_SECONDS = 1_763_858_312;
const BROKER_ADDRESS = '192.0.2.10';
const BROKER_PORT = 1883;
const INTERVAL_SECONDS = 10;
const WIFI = Object.freeze({ wifi: 'classe', wifiPassword: 'correct horse' });

/** In readings: when the connection is lost and nobody answers, and when somebody does again. */
const OUTAGE_BEGINS = 5;
const OUTAGE_ENDS = 25;

/** A clean end takes no longer. */
const SHUTDOWN_MS = 10_000;

/** Measures `count` readings, some of them while the broker is away; returns all packets that came from the board, and how many were delivered. */
export function liveThroughOutage(count: number): string {
  const world = new World(SEED);
  const network = new SimulatedNetwork(world);
  const broker = new PlainBroker();
  let measured = 0;
  let delivered = 0;
  const machine = createMachine(world, network, {
    onReading: () => {
      measured++;
    },
    onAcknowledged: () => {
      delivered++;
    },
  });
  network.listen(BROKER_PORT, broker.onConnection);
  machine.air.accessPoints.set(WIFI.wifi, { password: WIFI.wifiPassword, givesAddress: true });
  machine.start();
  runReadings(world, OUTAGE_BEGINS);
  network.refuse(BROKER_PORT);
  network.sever();
  runReadings(world, OUTAGE_ENDS - OUTAGE_BEGINS);
  network.listen(BROKER_PORT, broker.onConnection);
  runReadings(world, count - OUTAGE_ENDS);
  machine.shutDown();
  world.run(world.nowMs + SHUTDOWN_MS);
  return `${broker.heard.join(' ')} ${measured} ${delivered}`;
}

function runReadings(world: World, count: number): void {
  world.run(world.nowMs + 1_000 * INTERVAL_SECONDS * count);
}

/** What of the board's observer counts here. */
interface Counts {
  onReading(): void;
  onAcknowledged(): void;
}

function createMachine(world: World, network: SimulatedNetwork, counts: Counts): Machine {
  const timer: TimerPort = {
    set: (callback, delayMs) => world.after(delayMs, callback),
    clear: (event) => (event as WorldEvent).cancel(),
  };
  const ignore = () => {};
  return new Machine({
    builtIn: { room: 'salon', broker: 'mqtt://broker.test', interval: INTERVAL_SECONDS, ...WIFI },
    identity: { station: 'a4cf12f0a1b2', board: 'simulated', firmware: '0.0.0', sensor: 'DHT22' },
    ports: {
      timer,
      wallClock: () => START_EPOCH_SECONDS + world.nowMs / 1000,
      random: () => world.random(),
      tcp: network.tcp,
      resolver: { resolve: ({ host, onResolved }) => void world.after(1, () => onResolved(host, BROKER_ADDRESS)) },
      capture: simulatedCapture({ timer, uptime: () => world.nowMs, climate: new StepClimate() }),
    },
    timer,
    startUptime: () => () => world.nowMs,
    wifiStepMs: 5,
    address: '192.0.2.20',
    observer: {
      ...counts,
      onLinkUp: ignore,
      onLinkDown: ignore,
      onSensorFault: ignore,
      onSubscriptionRefused: ignore,
      onWifiUp: ignore,
      onWifiFailure: ignore,
      onSettingsConfirmed: ignore,
      onSettingsRejected: ignore,
      onClosed: ignore,
    },
    onGone: ignore,
  });
}

/** Whole numbers alone: no engine's mathematics may differ. */
class StepClimate extends Climate {
  constructor() {
    super(SEED, 'salon');
  }

  override at(uptimeSeconds: number): ClimateSample {
    const step = Math.floor(uptimeSeconds / INTERVAL_SECONDS) % 100;
    return { temperatureTenths: step - 50, humidityTenths: 400 + step };
  }
}
