// The lab's sketches say the same as the contract: their topics and payloads, read from their source.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { isTopicFilter } from '../../../firmware/mqtt/topic.js';
import { parseSettings } from '../../../firmware/station/settings.js';
import { buildTopics } from '../../../firmware/station/topics.js';

const { prefix, template } = parseSettings({});

const FOLDER = 'host-sim/exercises';

/** A constant of a sketch: `#define NAME …`, `const char NAME[] = …;` or `final String NAME = …;`. */
const CONSTANT = /^(?:#define (\w+) |(?:const char|final String) (\w+)(?:\[\])? = )([^;\n]*?)(?:;.*| +\/\/.*)?$/gm;

/** The texts that a sketch names, each joined of literals and of texts named before. */
function textsOf(source: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [, macro, variable, expression = ''] of source.matchAll(CONSTANT)) {
    const parts = expression.match(/"[^"]*"|\w+/g) ?? [];
    const text = parts.map((part) => (part.startsWith('"') ? part.slice(1, -1) : (texts.get(part) ?? '?'))).join('');
    texts.set((macro ?? variable) as string, text);
  }
  return texts;
}

/** How a language writes one decimal, with a point whatever the computer's language is. */
const ONE_DECIMAL: Readonly<Record<string, string>> = {
  'arduino/emitter/emitter.ino': 'String(celsius, 1)',
  'processing/emitter/emitter.pde': 'String.format(java.util.Locale.ROOT, "%.1f", celsius)',
};

describe('exercises: sketches', () => {
  for (const [file, oneDecimal] of Object.entries(ONE_DECIMAL)) {
    it(`${file} publishes as the contract says`, () => {
      const source = readFileSync(`${FOLDER}/${file}`, 'utf8');
      const texts = textsOf(source);
      const room = texts.get('ROOM') as string;
      const { temperature } = buildTopics({ prefix, template, room }, room);
      assert.equal(texts.get('TOPIC'), new TextDecoder().decode(temperature));
      assert.match(source, /client\.publish\(TOPIC, payload, (?:QOS, RETAINED|RETAINED, QOS)\)/);
      assert.equal(/String payload = (.*);/.exec(source)?.[1], oneDecimal);
    });
  }

  it('processing/averages/averages.pde subscribes to every room and finds the room in the topic', () => {
    const source = readFileSync(`${FOLDER}/processing/averages/averages.pde`, 'utf8');
    const filter = textsOf(source).get('FILTER') as string;
    assert.ok(isTopicFilter(new TextEncoder().encode(filter)));
    const topic = (room: string) => new TextDecoder().decode(buildTopics({ prefix, template, room }, room).temperature);
    assert.equal(filter, topic('ROOM').replace('ROOM', '+'));
    assert.match(source, /client\.subscribe\(FILTER, QOS\)/);
    const level = Number(/String room = split\(topic, '\/'\)\[(\d)\];/.exec(source)?.[1]);
    assert.equal(topic('salon').split('/')[level], 'salon');
  });

  it('keeps the secrets of the Arduino sketch out of the repository', () => {
    assert.match(readFileSync(`${FOLDER}/arduino/emitter/emitter.ino`, 'utf8'), /^#include "secrets\.h"$/m);
    assert.match(readFileSync('.gitignore', 'utf8'), /^secrets\.h$/m);
  });
});
