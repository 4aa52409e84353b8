// The picture of travelling messages: what comes from where, what is counted, and what is bounded.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { BrokerEvent } from '../../../host-sim/page/api.js';
import { Flow, OTHER_SENDERS, OTHER_TOPICS, SENDERS_SHOWN, TOPICS_SHOWN } from '../../../host-sim/page/web/model/flow.js';

const message = { topic: 'maison/salon/temperature', qos: 1, retain: false, payload: '21.4', bytes: 4 } as const;
const publish = (client: string, id = 1, more: object = {}): BrokerEvent => ({
  at: 0,
  client,
  kind: 'publish',
  id,
  dup: false,
  ...message,
  ...more,
});
const delivery = (client: string, id = 1, more: object = {}): BrokerEvent => ({
  at: 0,
  client,
  kind: 'delivery',
  id,
  dup: false,
  ...message,
  ...more,
});
const puback = (client: string, from: 'client' | 'broker', id = 1): BrokerEvent => ({
  at: 0,
  client,
  kind: 'ack',
  packet: 'puback',
  from,
  id,
});

const TOPIC = 'topic/maison/+/temperature';

describe('page: flow', () => {
  it('sends a message from its client over its topic to who listens, and acknowledgements back', () => {
    const flow = new Flow('maison');
    flow.takeClients([{ client: 'ears', protocol: '5', subscriptions: [{ filter: '#', qos: 1 }] }]);
    const travels = flow.take([publish('salon'), puback('salon', 'broker'), delivery('ears', 7), puback('ears', 'client', 7)], 0);
    assert.deepEqual(
      travels.map(({ kind, from, to, label, afterHops }) => [kind, from, to, label, afterHops]),
      [
        ['publish', 'client/salon', TOPIC, '21.4', 0],
        ['ack', TOPIC, 'client/salon', '', 1],
        ['delivery', TOPIC, 'client/ears', '21.4', 1],
        ['ack', 'client/ears', TOPIC, '', 2],
      ],
    );
    assert.deepEqual(
      flow.listeners().map(({ client }) => client),
      ['ears'],
    );
    assert.deepEqual(
      flow.senders().map(({ client }) => client),
      ['salon'],
    );
  });

  it('tells redelivered, retained and last-will messages apart', () => {
    const flow = new Flow('maison');
    const will: BrokerEvent = {
      at: 0,
      client: 'salon',
      kind: 'will',
      ...message,
      topic: 'maison/salon/status',
      payload: 'offline',
    };
    const events = [
      publish('salon', 1, { dup: true }),
      delivery('ears', 2, { retain: true }),
      delivery('ears', 3, { dup: true }),
      will,
    ];
    assert.deepEqual(
      flow.take(events, 0).map(({ kind }) => kind),
      ['duplicate', 'retained', 'duplicate', 'will'],
    );
    assert.deepEqual(flow.counts, { publish: 0, delivery: 0, ack: 0, duplicate: 2, retained: 1, will: 1 });
  });

  it('follows one room alone, with its acknowledgements', () => {
    const flow = new Flow('maison');
    const events = [
      publish('a', 1),
      publish('b', 1, { topic: 'maison/bureau/temperature' }),
      puback('a', 'broker'),
      puback('b', 'broker'),
    ];
    assert.deepEqual(
      flow.take(events, 0, 'salon').map(({ kind, from }) => [kind, from]),
      [
        ['publish', 'client/a'],
        ['ack', TOPIC],
      ],
    );
    assert.equal(flow.journal.length, 2);
  });

  it('writes the rooms of a topic as +, but not other topics', () => {
    const flow = new Flow('maison');
    assert.equal(flow.groupOf('maison/salon/temperature'), 'maison/+/temperature');
    assert.equal(flow.groupOf('maison/clock'), 'maison/clock');
    assert.equal(flow.groupOf('/UPSSITECH/Weather_Station/temperature'), '/UPSSITECH/Weather_Station/temperature');
  });

  it('has few nodes, however many clients and topics there are, and a bounded memory', () => {
    const flow = new Flow('maison');
    for (let index = 0; index < 1_000; index++) flow.take([publish(`c${index}`, index, { topic: `t/${index}` })], 1);
    assert.ok(flow.clients.size <= 300);
    assert.ok(flow.journal.length <= 200);
    assert.equal(flow.topics.length, TOPICS_SHOWN);
    assert.equal(flow.lostCount, 1_000);
    const [travel] = flow.take([publish('c999', 1, { topic: 't/999' })], 0);
    assert.deepEqual([travel?.from, travel?.to], [OTHER_SENDERS, OTHER_TOPICS]);
    assert.ok(flow.senders().length > SENDERS_SHOWN);
  });
});
