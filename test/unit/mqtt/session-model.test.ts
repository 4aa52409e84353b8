// The session against a model: random publishing, partial output, acknowledgements and broken connections, with and without
// a session that the server kept.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { CONTROL_RESERVE_BYTES } from '../../../firmware/mqtt/session-options.js';
import { Wire, wordsFor } from './wire.js';

const WINDOW = 4;

/** Two of the longest messages fit in the output, so that a redelivery often has to wait for room. */
const PADDING_MAXIMUM = 60;
const OUTPUT_CAPACITY = CONTROL_RESERVE_BYTES + 2 * (PADDING_MAXIMUM + 12);

/** A message in flight, as the model knows it. */
interface Message {
  readonly tag: number;
  /** 0 until the server has seen it. */
  packetId: number;
  acknowledged: boolean;
}

type Command =
  | { readonly type: 'publish'; readonly padding: number }
  | { readonly type: 'take'; readonly bytes: number }
  | { readonly type: 'acknowledge'; readonly which: number }
  | { readonly type: 'reconnect'; readonly sessionPresent: boolean };

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('publish' as const), padding: fc.nat(PADDING_MAXIMUM) }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('take' as const), bytes: fc.integer({ min: 1, max: OUTPUT_CAPACITY }) }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('acknowledge' as const), which: fc.nat(WINDOW - 1) }) },
  // Sessions are mostly kept, so that redeliveries pile up on redeliveries.
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('reconnect' as const),
      sessionPresent: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
    }),
  },
);

class Model {
  readonly wire = new Wire({ window: WINDOW, outputCapacity: OUTPUT_CAPACITY }).connected();
  /** In the order of their first sends ([MQTT-4.6.0-1]). */
  inflight: Message[] = [];
  /** What the server is still to see on this connection, in this order; `dup` where an earlier connection may have shown it. */
  #toSee: { readonly message: Message; readonly dup: boolean }[] = [];
  #nextTag = 0;

  run(command: Command): void {
    switch (command.type) {
      case 'publish':
        return this.#publish(command.padding);
      case 'take':
        return this.#take(command.bytes);
      case 'acknowledge':
        return this.#acknowledge(command.which);
      case 'reconnect':
        return this.#reconnect(command.sessionPresent);
    }
  }

  /** Lets the server take and acknowledge all that is left. */
  finish(): void {
    for (let round = 0; this.inflight.length > 0; round++) {
      assert.ok(round < 2 * WINDOW, 'the session makes no progress');
      while (this.wire.session.pendingBytes > 0) this.#take(OUTPUT_CAPACITY);
      while (this.inflight.length > 0) this.#acknowledge(0);
    }
    assert.equal(this.wire.session.inflightCount, 0);
  }

  #publish(padding: number): void {
    const tag = this.#nextTag++;
    this.wire.payloads.set(tag, `${tag}:${'.'.repeat(padding)}`);
    const { session } = this.wire;
    const { canPublish } = session;
    assert.ok(!canPublish || this.inflight.length < WINDOW, 'more in flight than the window has');
    if (!session.publish(tag, this.wire.nowMs)) return;
    assert.ok(canPublish);
    const message: Message = { tag, packetId: 0, acknowledged: false };
    this.inflight.push(message);
    this.#toSee.push({ message, dup: false });
    assert.equal(session.inflightCount, this.inflight.length);
  }

  #take(bytes: number): void {
    this.wire.takeBytes(bytes);
    for (const packet of this.wire.takePackets()) this.#see(wordsFor(packet));
  }

  #see(packet: string): void {
    const [, packetIdText, dup, tag] = /^publish #(\d+)( dup)? (\d+):\.*$/.exec(packet) ?? assert.fail(packet);
    const packetId = Number(packetIdText);
    // Only what was acknowledged before its redelivery was due may be left out.
    while (this.#toSee[0]?.message.acknowledged && String(this.#toSee[0].message.tag) !== tag) this.#toSee.shift();
    const expected = this.#toSee.shift() ?? assert.fail(`unexpected ${packet}`);
    assert.deepEqual({ tag: Number(tag), dup: dup !== undefined }, { tag: expected.message.tag, dup: expected.dup });
    assert.ok(packetId >= 1 && packetId <= 65_535);
    if (expected.message.packetId === 0) {
      assert.ok(!this.inflight.some((other) => other.packetId === packetId), `packet id ${packetId} is in flight twice`);
      expected.message.packetId = packetId;
    }
    assert.equal(packetId, expected.message.packetId, 'a redelivery keeps its packet id');
  }

  /** The server acknowledges one of the messages that it has seen, on this connection or before. */
  #acknowledge(which: number): void {
    const seen = this.inflight.filter(({ packetId }) => packetId !== 0);
    const message = seen[which % seen.length];
    if (!message) return;
    this.wire.puback(message.packetId);
    assert.deepEqual(this.wire.takeEvents(), [`acknowledged ${message.tag}`]);
    message.acknowledged = true;
    this.inflight = this.inflight.filter((other) => other !== message);
  }

  #reconnect(sessionPresent: boolean): void {
    this.wire.reconnect(sessionPresent);
    if (sessionPresent) {
      assert.deepEqual(this.wire.takeEvents(), ['connected, session present']);
      this.#toSee = this.inflight.map((message) => ({ message, dup: true }));
    } else {
      assert.deepEqual(this.wire.takeEvents(), this.inflight.length > 0 ? ['session lost', 'connected'] : ['connected']);
      this.inflight = [];
      this.#toSee = [];
    }
  }
}

describe('session model', () => {
  it('acknowledges each message once, and redelivers in order with the same ids', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => {
        const model = new Model();
        for (const each of commands) model.run(each);
        model.finish();
      }),
      { seed: 20_251_122, numRuns: 800 },
    );
  });
});
