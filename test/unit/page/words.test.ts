// How the page writes numbers, durations and plurals in its two languages.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { english } from '../../../host-sim/page/web/words/english.js';
import { french } from '../../../host-sim/page/web/words/french.js';

describe('page: words', () => {
  it('write one decimal, and no negative zero', () => {
    assert.deepEqual([21.44, -0.04, -12.3].map(english.format.decimal), ['21.4', '0.0', '-12.3']);
    assert.deepEqual([21.44, -0.04].map(french.format.decimal), ['21,4', '0,0']);
    assert.deepEqual([0.04, 1, -1].map(english.format.change), ['0.0', '+1.0', '-1.0']);
  });

  it('write how long ago in the largest whole unit', () => {
    assert.deepEqual([3, 59.9, 60, 7200].map(french.format.age), ['il y a 3 s', 'il y a 59 s', 'il y a 1 min', 'il y a 2 h']);
    assert.equal(english.format.age(200_000), '2 d ago');
  });

  it('know singular and plural, and that zero is singular in French', () => {
    assert.deepEqual([0, 1, 2].map(english.rooms.buffered), ['0 readings buffered', '1 reading buffered', '2 readings buffered']);
    assert.deepEqual([0, 1, 2].map(french.rooms.buffered), ['0 mesure en attente', '1 mesure en attente', '2 mesures en attente']);
  });

  it('say how many bytes', () =>
    assert.deepEqual(
      [12, 1 << 20].map(french.format.bytes),
      ['12 o', '1 024,0 ko'].map((text) => text.replace('1 024', '1\u202f024')),
    ));
});
