// Runs the MQTT vectors: generated as they stand, parsed as they stand, and parsed when cut anywhere.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ContractError } from '../../firmware/errors.js';
import { packetLength } from '../../firmware/mqtt/encode.js';
import { encodePublish, publishRemainingLength } from '../../firmware/mqtt/encode-publish.js';
import { OutputBuffer } from '../../firmware/mqtt/output.js';
import { Parser } from '../../firmware/mqtt/parser.js';
import { MQTT_3_1_1, MQTT_5, type ProtocolLevel } from '../../firmware/mqtt/protocol.js';
import type { ProtocolViolation } from '../../firmware/mqtt/reason.js';
import { isSharedFilter, isTopicFilter, isTopicName, matches } from '../../firmware/mqtt/topic.js';
import { encodeUtf8, isUtf8, utf8Length } from '../../firmware/mqtt/utf8.js';
import { hex, toHex } from './hex.js';
import { MALFORMED_VECTORS, type MalformedVector, PACKET_VECTORS, type PacketVector, VECTOR_CAPACITY } from './mqtt-vectors.js';
import { MALFORMED_VECTORS_5, PACKET_VECTORS_5 } from './mqtt5-vectors.js';
import { cuts, PacketLog, parsePieces } from './packet-log.js';

const PINGREQ = 'c000';
const PINGRESP = hex('d0 00');

/** The vectors of each version. */
const VERSIONS: readonly (readonly [
  level: ProtocolLevel,
  packets: readonly PacketVector[],
  malformed: readonly MalformedVector[],
])[] = [
  [MQTT_3_1_1, PACKET_VECTORS, MALFORMED_VECTORS],
  [MQTT_5, PACKET_VECTORS_5, MALFORMED_VECTORS_5],
];

for (const [level, packets, malformed] of VERSIONS) {
  const parse = (pieces: readonly Uint8Array[], takesPieces = true) => parsePieces(pieces, VECTOR_CAPACITY, level, takesPieces);

  describe(`MQTT vectors, level ${level}`, () => {
    for (const { reason, clause, bytes: text, encode, events } of packets) {
      const bytes = hex(text);
      if (encode) {
        it(`generates: ${reason} (${clause})`, () => {
          const output = new OutputBuffer(bytes.length);
          assert.equal(encode(output), true);
          assert.equal(toHex(output.peek(bytes.length)), toHex(bytes));
          assert.equal(output.free, 0);
        });

        it(`writes nothing where one byte is missing: ${reason}`, () => {
          const output = new OutputBuffer(bytes.length - 1);
          assert.equal(encode(output), false);
          assert.equal(output.length, 0);
        });

        it(`generates behind what is pending, when the front was taken: ${reason}`, () => {
          const output = new OutputBuffer(bytes.length + 2);
          output.reserve(4);
          for (const byte of hex(PINGREQ + PINGREQ)) output.writeByte(byte);
          output.consume(2);
          assert.equal(encode(output), true);
          assert.equal(toHex(output.peek(output.length)), PINGREQ + toHex(bytes));
        });
      }
      if (events) {
        it(`parses, cut anywhere: ${reason} (${clause})`, () => {
          for (const pieces of cuts(bytes)) assert.deepEqual(parse(pieces), { events, violation: undefined });
        });
      }
    }

    it('parses all of them as one stream, byte by byte', () => {
      const parsed = packets.filter((vector) => vector.events);
      const stream = hex(parsed.map(({ bytes }) => bytes).join(''));
      const events = parsed.flatMap((vector) => vector.events ?? []);
      const pieces = Array.from(stream, (byte) => Uint8Array.of(byte));
      assert.deepEqual(parse(pieces), { events, violation: undefined });
    });
  });

  describe(`MQTT vectors, level ${level}: malformed`, () => {
    for (const { reason, clause, bytes, violation, refusesPieces } of malformed) {
      it(`${violation}: ${reason} (${clause})`, () => {
        // A good packet behind the bad one is not looked at: the connection is over ([MQTT-4.8.0-1]).
        const stream = new Uint8Array([...hex(bytes), ...PINGRESP]);
        for (const pieces of cuts(stream)) assert.deepEqual(parse(pieces, !refusesPieces), { events: [], violation });
      });
    }
  });
}

