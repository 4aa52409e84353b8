// The table of faults: what goes wrong between a station and its readers, and how it is over again.

import type { AccessPoint } from '../../host-sim/ports/simulated-wifi.js';
import { type Scene, WIFI } from './scene.js';

export interface Fault {
  readonly name: string;
  /** What it stands for. */
  readonly says: string;
  /** Begins; `durationMs` is how long it will last. Returns what ends it. */
  begin(scene: Scene, durationMs: number): () => void;
}

const OVER = () => {};

export const FAULTS: readonly Fault[] = [
  {
    name: 'network-down',
    says: 'the access point is switched off: the station knows, the broker does not',
    begin: (scene) => {
      scene.deafen();
      scene.networkDown();
      return () => {
        scene.undeafen();
        scene.networkUp();
      };
    },
  },
  {
    name: 'address-changes',
    says: 'the access point hands out other addresses: connections under the old one are dead',
    begin: (scene, durationMs) => {
      scene.network.sever();
      scene.machine.air.renumber(`192.0.2.${20 + (durationMs % 200)}`);
      return OVER;
    },
  },
  {
    name: 'wifi-password-changes',
    says: 'somebody sets the access point up anew, and then as it was',
    begin: (scene) => changeAccessPoint(scene, { password: 'another horse', givesAddress: true }),
  },
  {
    name: 'no-addresses',
    says: 'the access point restarts, and hands out no addresses for a while',
    begin: (scene) => changeAccessPoint(scene, { password: WIFI.wifiPassword, givesAddress: false }),
  },
  {
    name: 'network-vanishes',
    says: 'somebody stands in the way: connections are gone and nobody answers, and neither side is told',
    begin: (scene) => {
      scene.deafen();
      scene.network.sever();
      return () => scene.undeafen();
    },
  },
  {
    name: 'half-open',
    says: 'a router forgets its connections: they are gone without a word, new ones are welcome',
    begin: (scene) => {
      scene.network.sever();
      return OVER;
    },
  },
  {
    name: 'reset',
    says: 'all connections are reset',
    begin: (scene) => {
      scene.network.reset();
      return OVER;
    },
  },
  {
    name: 'broker-restart',
    says: 'the broker stops, and comes back with its sessions',
    begin: (scene) => stopBroker(scene, true),
  },
  {
    name: 'broker-restart-forgetful',
    says: 'the broker stops, and comes back without sessions and retained messages',
    begin: (scene) => stopBroker(scene, false),
  },
  {
    name: 'connections-refused',
    says: 'the port is closed to new connections, and the one there is breaks',
    begin: (scene) => {
      scene.closeDoor();
      scene.network.reset();
      return () => scene.openDoor();
    },
  },
  {
    name: 'held-acknowledgements',
    says: 'the broker takes messages and does not acknowledge them until later',
    begin: (scene) => {
      scene.broker.holdAcknowledgements();
      return () => scene.broker.releaseAcknowledgements();
    },
  },
  {
    name: 'broker-hangs',
    says: 'the broker takes nothing in, and goes on later where it was',
    begin: (scene) => {
      scene.hang();
      return () => scene.unhang();
    },
  },
  {
    name: 'login-refused',
    says: 'the broker refuses the client in its CONNACK',
    begin: (scene) => {
      scene.broker.refusal = scene.world.between(1, 5);
      scene.network.reset();
      return () => {
        scene.broker.refusal = 0;
      };
    },
  },
  {
    name: 'silence',
    says: 'nothing gets through for a while, then all of it',
    begin: ({ network, world }, durationMs) => {
      network.conditions.silentUntilMs = world.nowMs + durationMs;
      return OVER;
    },
  },
  {
    name: 'slow-link',
    says: 'every few bytes take most of a second',
    begin: ({ network }) => {
      const { delayMs, pieceBytes } = network.conditions;
      network.conditions.delayMs = [100, 800];
      network.conditions.pieceBytes = 100;
      return () => {
        network.conditions.delayMs = delayMs;
        network.conditions.pieceBytes = pieceBytes;
      };
    },
  },
  {
    name: 'name-unknown',
    says: 'the resolver does not know the broker',
    begin: (scene) => breakResolver(scene, 'fails'),
  },
  {
    name: 'resolver-silent',
    says: 'the resolver does not answer',
    begin: (scene) => breakResolver(scene, 'is-silent'),
  },
  {
    name: 'sensor-unplugged',
    says: 'the sensor does not answer',
    begin: (scene) => breakSensor(scene, 'no-answer'),
  },
  {
    name: 'sensor-noise',
    says: 'the sensor is heard badly',
    begin: (scene) => breakSensor(scene, 'noise'),
  },
  {
    name: 'capture-stuck',
    says: 'the capture never ends',
    begin: (scene) => breakSensor(scene, 'stuck'),
  },
  {
    name: 'said-offline',
    says: 'somebody says that the station is offline',
    begin: ({ broker, settings }) => {
      broker.publish({ topic: `${settings.prefix}/${settings.room}/status`, payload: 'offline', retain: true });
      return OVER;
    },
  },
];

