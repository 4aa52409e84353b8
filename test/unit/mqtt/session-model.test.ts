// The session against a model: random publishing with QoS 1 and 2, partial output, acknowledgements and broken connections, with and
// without a session that the server kept, and with receive maxima that change.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { ProtocolLevel } from '../../../firmware/mqtt/protocol.js';
import { CONTROL_RESERVE_BYTES } from '../../../firmware/mqtt/session-options.js';
import { Wire, wordsFor } from './wire.js';

const WINDOW = 4;

/** Two of the longest messages fit in the output, so that a redelivery often has to wait for room. */
const PADDING_MAXIMUM = 60;
const OUTPUT_CAPACITY = CONTROL_RESERVE_BYTES + 2 * (PADDING_MAXIMUM + 12);

/** A message in flight, as the model knows it. */
interface Message {
  readonly tag: number;
  readonly qos: 1 | 2;
  /** 0 until the server has seen it. */
  packetId: number;
  /** QoS 2: the server has said that it has it; what remains is to release it. */
  isReceived: boolean;
  isDone: boolean;
}

type Command =
  | { readonly type: 'publish'; readonly padding: number; readonly qos: 1 | 2 }
  | { readonly type: 'take'; readonly bytes: number }
  /** PUBACK, PUBREC or PUBCOMP, whichever is next for the message. */
  | { readonly type: 'acknowledge'; readonly which: number }
  /** `receiveMaximum` counts in MQTT 5 alone. */
  | { readonly type: 'reconnect'; readonly sessionPresent: boolean; readonly receiveMaximum: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('publish' as const),
      padding: fc.nat(PADDING_MAXIMUM),
      qos: fc.constantFrom<1 | 2>(1, 1, 2),
    }),
  },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('take' as const), bytes: fc.integer({ min: 1, max: OUTPUT_CAPACITY }) }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('acknowledge' as const), which: fc.nat(WINDOW - 1) }) },
  // Sessions are mostly kept, so that redeliveries pile up on redeliveries.
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('reconnect' as const),
      sessionPresent: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
      receiveMaximum: fc.integer({ min: 1, max: WINDOW + 1 }),
    }),
  },
);

class Model {
  readonly wire: Wire;
  /** In the order of their first sends ([MQTT-4.6.0-1]). */
  inflight: Message[] = [];
  /** PUBLISHes that the server is still to see on this connection, in this order; `dup` where an earlier one may have shown it. */
  #toSee: { readonly message: Message; readonly dup: boolean }[] = [];
  /** What was published on this connection and is not done. */
  #unfinished = new Set<Message>();
  #receiveMaximum = Number.POSITIVE_INFINITY;
  #nextTag = 0;

  constructor(level: ProtocolLevel) {
    this.wire = new Wire({ window: WINDOW, outputCapacity: OUTPUT_CAPACITY }, level).connected();
  }

  run(command: Command): void {
    switch (command.type) {
      case 'publish':
        return this.#publish(command.padding, command.qos);
      case 'take':
        return this.#take(command.bytes);
      case 'acknowledge':
        return this.#acknowledge(command.which);
      case 'reconnect':
        return this.#reconnect(command.sessionPresent, command.receiveMaximum);
    }
  }

  /** Lets the server take and acknowledge all that is left. */
  finish(): void {
    for (let round = 0; this.inflight.length > 0; round++) {
      assert.ok(round < 4 * WINDOW, 'the session makes no progress');
      while (this.wire.session.pendingBytes > 0) this.#take(OUTPUT_CAPACITY);
      for (let which = 0; which < WINDOW; which++) this.#acknowledge(which);
    }
    assert.equal(this.wire.session.inflightCount, 0);
  }

