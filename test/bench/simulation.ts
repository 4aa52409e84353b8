// The simulation's benchmark: how much virtual time of a station passes in a second of one processor, with nothing wrong and nobody
// checking: sensor, station, network and broker, as in test/sim.

import { EXIT_USAGE, UserError } from '../../host-sim/user-error.js';
import { Scene } from '../sim/scene.js';
import { World } from '../sim/world.js';
import { type Figure, figure, type Report } from './figure.js';

/** The figure is the median of so many rounds, each with a house of its own. */
const ROUNDS = 7;

/** Rounds before, in which the engine learns what is worth compiling. */
const WARM_UP_ROUNDS = 3;

/** Stations, one after the other, in a round. */
const STATIONS = 4;
const HOURS = 6;
const HOUR_MS = 3_600_000;

/** Station-hours a second (design §5). */
const BUDGET = 100;

/** Figure `simulation.rate` in station-hours a second of processor time, at the usual interval of 10 s. */
export async function benchSimulation(args: readonly string[], report: Report): Promise<readonly Figure[]> {
  if (args.length > 0)
    throw new UserError(`${JSON.stringify(args[0])} is not allowed here.`, 'npm run bench -- simulation', EXIT_USAGE);
  for (let round = 0; round < WARM_UP_ROUNDS; round++) runRound(round);
  const rates = Array.from({ length: ROUNDS }, (_, round) => {
    const rate = rateOf(() => runRound(round));
    report(`simulation: round ${round + 1} of ${ROUNDS}, ${STATIONS * HOURS} station-hours, ${rate.toFixed(1)} a second`);
    return rate;
  });
  return [figure('simulation.rate', median(rates), 'station-hours/s', 'budget', BUDGET)];
}

/** What other programs do at the same time does not count, and neither does waiting for them. */
function rateOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (STATIONS * HOURS * 1_000_000) / (user + system);
}

function runRound(round: number): void {
  for (let station = 0; station < STATIONS; station++) {
    const scene = new Scene(new World(STATIONS * round + station));
    scene.start();
    for (let hour = 0; hour < HOURS; hour++) {
      scene.run(HOUR_MS);
      const expected = HOUR_MS / (1000 * scene.settings.interval);
      if (scene.acknowledged.length < expected - 2)
        throw new Error(`${scene.acknowledged.length} readings of ${expected} delivered`);
      for (const log of [scene.wire, scene.measured, scene.acknowledged]) log.length = 0;
    }
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[sorted.length >> 1] as number;
}
