// Boards that should be one, or should be two: when a warning comes, and when it goes.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Twins } from '../../../host-sim/page/record/twins.js';

describe('page: boards that are one too many', () => {
  const kinds = (twins: Twins, room: string, now: number) => {
    return (twins.survey(now, () => 10).get(room)?.warnings ?? []).map(({ kind }) => kind);
  };

  it('a board that starts again is one board', () => {
    const twins = new Twins();
    twins.see('salon', 'a', 1, 0);
    twins.see('salon', 'a', 2, 10);
    assert.deepEqual(kinds(twins, 'salon', 10), []);
  });

  it('two boots in turns are two boards, until one of them stays', () => {
    const twins = new Twins();
    for (const [boot, time] of [
      [1, 0],
      [2, 1],
      [1, 10],
      [2, 11],
    ] as const)
      twins.see('salon', 'a', boot, time);
    assert.deepEqual(kinds(twins, 'salon', 11), ['same-identity']);
    for (const time of [20, 30, 40, 50]) twins.see('salon', 'a', 2, time);
    assert.deepEqual(kinds(twins, 'salon', 50), []);
  });

  it('a board that took the place of another is no second one for long', () => {
    const twins = new Twins();
    twins.see('salon', 'a', 1, 0);
    twins.see('salon', 'b', 1, 20);
    assert.deepEqual(kinds(twins, 'salon', 30), ['two-stations']);
    assert.deepEqual(kinds(twins, 'salon', 31), []);
  });

  it('a room that was forgotten has no boards', () => {
    const twins = new Twins();
    twins.see('salon', 'a', 1, 0);
    twins.see('bureau', 'a', 1, 0);
    assert.deepEqual(kinds(twins, 'bureau', 0), ['two-rooms']);
    twins.forget('salon');
    assert.deepEqual(kinds(twins, 'bureau', 0), []);
  });
});