describe('MQTT vectors: all', () => {
  it('have a row for each violation', () => {
    const all: Record<ProtocolViolation, true> = {
      'reserved-flags': true,
      'unexpected-packet-type': true,
      'malformed-remaining-length': true,
      'wrong-length': true,
      'packet-too-large': true,
      'reserved-bits': true,
      'reserved-reason-code': true,
      'invalid-qos': true,
      'invalid-topic': true,
      'malformed-string': true,
      'packet-id-zero': true,
      'malformed-property': true,
      'duplicate-property': true,
      'invalid-property-value': true,
      'topic-alias': true,
      'authentication-not-asked': true,
    };
    const rows = [...MALFORMED_VECTORS, ...MALFORMED_VECTORS_5];
    assert.deepEqual(new Set(rows.map(({ violation }) => violation)), new Set(Object.keys(all)));
  });

  it('a reset makes the parser ready for the next connection, in whatever state the last one left it', () => {
    const leftovers = ['20', '30 80', '30 05 0001', `30 50 0001 61 ${'61'.repeat(70)}`, '21'];
    for (const leftover of leftovers) {
      const log = new PacketLog();
      const parser = new Parser({ capacity: VECTOR_CAPACITY, takesPieces: false }, log);
      parser.reset(MQTT_3_1_1);
      parser.push(hex(leftover));
      parser.reset(MQTT_3_1_1);
      assert.equal(parser.push(hex('40 02 0001')), undefined, leftover);
      assert.deepEqual(log.events, [{ type: 'puback', packetId: 1, reasonCode: 0 }], leftover);
    }
  });
});

describe('output buffer', () => {
  it('refuses to be filled or emptied beyond its limits', () => {
    const output = new OutputBuffer(4);
    assert.equal(output.reserve(5), false);
    assert.throws(() => output.consume(1), ContractError);
  });

  it('holds no packet whose remaining length has five bytes (§2.2.3)', () => {
    const message = {
      topic: encodeUtf8('a'),
      payload: new Uint8Array(0),
      payloadLength: 268_435_453,
      qos: 0,
      retain: false,
    } as const;
    assert.equal(packetLength(publishRemainingLength(message, MQTT_3_1_1)), Number.POSITIVE_INFINITY);
    assert.equal(packetLength(publishRemainingLength({ ...message, payloadLength: 268_435_452 }, MQTT_3_1_1)), 1 + 4 + 268_435_455);
    assert.equal(encodePublish(new OutputBuffer(16), message, 0, false, MQTT_3_1_1), false);
  });

  it('writes remaining lengths of each size at their limits (§2.2.3, table 2.4)', () => {
    const limits: readonly (readonly [remainingLength: number, bytes: string])[] = [
      [127, '7f'],
      [128, '8001'],
      [16_383, 'ff7f'],
      [16_384, '808001'],
      [2_097_151, 'ffff7f'],
      [2_097_152, '80808001'],
      [268_435_455, 'ffffff7f'],
    ];
    const output = new OutputBuffer(4);
    for (const [remainingLength, bytes] of limits) {
      output.writeVariableLength(remainingLength);
      assert.equal(toHex(output.peek(4)), bytes);
      output.clear();
    }
  });
});

