// Which topics belong to which room, for the usual template and for others, and which filters cover them.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { RoomTopics } from '../../../host-sim/page/record/topics.js';

const usual = { prefix: 'maison', template: '{prefix}/{room}/{quantity}', maps: [] };

describe('page: topics of rooms', () => {
  const rows: readonly (readonly [topic: string, expected: object | undefined])[] = [
    ['maison/salon/temperature', { room: 'salon', quantity: 'temperature' }],
    ['maison/salon/readings', { room: 'salon', quantity: 'readings' }],
    ['maison/<b>/humidity', { room: '<b>', quantity: 'humidity' }],
    ['maison/salon/info', { room: 'salon', quantity: 'info' }],
    ['maison/salon/status', undefined],
    ['maison//temperature', undefined],
    ['maison/salon/temperature/raw', undefined],
    ['maison/a/b/temperature', undefined],
    ['Maison/salon/temperature', undefined],
    ['maison/clock', undefined],
    ['homeassistant/device/a4cf12f0a1b2/config', undefined],
  ];
  for (const [topic, expected] of rows) {
    it(`${topic} is ${JSON.stringify(expected)}`, () => assert.deepEqual(new RoomTopics(usual).parse(topic), expected));
  }

  it('takes a prefix that looks like a pattern for what it is', () => {
    const topics = new RoomTopics({ ...usual, prefix: 'a.c/(x)' });
    assert.deepEqual(topics.parse('a.c/(x)/salon/humidity'), { room: 'salon', quantity: 'humidity' });
    assert.equal(topics.parse('abc/(x)/salon/humidity'), undefined);
  });

  it('follows a template that puts room and quantity elsewhere', () => {
    const topics = new RoomTopics({ ...usual, template: 'ecole/{quantity}/of-{room}' });
    assert.deepEqual(topics.parse('ecole/temperature/of-salon'), { room: 'salon', quantity: 'temperature' });
    assert.ok(topics.filters.includes('ecole/temperature/+'));
    assert.equal(topics.of('salon', 'mean'), 'ecole/mean/of-salon');
  });

  it('maps the topics of another publisher to a room', () => {
    const map = { template: '/UPSSITECH/Weather_Station/{quantity}', room: 'upssitech' };
    const topics = new RoomTopics({ ...usual, maps: [map] });
    assert.deepEqual(topics.parse('/UPSSITECH/Weather_Station/temperature'), { room: 'upssitech', quantity: 'temperature' });
    assert.equal(topics.parse('/UPSSITECH/Weather_Station/readings'), undefined);
    const mapped = ['/UPSSITECH/Weather_Station/temperature', '/UPSSITECH/Weather_Station/humidity'];
    assert.deepEqual(topics.mappedTo('upssitech'), mapped);
    assert.deepEqual(topics.filters.slice(-2), mapped);
  });

  it('has one filter for each quantity', () => {
    const expected = ['temperature', 'humidity', 'readings', 'info'].map((quantity) => `maison/+/${quantity}`);
    assert.deepEqual(new RoomTopics(usual).filters, expected);
  });
});