  #publish(padding: number, qos: 1 | 2): void {
    const tag = this.#nextTag++;
    this.wire.payloads.set(tag, `${tag}:${'.'.repeat(padding)}`);
    this.wire.qualities.set(tag, qos);
    const { session } = this.wire;
    const { canPublish } = session;
    assert.ok(!canPublish || this.inflight.length < WINDOW, 'more in flight than the window has');
    if (!session.publish(tag, this.wire.nowMs)) return;
    assert.ok(canPublish);
    const message: Message = { tag, qos, packetId: 0, isReceived: false, isDone: false };
    this.inflight.push(message);
    this.#toSee.push({ message, dup: false });
    assert.equal(session.inflightCount, this.inflight.length);
  }

  #take(bytes: number): void {
    this.wire.takeBytes(bytes);
    for (const packet of this.wire.takePackets()) {
      if (packet.cmd === 'pubrel') this.#seeRelease(packet.messageId as number);
      else this.#see(wordsFor(packet));
    }
  }

  /** A PUBREL can come again, also when the exchange is over: the server's PUBCOMP was quicker. */
  #seeRelease(packetId: number): void {
    const message = this.inflight.find((other) => other.packetId === packetId);
    assert.ok(!message || message.isReceived, `packet ${packetId} is released, and the server does not have it`);
  }

  #see(packet: string): void {
    const [, packetIdText, dup, tag] = /^publish #(\d+)( dup)? (\d+):\.*$/.exec(packet) ?? assert.fail(packet);
    const packetId = Number(packetIdText);
    // Only what was acknowledged before its redelivery was due may be left out.
    while (this.#isLeftOut(tag as string)) this.#toSee.shift();
    const expected = this.#toSee.shift() ?? assert.fail(`unexpected ${packet}`);
    assert.deepEqual({ tag: Number(tag), dup: dup !== undefined }, { tag: expected.message.tag, dup: expected.dup });
    assert.ok(packetId >= 1 && packetId <= 65_535);
    if (expected.message.packetId === 0) {
      assert.ok(!this.inflight.some((other) => other.packetId === packetId), `packet id ${packetId} is in flight twice`);
      expected.message.packetId = packetId;
    }
    assert.equal(packetId, expected.message.packetId, 'a redelivery keeps its packet id');
    if (!expected.message.isDone) this.#unfinished.add(expected.message);
    assert.ok(this.#unfinished.size <= this.#receiveMaximum, 'more than the receive maximum ([MQTT-3.3.4-7])');
  }

  #isLeftOut(tag: string): boolean {
    const next = this.#toSee[0];
    return next !== undefined && (next.message.isDone || next.message.isReceived) && String(next.message.tag) !== tag;
  }

  /** The server says the next thing about one of the messages that it has seen, on this connection or before. */
  #acknowledge(which: number): void {
    const seen = this.inflight.filter(({ packetId }) => packetId !== 0);
    const message = seen[which % seen.length];
    if (!message) return;
    const messageId = message.packetId;
    if (message.qos === 2 && !message.isReceived) {
      this.wire.send({ cmd: 'pubrec', messageId });
      message.isReceived = true;
      assert.deepEqual(this.wire.takeEvents(), []);
      return;
    }
    this.wire.send({ cmd: message.qos === 1 ? 'puback' : 'pubcomp', messageId });
    assert.deepEqual(this.wire.takeEvents(), [`acknowledged ${message.tag}`]);
    message.isDone = true;
    this.#unfinished.delete(message);
    this.inflight = this.inflight.filter((other) => other !== message);
  }

  #reconnect(sessionPresent: boolean, receiveMaximum: number): void {
    const { wire } = this;
    wire.session.close();
    wire.open({ cleanStart: false });
    wire.drain();
    wire.connack(sessionPresent, 0, { receiveMaximum });
    this.#receiveMaximum = wire.level === 5 ? receiveMaximum : Number.POSITIVE_INFINITY;
    this.#unfinished.clear();
    if (sessionPresent) {
      assert.deepEqual(wire.takeEvents(), ['connected, session present']);
      this.#toSee = this.inflight.filter(({ isReceived }) => !isReceived).map((message) => ({ message, dup: true }));
    } else {
      assert.deepEqual(wire.takeEvents(), this.inflight.length > 0 ? ['session lost', 'connected'] : ['connected']);
      this.inflight = [];
      this.#toSee = [];
    }
  }
}

describe('session model', () => {
  for (const level of [4, 5] as const) {
    it(`level ${level}: acknowledges each message once, and redelivers in order with the same ids`, () => {
      fc.assert(
        fc.property(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => {
          const model = new Model(level);
          for (const each of commands) model.run(each);
          model.finish();
        }),
        { seed: 20_251_122, numRuns: 800 },
      );
    });
  }
});