describe('UTF-8', () => {
  it('agrees with Node on every character that MQTT allows', () => {
    for (let code = 1; code <= 0x10ffff; code += code < 0x3000 ? 1 : 97) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const text = String.fromCodePoint(code);
      const bytes = encodeUtf8(text);
      assert.deepEqual(bytes, new Uint8Array(Buffer.from(text)), text);
      assert.equal(isUtf8(bytes, 0, bytes.length), true, text);
    }
  });

  for (const [name, text] of [
    ['NUL [MQTT-1.5.3-2]', 'a\0b'],
    ['a high surrogate alone [MQTT-1.5.3-1]', 'a\ud83c'],
    ['a low surrogate alone [MQTT-1.5.3-1]', '\udf21b'],
    ['surrogates in the wrong order [MQTT-1.5.3-1]', '\udf21\ud83c'],
  ] as const) {
    it(`does not write ${name}`, () => {
      assert.throws(() => utf8Length(text), ContractError);
      assert.throws(() => encodeUtf8(text), ContractError);
    });
  }

  it('looks only at the bytes that it is asked about', () => {
    const bytes = hex('ff e282ac ff');
    assert.equal(isUtf8(bytes, 1, 4), true);
    assert.equal(isUtf8(bytes, 1, 3), false);
    assert.equal(isUtf8(bytes, 1, 5), false);
    assert.equal(isUtf8(bytes, 2, 2), true);
  });
});

describe('topics', () => {
  const rows: readonly (readonly [text: string, isName: boolean, isFilter: boolean, clause: string])[] = [
    ['', false, false, '[MQTT-4.7.3-1]'],
    ['a', true, true, '§4.7.3'],
    ['/', true, true, '§4.7.3: two empty levels'],
    ['/a//b/', true, true, '§4.7.3'],
    ['salle 201/é', true, true, '§4.7.3'],
    ['#', false, true, '[MQTT-4.7.1-2]'],
    ['a/#', false, true, '[MQTT-4.7.1-2]'],
    ['a#', false, false, '[MQTT-4.7.1-2]'],
    ['a/#/b', false, false, '[MQTT-4.7.1-2]'],
    ['##', false, false, '[MQTT-4.7.1-2]'],
    ['#/', false, false, '[MQTT-4.7.1-2]'],
    ['+', false, true, '[MQTT-4.7.1-3]'],
    ['+/a/+', false, true, '[MQTT-4.7.1-3]'],
    ['/+', false, true, '[MQTT-4.7.1-3]'],
    ['+/#', false, true, '[MQTT-4.7.1-3]'],
    ['a+', false, false, '[MQTT-4.7.1-3]'],
    ['+a/b', false, false, '[MQTT-4.7.1-3]'],
    ['++', false, false, '[MQTT-4.7.1-3]'],
    ['$share/g/a', true, true, '§4.8.2'],
    ['$share/g/+/#', false, true, '§4.8.2'],
    ['$share/g//', true, true, '§4.8.2: two empty levels'],
    ['$share', true, true, '§4.8.2: begins with another level'],
    ['$shared/+', false, true, '§4.8.2: begins with another level'],
    ['$share/', true, false, '[MQTT-4.8.2-1]'],
    ['$share//a', true, false, '[MQTT-4.8.2-1]'],
    ['$share/+/a', false, false, '[MQTT-4.8.2-2]'],
    ['$share/#', false, false, '[MQTT-4.8.2-2]'],
    ['$share/g', true, false, '[MQTT-4.8.2-2]'],
    ['$share/g/', true, false, '[MQTT-4.8.2-2]'],
  ];
  for (const [text, isName, isFilter, clause] of rows) {
    it(`${JSON.stringify(text)} is ${isName ? 'a' : 'no'} name and ${isFilter ? 'a' : 'no'} filter (${clause})`, () => {
      assert.equal(isTopicName(encodeUtf8(text)), isName);
      assert.equal(isTopicFilter(encodeUtf8(text)), isFilter);
    });
  }

  it('has at most 65,535 bytes, and no NUL [MQTT-4.7.3-2, MQTT-4.7.3-3]', () => {
    const longest = new Uint8Array(65_535).fill(0x61);
    for (const isTopic of [isTopicName, isTopicFilter]) {
      assert.equal(isTopic(longest), true);
      assert.equal(isTopic(new Uint8Array(65_536).fill(0x61)), false);
      assert.equal(isTopic(hex('61 00')), false);
    }
  });
});

