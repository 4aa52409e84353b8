// Hours of outages in virtual time: the station on its own modules, against everything in the table of faults, seed by seed.

import { describe, it } from 'mocha';
import type { MqttVersion } from '../../firmware/station/version-choice.js';
import { FAULTY_MS, runOutages } from './outage-run.js';

const SEED_COUNT = 200;
/** Seeds that failed once, with what they showed. */
const REGRESSIONS: readonly (readonly [seed: number, found: string])[] = [
  [1850, 'a session that is kept, but without subscriptions, because a CONNACK was lost: offline for ever'],
  [817, 'a connection that is lost without a word at the very end: online is no proof of it'],
  [2596, 'a shutdown while an online was still due: online for ever'],
  [2029, 'noise that the checksum of the sensor lets through'],
];

/** Runs `seed`; a failure names the command that runs it again. */
function replay(seed: number, mqtt?: MqttVersion): void {
  try {
    runOutages(seed, mqtt);
  } catch (error) {
    const variables = `SIM_SEED=${seed}${mqtt ? ` SIM_MQTT=${mqtt}` : ''}`;
    const command = `${variables} npx mocha build/test/sim/outages.test.js`;
    throw new Error(`seed ${seed}: ${(error as Error).message}\n${command}`, { cause: error });
  }
}

describe('outages in virtual time', () => {
  const only = process.env['SIM_SEED'];
  if (only !== undefined) {
    it(`seed ${only}`, () => replay(Number(only), process.env['SIM_MQTT'] as MqttVersion | undefined));
    return;
  }
  for (const [seed, found] of REGRESSIONS) {
    for (const mqtt of ['3.1.1', 'auto'] as const) it(`seed ${seed}, MQTT ${mqtt}: ${found}`, () => replay(seed, mqtt));
  }
  it(`${SEED_COUNT} seeds of ${FAULTY_MS / 3_600_000} hours`, function () {
    // Half a minute of computing, on a machine that may have much else to do.
    this.timeout(600_000);
    for (let seed = 1; seed <= SEED_COUNT; seed++) replay(seed);
  });
});
