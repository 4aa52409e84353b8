// The language of the terminal view, and how it writes numbers.

import assert from 'node:assert/strict';
import { english, french, wordsFor } from '../../../host-sim/view/words.js';

describe('the words of the terminal view', () => {
  const rows: [NodeJS.ProcessEnv, typeof english, string][] = [
    [{}, english, 'no locale'],
    [{ LANG: 'C.UTF-8' }, english, 'the C locale'],
    [{ LANG: 'fr_FR.UTF-8' }, french, 'French'],
    [{ LANG: 'fr' }, french, 'the bare language'],
    [{ LANG: 'fr-CA' }, french, 'a tag as Windows writes it'],
    [{ LANG: 'fry_NL' }, english, 'another language that starts with fr'],
    [{ LC_ALL: 'en_GB', LANG: 'fr_FR' }, english, 'LC_ALL before LANG'],
    [{ LC_MESSAGES: 'fr_FR', LANG: 'en_GB' }, french, 'LC_MESSAGES before LANG'],
    [{ LC_ALL: '', LANG: 'fr_FR' }, french, 'an empty variable is none'],
  ];
  for (const [environment, expected, reason] of rows) {
    it(`are ${expected === french ? 'French' : 'English'}: ${reason}`, () => assert.equal(wordsFor(environment), expected));
  }

  it('write one decimal, and no negative zero', () => {
    assert.deepEqual([21.44, -0.04, 0, -12.3, 100].map(english.decimal), ['21.4', '0.0', '0.0', '-12.3', '100.0']);
    assert.deepEqual([21.44, -0.04].map(french.decimal), ['21,4', '0,0']);
  });

  it('write durations in their largest whole unit', () => {
    const seconds = [0, 59.9, 60, 3599, 3600, 86_399, 86_400];
    assert.deepEqual(seconds.map(english.duration), ['0 s', '59 s', '1 min', '59 min', '1 h', '23 h', '1 d']);
    assert.equal(french.duration(86_400), '1 j');
  });

  it('know singular and plural', () => {
    assert.match(english.ending(1), /1 buffered reading…/);
    assert.match(english.ending(0), /0 buffered readings…/);
    assert.match(french.ending(0), /0 mesure en attente…/);
    assert.match(french.ending(2), /2 mesures en attente…/);
    assert.equal(english.houseMean(1, 1), 'mean of 1 room, last 60 s');
  });
});
