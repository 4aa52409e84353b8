// Which version of MQTT is tried when.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type MqttVersion, VersionChoice } from '../../../firmware/station/version-choice.js';

/** The levels of one attempt after the other, each of which ends as `outcomes` say. */
function levels(version: MqttVersion, ...outcomes: (number | 'accepted' | 'closed')[]): number[] {
  const choice = new VersionChoice(version);
  const tried = outcomes.map((outcome) => {
    const { level } = choice;
    if (outcome === 'accepted') choice.accepted();
    else if (outcome === 'closed') choice.closedUnanswered();
    else choice.refused(outcome);
    return level;
  });
  return [...tried, choice.level];
}

describe('version choice', () => {
  it('tries 5 first, and stays with it when it is accepted', () => {
    assert.deepEqual(levels('auto', 'accepted', 'accepted'), [5, 5, 5]);
  });

  for (const [story, outcome] of [
    ['refuses it as MQTT 5 does', 0x84],
    ['refuses it as 3.1.1 does', 1],
    ['closes without a byte', 'closed'],
  ] as const) {
    it(`tries 3.1.1 next when the broker ${story}, and stays with it when it is accepted`, () => {
      assert.deepEqual(levels('auto', outcome, 'accepted', 'closed', 'closed'), [5, 4, 4, 4, 4]);
    });

    it(`tries 5 again when the broker ${story}, and then refuses 3.1.1 too`, () => {
      assert.deepEqual(levels('auto', outcome, outcome, outcome), [5, 4, 5, 4]);
    });
  }

  it('stays with 5 when a broker that has accepted it closes without a byte: it is out of order', () => {
    assert.deepEqual(levels('auto', 'accepted', 'closed', 'closed'), [5, 5, 5, 5]);
  });

  it('goes back to 5, and to 3.1.1, when another broker is there that says so', () => {
    assert.deepEqual(levels('auto', 'accepted', 0x84, 'accepted', 1, 'accepted'), [5, 5, 4, 4, 5, 5]);
  });

  it('does not change for a login that is refused, or a broker that is busy', () => {
    assert.deepEqual(levels('auto', 4, 0x86, 0x88, 3), [5, 5, 5, 5, 5]);
  });

  it('does not change what a setting forces', () => {
    assert.deepEqual(levels('5', 1, 0x84, 'closed'), [5, 5, 5, 5]);
    assert.deepEqual(levels('3.1.1', 1, 0x84, 'closed'), [4, 4, 4, 4]);
  });

  it('knows whether both versions were refused', () => {
    const choice = new VersionChoice('auto');
    const seen = [choice.isFirstWithOther];
    for (let refusal = 0; refusal < 3; refusal++) {
      choice.refused(1);
      seen.push(choice.isFirstWithOther);
    }
    choice.accepted();
    choice.refused(1);
    assert.deepEqual([...seen, choice.isFirstWithOther], [false, true, false, false, true]);
  });
});
