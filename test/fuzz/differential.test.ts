// Encoder and parser against mqtt-packet, an independent implementation, and against the rules of both specifications: fixed seeds.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { MQTT_3_1_1, MQTT_5 } from '../../firmware/mqtt/protocol.js';
import type { SessionFailure } from '../../firmware/mqtt/session-options.js';
import { decodingChecks } from './decoding.js';
import { encodingChecks } from './encoding.js';
import { RULES, type Rule } from './rules.js';
import { CLOSING_VIOLATIONS, sessionEndCheck } from './session-end.js';
import { garbageCheck, verdictCheck } from './verdict.js';

const SEED = 20_251_122;
const COUNT = 500;
/** So many that each rule is met. */
const BROKEN_PACKETS = 30_000;
/** So many that each reason is given. */
const SCENES = 5_000;

for (const level of [MQTT_3_1_1, MQTT_5] as const) {
  describe(`differential, level ${level}: what we write, mqtt-packet reads`, () => {
    for (const { name, run } of encodingChecks(level)) it(name, () => run(SEED, COUNT));
  });

  describe(`differential, level ${level}: what mqtt-packet writes, we read`, () => {
    for (const { name, run } of decodingChecks(level)) it(name, () => run(SEED, COUNT));
  });
}

describe('differential: broken packets', () => {
  it('get the verdict of the rules, and mqtt-packet does as they say; no rule is without a packet', function () {
    this.timeout(120_000);
    const met = new Map<Rule, number>(RULES.map((rule) => [rule, 0]));
    verdictCheck((rule) => met.set(rule, (met.get(rule) as number) + 1)).run(SEED, BROKEN_PACKETS);
    for (const [{ packet, peer }, count] of met) assert.ok(count > 0, `nothing that mqtt-packet ${peer}: ${packet}`);
  });

  it('never throws at garbage, and says the same however it is cut', () => garbageCheck().run(SEED, COUNT));
});

describe('differential: sessions with a server that breaks the rules', () => {
  it('end when they must, with the reason that they must give, and go on; each reason is given', function () {
    this.timeout(120_000);
    const given = new Set<SessionFailure | undefined>();
    sessionEndCheck((failure) => given.add(failure)).run(SEED, SCENES);
    assert.deepEqual(
      CLOSING_VIOLATIONS.filter((violation) => !given.has(violation)),
      [],
    );
  });
});
