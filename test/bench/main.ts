// `npm run bench -- NAME [--json]`: measures, and prints each figure beside that of a peer from the same run.

import { runProgram } from '../../host-sim/program.js';
import { EXIT_USAGE, UserError } from '../../host-sim/user-error.js';
import { benchDht22 } from './dht22.js';
import { type Figure, formatTable, type Report } from './figure.js';
import { benchMqtt } from './mqtt.js';
import { benchSimulation } from './simulation.js';
import { benchXs } from './xs.js';

/** A benchmark gets the arguments that are left, and throws `UserError` for one that it does not know. */
const BENCHMARKS: Readonly<Record<string, (args: readonly string[], report: Report) => Promise<readonly Figure[]>>> = {
  dht22: benchDht22,
  mqtt: benchMqtt,
  simulation: benchSimulation,
  xs: benchXs,
};

const HELP = `Measures, and prints each figure beside that of a peer from the same run.

  npm run bench -- dht22        how often a disturbed answer of the sensor is read right, and read wrong
  npm run bench -- mqtt         our codec and client beside mqtt-packet and MQTT.js, on a Mosquitto of its own
  npm run bench -- simulation   how many hours of a station pass in a second, beside the budget
  npm run bench -- dht22    how often a disturbed answer of the sensor is read right, and read wrong
  npm run bench -- mqtt     our codec and client beside mqtt-packet and MQTT.js, on a Mosquitto of its own
  npm run bench -- xs       what the core takes in a real XS engine, by the engine's own meter; the same in each run, and without a peer

  --frames N   answers in each model of disturbance (dht22; default: 3000000)
  --json       an array of {name, value, unit, peer, peerValue, ratio} instead of the table
  --help       this text

Progress goes to the standard error.
`;

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const [name = '', ...rest] = args.filter((arg) => arg !== '--json');
  const bench = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
  if (!bench) {
    const known = Object.keys(BENCHMARKS).join(', ');
    throw new UserError(`${JSON.stringify(name)} is no benchmark; known: ${known}.`, 'npm run bench -- dht22', EXIT_USAGE);
  }
  const figures = await bench(rest, (progress) => process.stderr.write(`${progress}\n`));
  process.stdout.write(args.includes('--json') ? `${JSON.stringify(figures)}\n` : `${formatTable(figures)}\n`);
  return 0;
}

await runProgram(main);
