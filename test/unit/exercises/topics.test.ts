// The rules of topics that the lab's programs name: the same that our stations keep.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { isTopicFilter, isTopicName } from '../../../firmware/mqtt/topic.js';
import { isPrefix, isRoom } from '../../../firmware/station/topics.js';
import { filterProblem, prefixProblem, roomProblem, topicProblem } from '../../../host-sim/exercises/topics.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Texts that are often nearly right: few characters, most of which mean something. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'é', '/', '+', '#', '$', '\0', '\u20ac') }),
  fc.string({ unit: 'grapheme', maxLength: 70 }),
  fc.nat({ max: 70 }).map((length) => 'x'.repeat(length)),
);

describe('exercises: rules of topics', () => {
  const RULES: readonly (readonly [
    name: string,
    problem: (text: string) => string | undefined,
    isAllowed: (text: string) => boolean,
  ])[] = [
    ['room', roomProblem, isRoom],
    ['prefix', prefixProblem, isPrefix],
    ['topic', topicProblem, (topic) => isTopicName(bytesOf(topic))],
    ['filter', filterProblem, (filter) => isTopicFilter(bytesOf(filter))],
  ];
  for (const [name, problem, isAllowed] of RULES) {
    it(`${name}: what the stations allow, and nothing else`, () => {
      fc.assert(fc.property(text, (given) => assert.equal(problem(given) === undefined, isAllowed(given), problem(given))));
      for (const length of [65_535, 65_536]) {
        assert.equal(problem('x'.repeat(length)) === undefined, isAllowed('x'.repeat(length)), `${length} bytes`);
      }
    });
  }
});
