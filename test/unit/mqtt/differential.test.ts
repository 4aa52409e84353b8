// Encoder and parser against an independent implementation, mqtt-packet: what one writes, the other reads, and where their
// verdicts on broken packets differ, the table below says why.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { generate, type Packet, parser } from 'mqtt-packet';
import {
  encodeConnect,
  encodeDisconnect,
  encodePingreq,
  encodePuback,
  encodePublish,
  encodeSubscribe,
} from '../../../firmware/mqtt/encode.js';
import { OutputBuffer } from '../../../firmware/mqtt/output.js';
import type { ProtocolViolation } from '../../../firmware/mqtt/parser.js';
import type { QoS } from '../../../firmware/mqtt/protocol.js';
import { isTopicName } from '../../../firmware/mqtt/topic.js';
import { encodeUtf8 } from '../../../firmware/mqtt/utf8.js';
import { toHex } from '../../vectors/hex.js';
import { cuts, type PacketEvent, parsePieces } from '../../vectors/packet-log.js';

const RUNS = { seed: 20_251_122, numRuns: 500 } as const;
const CAPACITY = 2_048;

// --- Arbitraries ------------------------------------------------------------------------------------------------------

/** Text that MQTT can carry: any characters but NUL (§1.5.3). */
const text = fc.string({ unit: 'binary', maxLength: 24 }).filter((value) => !value.includes('\0'));
const topic = text.filter((value) => value !== '' && !/[+#]/.test(value));
const payload = fc.uint8Array({ maxLength: 300 });
const packetId = fc.integer({ min: 1, max: 65_535 });
const qos = fc.constantFrom<QoS>(0, 1);

/** A PUBLISH in the fields of mqtt-packet. */
const publishPacket = fc
  .record({
    topic,
    payload: payload.map((bytes) => Buffer.from(bytes)),
    qos,
    retain: fc.boolean(),
    dup: fc.boolean(),
    messageId: packetId,
  })
  // DUP belongs to QoS 1 ([MQTT-3.3.1-2]).
  .map((fields) => ({ cmd: 'publish' as const, ...fields, dup: fields.dup && fields.qos === 1 }));

/** Any packet that a server may send to this client. */
const serverPacket: fc.Arbitrary<Packet> = fc.oneof(
  fc.boolean().map((sessionPresent): Packet => ({ cmd: 'connack', sessionPresent, returnCode: 0 })),
  fc.integer({ min: 1, max: 5 }).map((returnCode): Packet => ({ cmd: 'connack', sessionPresent: false, returnCode })),
  publishPacket,
  packetId.map((messageId): Packet => ({ cmd: 'puback', messageId })),
  fc
    .record({ messageId: packetId, granted: fc.array(fc.constantFrom(0, 1, 2, 0x80), { minLength: 1, maxLength: 8 }) })
    .map((fields): Packet => ({ cmd: 'suback', ...fields })),
  fc.constant<Packet>({ cmd: 'pingresp' }),
);

// --- Both sides -------------------------------------------------------------------------------------------------------

/** The packets that mqtt-packet finds in `bytes`, or `undefined` where it finds an error. */
function parseWithPeer(bytes: Uint8Array): Packet[] | undefined {
  const packets: Packet[] = [];
  let failed = false;
  const peer = parser({ protocolVersion: 4 });
  peer.on('packet', (packet) => packets.push({ ...packet }));
  peer.on('error', () => {
    failed = true;
  });
  peer.parse(Buffer.from(bytes));
  return failed ? undefined : packets;
}

/** The one packet that `encode` writes, as mqtt-packet reads it. */
function reread(encode: (output: OutputBuffer) => boolean): Packet {
  const output = new OutputBuffer(CAPACITY);
  assert.equal(encode(output), true);
  const packets = parseWithPeer(output.peek(CAPACITY));
  assert.equal(packets?.length, 1);
  return packets[0] as Packet;
}

/** A packet of mqtt-packet in the words of our own log. */
function eventOf(packet: Packet): PacketEvent {
  switch (packet.cmd) {
    case 'connack':
      return { type: 'connack', sessionPresent: packet.sessionPresent, returnCode: packet.returnCode as number };
    case 'publish':
      return {
        type: 'publish',
        topic: packet.topic,
        payload: toHex(packet.payload as Buffer),
        qos: packet.qos as QoS,
        retain: packet.retain,
        dup: packet.dup,
        packetId: packet.qos === 0 ? 0 : (packet.messageId as number),
      };
    case 'puback':
      return { type: 'puback', packetId: packet.messageId as number };
    case 'suback':
      return { type: 'suback', packetId: packet.messageId as number, returnCodes: packet.granted as number[] };
    case 'pingresp':
      return { type: 'pingresp' };
    default:
      return assert.fail(`no server sends ${packet.cmd}`);
  }
}

describe('differential: what we write, mqtt-packet reads', () => {
  it('CONNECT', () => {
    const will = fc.record({ topic, payload, qos, retain: fc.boolean() });
    const login = fc.option(fc.record({ user: text, password: fc.option(text, { nil: undefined }) }), { nil: undefined });
    const connect = fc.record({
      clientId: text,
      cleanSession: fc.boolean(),
      keepAliveSeconds: fc.nat(65_535),
      will: fc.option(will, { nil: undefined }),
      login,
    });
    fc.assert(
      fc.property(connect, ({ will, login, ...options }) => {
        const packet = reread((output) =>
          encodeConnect(output, { ...options, ...login, will: will && { ...will, topic: encodeUtf8(will.topic) } }),
        );
        assert.ok(packet.cmd === 'connect');
        assert.deepEqual(
          {
            protocolId: packet.protocolId,
            protocolVersion: packet.protocolVersion,
            clientId: packet.clientId,
            clean: packet.clean,
            keepalive: packet.keepalive,
            username: packet.username,
            password: packet.password?.toString(),
            will: packet.will && { ...packet.will, payload: toHex(packet.will.payload as Buffer) },
          },
          {
            protocolId: 'MQTT',
            protocolVersion: 4,
            clientId: options.clientId,
            clean: options.cleanSession,
            keepalive: options.keepAliveSeconds,
            username: login?.user,
            password: login?.password,
            will: will && { ...will, payload: toHex(will.payload) },
          },
        );
      }),
      RUNS,
    );
  });

  it('PUBLISH', () => {
    fc.assert(
      fc.property(publishPacket, (packet) => {
        const { topic, payload, qos, retain, dup, messageId } = packet;
        const message = { topic: encodeUtf8(topic), payload, payloadLength: payload.length, qos, retain };
        assert.deepEqual(eventOf(reread((output) => encodePublish(output, message, messageId, dup))), eventOf(packet));
      }),
      RUNS,
    );
  });

  it('SUBSCRIBE', () => {
    const subscriptions = fc.array(fc.record({ topic, qos }, { noNullPrototype: true }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(subscriptions, packetId, (wanted, id) => {
        const filters = wanted.map(({ topic, qos }) => ({ filter: encodeUtf8(topic), qos }));
        const packet = reread((output) => encodeSubscribe(output, filters, id));
        assert.ok(packet.cmd === 'subscribe');
        assert.deepEqual([packet.messageId, packet.subscriptions], [id, wanted]);
      }),
      RUNS,
    );
  });

  it('PUBACK, PINGREQ, DISCONNECT', () => {
    fc.assert(
      fc.property(packetId, (id) => {
        assert.deepEqual(eventOf(reread((output) => encodePuback(output, id))), { type: 'puback', packetId: id });
      }),
      RUNS,
    );
    assert.equal(reread(encodePingreq).cmd, 'pingreq');
    assert.equal(reread(encodeDisconnect).cmd, 'disconnect');
  });
});

describe('differential: what mqtt-packet writes, we read', () => {
  it('each packet, cut at every byte', () => {
    fc.assert(
      fc.property(serverPacket, (packet) => {
        const expected = { events: [eventOf(packet)], violation: undefined };
        for (const pieces of cuts(generate(packet))) assert.deepEqual(parsePieces(pieces, CAPACITY), expected);
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  it('streams of packets, cut at random', () => {
    fc.assert(
      fc.property(
        fc.array(serverPacket, { maxLength: 12 }),
        fc.array(fc.nat(64), { minLength: 1, maxLength: 50 }),
        (packets, lengths) => {
          const stream = Buffer.concat(packets.map((packet) => generate(packet)));
          assert.deepEqual(parsePieces(pieced(stream, lengths), CAPACITY), { events: packets.map(eventOf), violation: undefined });
        },
      ),
      RUNS,
    );
  });
});

/** `bytes` in pieces of `lengths`, and the rest. */
function pieced(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  pieces.push(bytes.subarray(at));
  return pieces;
}

// --- Broken packets ---------------------------------------------------------------------------------------------------

/** A packet in its two parts; its remaining length always fits. */
interface Frame {
  readonly header: number;
  readonly body: Uint8Array;
}

const typeOf = ({ header }: Frame) => header >> 4;
const isType = (frame: Frame, ...types: number[]) => types.includes(typeOf(frame));
const qosOf = ({ header }: Frame) => (header >> 1) & 3;
const uint16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const topicLength = ({ body }: Frame) => uint16(body, 0);
const [CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP] = [2, 3, 4, 9, 13] as const;

/**
 * What we refuse and mqtt-packet takes: it serves both sides and leaves such checks to its users. A difference that no row
 * explains fails the test. There is no row for the other way round: what we take, mqtt-packet takes with the same fields.
 */
const DIFFERENCES: readonly {
  readonly reason: string;
  readonly violation: ProtocolViolation;
  explains(frame: Frame): boolean;
}[] = [
  {
    reason: 'mqtt-packet reads what goes to a server, and the packets of QoS 2',
    violation: 'unexpected-packet-type',
    explains: (frame) => !isType(frame, CONNACK, PUBLISH, PUBACK, SUBACK, PINGRESP),
  },
  {
    reason: 'QoS 2 exists, but we never ask for it ([MQTT-3.8.4-6])',
    violation: 'invalid-qos',
    explains: (frame) => isType(frame, PUBLISH) && qosOf(frame) === 2,
  },
  {
    reason: 'DUP with QoS 0 is not checked there ([MQTT-3.3.1-2])',
    violation: 'reserved-flags',
    explains: (frame) => isType(frame, PUBLISH) && qosOf(frame) === 0 && (frame.header & 0x08) !== 0,
  },
  {
    reason: 'CONNACK and PUBACK of another length than 2 are read as far as they go (§3.2.1, §3.4.1)',
    violation: 'wrong-length',
    explains: (frame) => isType(frame, CONNACK, PUBACK) && frame.body.length !== 2,
  },
  {
    reason: 'a body of PINGRESP is skipped there (§3.13)',
    violation: 'wrong-length',
    explains: (frame) => isType(frame, PINGRESP) && frame.body.length > 0,
  },
  {
    reason: 'SUBACK without a return code, or without a whole packet id, is read as an empty one (§3.9.3)',
    violation: 'wrong-length',
    explains: (frame) => isType(frame, SUBACK) && frame.body.length < 3,
  },
  {
    reason: 'QoS 1 without a whole packet id gets the id -1 there (§3.3.2.2)',
    violation: 'wrong-length',
    explains: (frame) => isType(frame, PUBLISH) && qosOf(frame) === 1 && frame.body.length < 2 + topicLength(frame) + 2,
  },
  {
    reason: 'return codes beyond 5, and a session with a refusal, are not checked there (§3.2.2.3, [MQTT-3.2.2-4])',
    violation: 'reserved-bits',
    explains: ({ header, body }) => header >> 4 === CONNACK && ((body[1] ?? 0) > 5 || (body[0] === 1 && body[1] !== 0)),
  },
  {
    reason: 'packet id 0 is not checked there ([MQTT-2.3.1-1])',
    violation: 'packet-id-zero',
    explains: (frame) => uint16(frame.body, isType(frame, PUBLISH) ? 2 + topicLength(frame) : 0) === 0,
  },
  {
    reason: 'topics are not checked there: empty, wildcards, NUL, broken UTF-8 ([MQTT-4.7.3-1], [MQTT-3.3.2-2], §1.5.3)',
    violation: 'invalid-topic',
    explains: ({ body }) => !isTopicName(body.subarray(2, 2 + uint16(body, 0))),
  },
];

function bytesOf({ header, body }: Frame): Uint8Array {
  const output = new OutputBuffer(5 + body.length);
  output.writeByte(header);
  output.writeVariableLength(body.length);
  output.writeBytes(body, body.length);
  return output.peek(output.length).slice();
}

function frameOf(packet: Packet): Frame {
  const bytes = generate(packet);
  const headerLength = 1 + bytes.subarray(1).findIndex((byte) => byte < 0x80) + 1;
  return { header: bytes[0] as number, body: bytes.subarray(headerLength) };
}

/** A good packet with something broken: its first byte, a byte or two of its body, or its length. */
const brokenFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ frame: serverPacket.map(frameOf), header: fc.nat(255) }).map(({ frame, header }) => ({ ...frame, header })),
  fc
    .record({
      frame: serverPacket.map(frameOf),
      at: fc.nat(12),
      count: fc.integer({ min: 1, max: 2 }),
      value: fc.oneof(fc.constantFrom(0, 1, 0x23, 0x80, 0xff), fc.nat(255)),
    })
    .map(({ frame, at, count, value }) => ({
      ...frame,
      body: frame.body.map((byte, index) => (index >= at && index < at + count ? value : byte)),
    })),
  fc
    .record({ frame: serverPacket.map(frameOf), length: fc.nat(8) })
    .map(({ frame, length }) => ({ ...frame, body: frame.body.subarray(0, length) })),
  fc
    .record({ frame: serverPacket.map(frameOf), tail: fc.uint8Array({ minLength: 1, maxLength: 4 }) })
    .map(({ frame, tail }) => ({ ...frame, body: new Uint8Array([...frame.body, ...tail]) })),
  fc.record({ header: fc.nat(255), body: fc.uint8Array({ maxLength: 16 }) }),
);

describe('differential: broken packets', () => {
  it('gets the verdict of mqtt-packet, but for the differences in the table', () => {
    const explained = new Map(DIFFERENCES.map((difference) => [difference, 0]));
    let bothRefused = 0;
    fc.assert(
      fc.property(brokenFrame, (frame) => {
        const bytes = bytesOf(frame);
        const ours = parsePieces([bytes], CAPACITY);
        const theirs = parseWithPeer(bytes);
        if (ours.violation === undefined) {
          assert.deepEqual(ours.events, theirs?.map(eventOf));
          return;
        }
        assert.deepEqual(ours.events, []);
        if (theirs === undefined) {
          bothRefused++;
          return;
        }
        const difference = DIFFERENCES.find((each) => each.violation === ours.violation && each.explains(frame));
        assert.ok(difference, `only we say ${ours.violation} to ${toHex(bytes)}`);
        explained.set(difference, (explained.get(difference) as number) + 1);
      }),
      { ...RUNS, numRuns: 6_000 },
    );
    assert.ok(bothRefused > 0);
    for (const [{ reason }, count] of explained) assert.ok(count > 0, `no longer a difference: ${reason}`);
  });

  it('never throws at garbage, and says the same however it is cut', () => {
    // Bytes that begin packets, and lengths that end them, are more likely than others.
    const byte = fc.oneof(fc.nat(255), fc.nat(8), fc.constantFrom(0x20, 0x30, 0x32, 0x40, 0x90, 0xd0, 0x80, 0xff));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 60, size: 'max' }), (garbage) => {
        const bytes = Uint8Array.from(garbage);
        const whole = parsePieces([bytes], 16);
        for (const pieces of cuts(bytes)) assert.deepEqual(parsePieces(pieces, 16), whole);
      }),
      RUNS,
    );
  });
});
