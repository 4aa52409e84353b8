// What the sandbox says of topics and filters: which rule is broken, and why a filter takes a topic or does not (MQTT §4.7).

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { isTopicFilter, isTopicName } from '../../../firmware/mqtt/topic.js';
import { encodeUtf8 } from '../../../firmware/mqtt/utf8.js';
import { explainMatch, filterFault, type Rule, topicFault } from '../../../host-sim/page/web/model/topic-rules.js';

describe('page: rules of filters and topics', () => {
  const filters: readonly (readonly [filter: string, rule: Rule | undefined, level: number])[] = [
    ['maison/+/temperature', undefined, -1],
    ['#', undefined, -1],
    ['+', undefined, -1],
    ['/', undefined, -1],
    ['maison/salon/#', undefined, -1],
    ['', 'empty', -1],
    ['maison/sal+/x', 'plus-not-alone', 1],
    ['maison/+salon', 'plus-not-alone', 1],
    ['maison/salon#', 'hash-not-alone', 1],
    ['maison/#/status', 'hash-not-last', 1],
    ['a\0/b', 'nul', 0],
    ['\ud800', 'not-unicode', -1],
    ['é'.repeat(32_768), 'too-long', -1],
  ];
  for (const [filter, rule, level] of filters) {
    it(`filter ${JSON.stringify(filter.slice(0, 30))}: ${rule ?? 'valid'}`, () => {
      const fault = filterFault(filter);
      assert.equal(fault?.rule, rule);
      if (fault) assert.equal(fault.level, level);
    });
  }

  it('a topic has no wildcards', () => {
    assert.deepEqual(topicFault('maison/+/x'), { rule: 'wildcard-in-topic', clause: 'MQTT-3.3.2-2', level: 1 });
    assert.equal(topicFault('maison/salon/temperature'), undefined);
  });

  // The firmware's own judge, written apart from this one, must come to the same.
  const levels = fc.array(fc.constantFrom('a', 'b', '', '+', '#', 'a+', '#b', '$x', 'é'), { minLength: 1, maxLength: 5 });
  it('agrees with the firmware on what is a filter and what is a topic', () => {
    fc.assert(
      fc.property(
        levels.map((parts) => parts.join('/')),
        (text) => {
          assert.equal(filterFault(text) === undefined, isTopicFilter(encodeUtf8(text)));
          assert.equal(topicFault(text) === undefined, isTopicName(encodeUtf8(text)));
        },
      ),
    );
  });
});

describe('page: why a filter takes a topic', () => {
  const rows: readonly (readonly [filter: string, topic: string, verdicts: string, decidedAt: number])[] = [
    ['maison/+/temperature', 'maison/salon/temperature', 'same plus same', -1],
    ['maison/+/temperature', 'maison/salon/humidity', 'same plus differs', 2],
    ['maison/+/temperature', 'maison/temperature', 'same plus missing', 2],
    ['maison/+', 'maison/salon/temperature', 'same plus extra', 2],
    ['maison/salon/#', 'maison/salon/a/b', 'same same hash', -1],
    ['maison/#', 'maison', 'same hash', -1],
    ['+', '', 'plus', -1],
    ['+/+', '/x', 'plus plus', -1],
    ['maison/salon', 'maison/Salon', 'same differs', 1],
    ['#', '$SYS/uptime', 'hash', 0],
    ['+/uptime', '$SYS/uptime', 'plus same', 0],
    ['$SYS/#', '$SYS/uptime', 'same hash', -1],
  ];
  for (const [filter, topic, verdicts, decidedAt] of rows) {
    it(`${filter} and ${JSON.stringify(topic)}: ${decidedAt < 0 ? 'taken' : `left at level ${decidedAt + 1}`}`, () => {
      const match = explainMatch(filter, topic);
      assert.equal(match.levels.map(({ verdict }) => verdict).join(' '), verdicts);
      assert.equal(match.decidedAt, decidedAt);
      assert.equal(match.isMatch, decidedAt < 0);
    });
  }
});
