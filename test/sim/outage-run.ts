// One run of outages: a station with settings of its own, hours of faults, and then time to recover.

import assert from 'node:assert/strict';
import type { MqttVersion } from '../../firmware/station/version-choice.js';
import { AEDES, MOSQUITTO } from '../model/broker.js';
import { checkAccount, checkRun } from './checkers.js';
import { plague } from './faults.js';
import { ROOM, Scene } from './scene.js';
import { World } from './world.js';

/** How long faults come and go. */
export const FAULTY_MS = 2 * 3_600_000;

/** What a piece takes on its way: in the same room, over a bad Wi-Fi, around the world. */
const DELAYS_MS: readonly (readonly [minimum: number, maximum: number])[] = [
  [1, 20],
  [1, 300],
  [100, 200],
];

/** After the last fault, everything is delivered within this time: one longest wait, one deadline of each kind, and the backlog. */
const CONVERGENCE_MS = 240_000;

/** How long a clean shutdown may take. */
const SHUTDOWN_MS = 60_000;

/** One run: everything in it follows from `seed`, and from `mqtt` where that is given. Throws at what must not be. */
export function runOutages(seed: number, mqtt?: MqttVersion): void {
  finish(begin(seed, mqtt));
}

/** The scene of `seed`, before anything has happened. */
export function begin(seed: number, mqtt: MqttVersion = seed % 3 === 0 ? '3.1.1' : 'auto'): Scene {
  const world = new World(seed);
  const scene = new Scene(world, {
    quirks: world.pick([MOSQUITTO, AEDES]),
    knowsTime: !world.once(4),
    hostTellsTime: world.once(2),
    settings: {
      mqtt,
      interval: world.pick([10, 10, 20, 60]),
      streams: world.pick(['values', 'readings', 'both', 'both']),
      capacity: world.pick([16, 64, 512, 512]),
      overflow: world.pick(['oldest', 'oldest', 'newest']),
      window: world.pick([1, 2, 8, 8, 20]),
      replay: world.pick([1, 16, 512, 512]),
    },
  });
  scene.network.conditions.delayMs = world.pick(DELAYS_MS);
  return scene;
}

/** Lets `scene` go through its faults, and checks that it recovers from them. */
export function finish(scene: Scene): void {
  scene.start();
  plague(scene, FAULTY_MS);
  scene.run(FAULTY_MS);
  scene.runUntil(() => hasRecovered(scene), CONVERGENCE_MS, 'all is delivered');
  scene.run(1_000);
  checkRun(scene.log);
  scene.machine.shutDown();
  scene.runUntil(() => scene.isClosed, SHUTDOWN_MS, 'the shutdown is over');
  scene.run(1_000);
  assert.equal(scene.log.retained.get(`maison/${ROOM}/status`), 'offline');
  checkAccount(scene.log);
}

/** All is delivered, also what was measured behind the last fault, and the broker knows that the station is there. */
function hasRecovered(scene: Scene): boolean {
  const { station, measured, broker } = scene;
  const newest = measured.at(-1);
  const hasNews = newest !== undefined && newest.atMs > FAULTY_MS;
  return hasNews && station.isOnline && station.bufferedCount === 0 && broker.retained.get(`maison/${ROOM}/status`) === 'online';
}
