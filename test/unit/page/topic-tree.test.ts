// The tree of topics: counts, retained messages, and its bounds.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Message } from '../../../host-sim/page/web/model/message.js';
import { TOPICS_MAXIMUM, type TopicNode, TopicTree } from '../../../host-sim/page/web/model/topic-tree.js';

function message(topic: string, payload = 'x', more: Partial<Message> = {}): Message {
  const encoded = new TextEncoder().encode(payload);
  return { topic, payload: encoded, bytes: encoded.length, qos: 1, isRetained: false, isDuplicate: false, ...more };
}

function node(tree: TopicTree, topic: string): TopicNode {
  let at: TopicNode | undefined = tree.root;
  for (const level of topic.split('/')) at = at?.children.get(level);
  assert.ok(at, topic);
  return at;
}

describe('page: tree of topics', () => {
  it('counts messages on a topic and below it, and topics', () => {
    const tree = new TopicTree();
    for (const topic of ['a/b', 'a/b', 'a/c', 'a']) tree.take(message(topic), 0);
    assert.deepEqual(
      { ...node(tree, 'a'), children: undefined, last: undefined },
      { topic: 'a', level: 'a', children: undefined, last: undefined, count: 1, topics: 3, messages: 4 },
    );
    assert.equal(node(tree, 'a/b').count, 2);
    assert.deepEqual(tree.topics(10), ['a', 'a/b', 'a/c']);
    assert.deepEqual(tree.topics(2), ['a', 'a/b']);
  });

  it('takes what the broker had kept for no news, where the topic is known', () => {
    const tree = new TopicTree();
    tree.take(message('a', 'live'), 0);
    tree.take(message('a', 'kept', { isRetained: true }), 0);
    const { last, count } = node(tree, 'a');
    assert.deepEqual([last?.text, last?.isRetained, count], ['live', true, 1]);
  });

  it('knows what is retained until an empty message clears it', () => {
    const tree = new TopicTree();
    tree.take(message('a', '1', { isRetained: true }), 0);
    tree.take(message('a', '2'), 0);
    assert.deepEqual([node(tree, 'a').last?.text, node(tree, 'a').last?.isRetained], ['2', true]);
    tree.take(message('a', ''), 0);
    assert.equal(node(tree, 'a').last?.isRetained, false);
  });

  it('keeps empty levels apart', () => {
    const tree = new TopicTree();
    tree.take(message('/a'), 0);
    tree.take(message('a'), 0);
    assert.deepEqual(tree.topics(10), ['/a', 'a']);
  });

  it('takes no more topics than its maximum, counts the others, and goes on with those that it knows', () => {
    const tree = new TopicTree();
    for (let index = 0; index < TOPICS_MAXIMUM + 5; index++) tree.take(message(`t/${index}`), 0);
    tree.take(message('t/0'), 0);
    assert.deepEqual([tree.size, tree.ignoredCount, node(tree, 't/0').count], [TOPICS_MAXIMUM, 5, 2]);
    tree.take(message('a/'.repeat(5_000)), 0);
    assert.equal(tree.ignoredCount, 6);
  });
});