describe('topic filters', () => {
  const rows: readonly (readonly [filter: string, name: string, matches: boolean, clause: string])[] = [
    ['a/b', 'a/b', true, '§4.7.3'],
    ['a/b', 'a/B', false, '§4.7.3: case counts'],
    ['a/b', 'a/b/', false, '§4.7.3: an empty level is a level'],
    ['a/b', '/a/b', false, '§4.7.3'],
    ['a/b', 'a/bc', false, '§4.7.3'],
    ['a/bc', 'a/b', false, '§4.7.3'],
    ['#', 'a', true, '§4.7.1.2'],
    ['#', '/', true, '§4.7.1.2'],
    ['sport/tennis/player1/#', 'sport/tennis/player1', true, '§4.7.1.2: the parent level'],
    ['sport/tennis/player1/#', 'sport/tennis/player1/ranking', true, '§4.7.1.2'],
    ['sport/tennis/player1/#', 'sport/tennis/player1/score/wimbledon', true, '§4.7.1.2'],
    ['sport/tennis/player1/#', 'sport/tennis/player10', false, '§4.7.1.2'],
    ['sport/#', 'sport', true, '§4.7.1.2'],
    ['sport/#', 'spor', false, '§4.7.1.2'],
    ['sport/tennis/+', 'sport/tennis/player1', true, '§4.7.1.3'],
    ['sport/tennis/+', 'sport/tennis/player1/ranking', false, '§4.7.1.3'],
    ['sport/+', 'sport', false, '§4.7.1.3'],
    ['sport/+', 'sport/', true, '§4.7.1.3'],
    ['+', 'finance', true, '§4.7.1.3'],
    ['+', '/finance', false, '§4.7.1.3'],
    ['+/+', '/finance', true, '§4.7.1.3'],
    ['/+', '/finance', true, '§4.7.1.3'],
    ['+/b/+/d', 'a/b/c/d', true, '§4.7.1.3'],
    ['+/b/+/d', 'a/b//d', true, '§4.7.1.3'],
    ['a/+/#', 'a/b', true, '§4.7.1'],
    ['a/+/#', 'a', false, '§4.7.1'],
    ['+/#', 'a', true, '§4.7.1'],
    ['#', '$SYS/uptime', false, '[MQTT-4.7.2-1]'],
    ['+/monitor/Clients', '$SYS/monitor/Clients', false, '[MQTT-4.7.2-1]'],
    ['$SYS/#', '$SYS/uptime', true, '§4.7.2'],
    ['$SYS/monitor/+', '$SYS/monitor/Clients', true, '§4.7.2'],
    ['a/+', 'a/$b', true, '§4.7.2: a $ inside is a character as any'],
    ['$share/group/a/+', 'a/b', true, '§4.8.2'],
    ['$share/group/a/+', 'b', false, '§4.8.2'],
    ['$share/group/#', '$SYS/uptime', false, '[MQTT-4.7.2-1], §4.8.2'],
    ['é/+', 'é/ü', true, '§4.7.3'],
  ];
  for (const [filter, name, isMatch, clause] of rows) {
    it(`${filter} ${isMatch ? 'means' : 'does not mean'} ${name} (${clause})`, () => {
      assert.equal(matches(encodeUtf8(filter), encodeUtf8(name)), isMatch);
    });
  }

  it('of a shared subscription are known as such (§4.8.2)', () => {
    const isShared = (filter: string) => isSharedFilter(encodeUtf8(filter));
    assert.deepEqual(['$share/g/a', '$share/g/#', '$share/g', '$share/g/', 'a/$share/g/a', 'a'].map(isShared), [
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
