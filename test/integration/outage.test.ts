// The proof, on real input: whatever happens between station and a real Mosquitto, every reading arrives, once it can, in
// order and right. The rooms run at the same time; then each claim is judged over what was recorded.

import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { SCENARIOS, type Scenario } from './outage-scenarios.js';
import { CHECKERS, findStatusFaults } from './support/checkers.js';
import { describeWithMosquitto } from './support/mosquitto.js';
import type { RoomRecord } from './support/record.js';
import { Room } from './support/room.js';
import { readWire } from './support/wire-story.js';
import { World } from './support/world.js';

/** Another seed gives another climate. */
const SEED = Number(process.env['SEED'] ?? 20_250_901);

const REPLAY = `replay: SEED=${SEED} npx mocha build/test/integration/outage.test.js`;

const SCENARIOS_LIMIT_MS = 180_000;

type Version = '5' | '3.1.1';

for (const mqtt of ['5', '3.1.1'] as const) {
  describeWithMosquitto(`integration: outages, with a real Mosquitto and MQTT ${mqtt}`, () => proveOutages(mqtt));
}

function proveOutages(mqtt: Version): void {
  let outcomes: readonly PromiseSettledResult<RoomRecord>[] = [];

  before('runs all rooms at the same time', async function () {
    this.timeout(SCENARIOS_LIMIT_MS);
    outcomes = await runAll(mqtt);
  });

  for (const [index, scenario] of SCENARIOS.entries()) {
    describe(`${scenario.title}: the room`, () => judge(scenario, () => recordOf(outcomes[index])));
  }
}

function judge(scenario: Scenario, record: () => RoomRecord): void {
  for (const { claim, findFaults } of CHECKERS) {
    it(claim, () => assertNone(findFaults(record())));
  }
  it(`is heard as ${scenario.statuses.join(', ')}`, () => assertNone(findStatusFaults(record(), scenario.statuses)));
  for (const { title, happened } of scenario.events) {
    it(`was tried: ${title}`, () => assert.ok(happened(record(), readWire(record())), `it did not happen; ${REPLAY}`));
  }
}

function assertNone(faults: readonly string[]): void {
  assert.ok(faults.length === 0, `${REPLAY}\n  ${faults.join('\n  ')}`);
}

function recordOf(outcome: PromiseSettledResult<RoomRecord> | undefined): RoomRecord {
  if (outcome?.status === 'fulfilled') return outcome.value;
  throw outcome?.reason ?? new Error('the room did not run');
}

async function runAll(mqtt: Version): Promise<PromiseSettledResult<RoomRecord>[]> {
  const shared = await World.start();
  try {
    return await Promise.allSettled(SCENARIOS.map((scenario, index) => run(scenario, index, shared, mqtt)));
  } finally {
    await shared.remove();
  }
}

async function run(scenario: Scenario, index: number, shared: World, mqtt: Version): Promise<RoomRecord> {
  if (!scenario.killsBroker) return runIn(shared, scenario, index, mqtt);
  const own = await World.start();
  try {
    return await runIn(own, scenario, index, mqtt);
  } finally {
    await own.remove();
  }
}

async function runIn(world: World, scenario: Scenario, index: number, mqtt: Version): Promise<RoomRecord> {
  const station = `0200000000${index.toString(16).padStart(2, '0')}`;
  const room = await Room.start({ room: scenario.room, station, seed: SEED, chop: scenario.chop, mqtt, world });
  try {
    await scenario.run(room, world);
    return await room.end();
  } finally {
    room.abort();
  }
}
