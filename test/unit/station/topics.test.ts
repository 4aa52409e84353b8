// Topics: from settings and room to what goes over the wire (design §3).

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { isTopicFilter, isTopicName } from '../../../firmware/mqtt/topic.js';
import { parseSettings } from '../../../firmware/station/settings.js';
import { buildTopics, equalBytes, isRoom, roomOf, TOPIC_LIMIT_BYTES, wildcardPart } from '../../../firmware/station/topics.js';

const QUANTITIES = ['temperature', 'humidity', 'readings', 'status', 'info', 'diagnostics'] as const;

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('topics', () => {
  it('are prefix, room and quantity', () => {
    const topics = buildTopics(parseSettings({}), 'salle 201');
    for (const quantity of QUANTITIES) assert.equal(textOf(topics[quantity]), `maison/salle 201/${quantity}`);
    assert.equal(textOf(topics.clock), 'maison/clock');
  });

  it('can feed the displays of an older installation', () => {
    const settings = parseSettings({ template: '/UPSSITECH/Weather_Station/{quantity}' });
    assert.equal(textOf(buildTopics(settings, 'r').temperature), '/UPSSITECH/Weather_Station/temperature');
  });

  it('take prefix and room as they are, whatever characters they hold', () => {
    // Braces and dollars mean something to templates and to string replacement.
    const character = fc.constantFrom('a', 'é', ' ', '{', '}', '$', '&', '{room}', '{prefix}', "$'", '$&', '$1');
    const name = fc.string({ unit: character, minLength: 1, maxLength: 6 }).filter((value) => isRoom(value));
    fc.assert(
      fc.property(name, name, (prefix, room) => {
        const topics = buildTopics({ ...parseSettings({}), prefix }, room);
        for (const quantity of QUANTITIES) assert.equal(textOf(topics[quantity]), `${prefix}/${room}/${quantity}`);
      }),
      {
        seed: 20_251_122,
        numRuns: 500,
        examples: [
          ['a', '{quantity}'],
          ['{room}', 'a'],
          ['{quantity}', '{prefix}'],
        ],
      },
    );
  });

  it('stay within their limit, and are topic names, at the limits of all settings', () => {
    const settings = parseSettings({
      prefix: 'p'.repeat(64),
      template: `{prefix}/{room}/{quantity}/${'t'.repeat(101)}`,
    });
    const { command, ...topics } = buildTopics(settings, 'r'.repeat(64));
    for (const topic of Object.values(topics) as Uint8Array[]) {
      assert.ok(topic.length <= TOPIC_LIMIT_BYTES);
      assert.ok(isTopicName(topic));
    }
    assert.ok(command.length + 'interval'.length - 1 <= TOPIC_LIMIT_BYTES);
    assert.ok(isTopicFilter(command));
  });
});

describe('room', () => {
  it('is as set, or made of the last four digits of the station', () => {
    assert.equal(roomOf(parseSettings({ room: 'Salle' }), 'a4cf12f0a1b2'), 'Salle');
    assert.equal(roomOf(parseSettings({}), 'a4cf12f0a1b2'), 'room-a1b2');
  });

  it('is one topic level', () => {
    for (const room of ['a', 'Salle 201', 'é'.repeat(32), 'a$']) assert.equal(isRoom(room), true, room);
    for (const room of ['', '/', 'a/b', '+', '#', '$a', 'a\0', '\udc00', 'é'.repeat(33)]) assert.equal(isRoom(room), false, room);
  });
});

describe('equalBytes', () => {
  it('compares bytes, and lengths', () => {
    const bytes = Uint8Array.of(1, 2);
    assert.equal(equalBytes(bytes, Uint8Array.of(1, 2)), true);
    for (const other of [[1, 3], [1], [1, 2, 3], []]) assert.equal(equalBytes(bytes, Uint8Array.from(other)), false);
  });
});

describe('commands', () => {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text));
  const part = (topic: string, filter: string) => {
    const found = wildcardPart(bytes(topic), bytes(filter));
    return found && Buffer.from(found).toString();
  };

  it('have their name where the filter has its wildcard', () => {
    assert.equal(part('maison/salon/command/room', 'maison/salon/command/+'), 'room');
    assert.equal(part('command/é/salon', 'command/+/salon'), 'é');
    assert.equal(part('maison/salon/command/', 'maison/salon/command/+'), '');
  });

  it('of another station have none', () => {
    for (const topic of ['maison/cuisine/command/room', 'maison/salon/status', 'maison', 'command/x/salon2', 'command/salon', '']) {
      assert.equal(part(topic, 'maison/salon/command/+'), undefined, topic);
      assert.equal(part(topic, 'command/+/salon'), undefined, topic);
    }
  });

  it('cannot be had where the template leaves no level for their name', () => {
    const commandOf = (template: string) => textOf(buildTopics({ ...parseSettings({}), template }, 'salon').command);
    assert.equal(commandOf('{room}/{quantity}'), 'salon/command/+');
    assert.equal(commandOf('{quantity}/{room}'), 'command/+/salon');
    assert.equal(commandOf('{room}-{quantity}'), 'salon-command/+');
    assert.equal(commandOf('{quantity}-{room}'), '');
  });
});