/** Everybody is thrown out, and meets another access point of the same name. */
function changeAccessPoint(scene: Scene, accessPoint: AccessPoint): () => void {
  const replace = (by: AccessPoint) => {
    const { air } = scene.machine;
    scene.network.sever();
    air.accessPoints.delete(WIFI.wifi);
    air.changed();
    air.accessPoints.set(WIFI.wifi, by);
    air.changed();
  };
  replace(accessPoint);
  return () => replace({ password: WIFI.wifiPassword, givesAddress: true });
}

function stopBroker(scene: Scene, keepsSessions: boolean): () => void {
  scene.closeDoor();
  scene.broker.restart(keepsSessions);
  scene.network.reset();
  return () => scene.openDoor();
}

function breakResolver(scene: Scene, mode: 'fails' | 'is-silent'): () => void {
  scene.resolverMode = mode;
  scene.network.reset();
  return () => {
    scene.resolverMode = 'answers';
  };
}

function breakSensor(scene: Scene, fault: 'no-answer' | 'noise' | 'stuck'): () => void {
  scene.sensorFault = fault;
  return () => {
    scene.sensorFault = 'none';
  };
}

type Range = readonly [minimum: number, maximum: number];

/** How long faults last, in ms: some are over at once, some outlast every deadline. */
const DURATIONS_MS: readonly Range[] = [
  [0, 2_000],
  [2_000, 40_000],
  [40_000, 900_000],
];

/** From one fault to the next, in ms: some come in the middle of the recovery from another. */
const PAUSES_MS: readonly Range[] = [
  [0, 5_000],
  [5_000, 60_000],
  [60_000, 600_000],
];

/**
 * Lets faults come and go until `untilMs`, and ends them all by then. Two kinds that would undo each other's end are not
 * chosen at the same time: of each kind there is one at most.
 */
export function plague(scene: Scene, untilMs: number): void {
  const { world } = scene;
  const active = new Set<string>();
  const next = () => {
    const fault = world.pick(FAULTS);
    const durationMs = Math.min(world.between(...world.pick(DURATIONS_MS)), untilMs - world.nowMs);
    // What breaks the sensor, or the resolver, sets one and the same switch.
    const kind = /^(sensor|capture|name|resolver)/.exec(fault.name)?.[0].replace('capture', 'sensor').replace('name', 'resolver');
    const key = kind ?? fault.name;
    if (!active.has(key)) {
      active.add(key);
      const end = fault.begin(scene, durationMs);
      world.after(durationMs, () => {
        active.delete(key);
        end();
      });
    }
    const pauseMs = (world.once(2) ? durationMs : 0) + world.between(...world.pick(PAUSES_MS));
    if (world.nowMs + pauseMs < untilMs) world.after(pauseMs, next);
  };
  world.after(world.between(0, 300_000), next);
}
