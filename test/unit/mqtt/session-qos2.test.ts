// QoS 2 in both directions (§4.3.3), in both versions: each step, each step again after a broken connection, and what must not be.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { CONTROL_RESERVE_BYTES } from '../../../firmware/mqtt/session-options.js';
import { toHex } from '../../vectors/hex.js';
import { ACKNOWLEDGEMENT_TIMEOUT_MS, Wire } from './wire.js';

const NEVER = Number.POSITIVE_INFINITY;

for (const level of [4, 5] as const) {
  /** A connected session whose messages all have QoS 2. */
  const connected = (options: ConstructorParameters<typeof Wire>[0] = {}) => {
    const wire = new Wire(options, level).connected();
    for (let tag = 0; tag < 20; tag++) wire.qualities.set(tag, 2);
    return wire;
  };

  const publish = (messageId: number, changes: { dup?: boolean; payload?: string } = {}) =>
    ({ cmd: 'publish', topic: 'a', payload: 'x', qos: 2, retain: false, dup: false, messageId, ...changes }) as const;

  /** MQTT 5 says when a packet id is not known; 3.1.1 has no word for it. */
  const notFound = level === 5 ? ' 146' : '';

  describe(`session, QoS 2, level ${level}: sending`, () => {
    it('is done after PUBLISH, PUBREC, PUBREL and PUBCOMP, and not before ([MQTT-4.3.3-1] to [MQTT-4.3.3-7])', () => {
      const wire = connected();
      wire.publish(7);
      assert.deepEqual(wire.drain(), ['publish #1 7']);
      wire.send({ cmd: 'pubrec', messageId: 1 });
      assert.deepEqual([wire.drain(), wire.takeEvents()], [['pubrel #1'], []]);
      assert.equal(wire.session.inflightCount, 1);
      wire.send({ cmd: 'pubcomp', messageId: 1 });
      assert.deepEqual([wire.drain(), wire.takeEvents()], [[], ['acknowledged 7']]);
      assert.equal(wire.session.inflightCount, 0);
    });

    it('keeps its packet id until PUBCOMP', () => {
      const wire = connected({ window: 2 });
      wire.publish(7);
      wire.send({ cmd: 'pubrec', messageId: 1 });
      for (let packetId = 2; packetId <= 65_535; packetId++) {
        wire.qualities.set(9, 1);
        assert.deepEqual(wire.publish(9), [true]);
        wire.session.sent(wire.session.pendingBytes, wire.nowMs);
        wire.puback(packetId);
      }
      wire.publish(9);
      assert.deepEqual(wire.drain(), ['publish #2 9']);
    });

    it('releases again when PUBREC comes again', () => {
      const wire = connected();
      wire.publish(7);
      wire.send({ cmd: 'pubrec', messageId: 1 });
      wire.send({ cmd: 'pubrec', messageId: 1 });
      assert.deepEqual(wire.drain(), ['publish #1 7', 'pubrel #1', 'pubrel #1']);
    });

    it('releases what it does not know, so that the server can forget it, too', () => {
      const wire = connected();
      wire.send({ cmd: 'pubrec', messageId: 9 });
      assert.deepEqual(wire.drain(), [`pubrel #9${notFound}`]);
    });

    it('ignores a PUBCOMP for nothing', () => {
      const wire = connected();
      wire.send({ cmd: 'pubcomp', messageId: 9 });
      assert.deepEqual([wire.drain(), wire.takeEvents()], [[], []]);
    });

    for (const [story, send] of [
      ['PUBACK for a message of QoS 2', (wire: Wire) => wire.puback(1)],
      ['PUBCOMP before PUBREC', (wire: Wire) => wire.send({ cmd: 'pubcomp', messageId: 1 })],
    ] as const) {
      it(`gives up at ${story}`, () => {
        const wire = connected();
        wire.publish(7);
        wire.drain();
        send(wire);
        assert.deepEqual(wire.takeEvents(), ['failed: unexpected-acknowledgement']);
        assert.deepEqual(wire.drain(), level === 5 ? ['disconnect 130'] : []);
      });
    }

    it('gives up at PUBREC for a message of QoS 1', () => {
      const wire = connected();
      wire.qualities.set(7, 1);
      wire.publish(7);
      wire.drain();
      wire.send({ cmd: 'pubrec', messageId: 1 });
      assert.deepEqual(wire.takeEvents(), ['failed: unexpected-acknowledgement']);
    });

    it('gives up when no PUBREC comes, and when no PUBCOMP comes', () => {
      for (const steps of [0, 1]) {
        const wire = connected();
        wire.publish(7);
        wire.drain();
        if (steps === 1) wire.send({ cmd: 'pubrec', messageId: 1 });
        assert.equal(wire.session.deadlineMs, wire.nowMs + ACKNOWLEDGEMENT_TIMEOUT_MS);
        wire.tickAfter(ACKNOWLEDGEMENT_TIMEOUT_MS);
        assert.deepEqual(wire.takeEvents(), ['failed: acknowledgement-timeout']);
      }
    });

    it('sends PUBLISH again before PUBREC, and PUBREL again after it, in the first order ([MQTT-4.4.0-1], [MQTT-4.6.0-1])', () => {
      const wire = connected();
      wire.qualities.set(12, 1);
      wire.publish(10, 11, 12, 13);
      wire.drain();
      wire.send({ cmd: 'pubrec', messageId: 1 });
      wire.send({ cmd: 'pubrec', messageId: 2 });
      wire.drain();
      for (let drop = 0; drop < 2; drop++) {
        wire.reconnect(true);
        assert.deepEqual(wire.drain(), ['pubrel #1', 'pubrel #2', 'publish #3 dup 12', 'publish #4 dup 13']);
      }
      wire.takeEvents();
      for (const messageId of [1, 2]) wire.send({ cmd: 'pubcomp', messageId });
      assert.deepEqual(wire.takeEvents(), ['acknowledged 10', 'acknowledged 11']);
    });

    it('sends the same bytes again but for DUP ([MQTT-3.3.1-1])', () => {
      const wire = connected();
      wire.publish(10);
      const before = toHex(wire.takeBytes(NEVER));
      wire.reconnect(true);
      assert.equal(toHex(wire.takeBytes(NEVER)), before.replace(/^34/, '3c'));
    });

    it('waits with PUBREL, too, when there is no room', () => {
      const wire = new Wire({ outputCapacity: CONTROL_RESERVE_BYTES + 107, window: 3 }, level).connected();
      for (const tag of [1, 2]) wire.qualities.set(tag, 2);
      wire.payloads.set(1, 'x'.repeat(level === 5 ? 98 : 99));
      wire.publish(1);
      wire.drain();
      wire.publish(2);
      wire.drain();
      wire.send({ cmd: 'pubrec', messageId: 2 });
      wire.drain();
      wire.reconnect(true);
      assert.equal(wire.session.isResuming, false);
      assert.deepEqual(
        wire.drain().map((words) => words.slice(0, 16)),
        ['publish #1 dup x', 'pubrel #2'],
      );
    });

    it('is built anew where the server kept nothing, also what it had received: nobody knows what it did with it', () => {
      const wire = connected();
      wire.publish(1, 2);
      wire.drain();
      wire.send({ cmd: 'pubrec', messageId: 1 });
      wire.drain();
      wire.reconnect(false);
      assert.deepEqual(wire.takeEvents(), ['session lost', 'connected']);
      assert.equal(wire.session.inflightCount, 0);
    });
  });

  describe(`session, QoS 2, level ${level}: receiving`, () => {
    it('hands a message on once, whatever comes again before PUBREL ([MQTT-4.3.3-8] to [MQTT-4.3.3-12])', () => {
      const wire = connected();
      wire.send(publish(7));
      assert.deepEqual([wire.drain(), wire.takeEvents()], [['pubrec #7'], ['message a=x']]);
      wire.send(publish(7, { dup: true }));
      assert.deepEqual([wire.drain(), wire.takeEvents()], [['pubrec #7'], []]);
      wire.send({ cmd: 'pubrel', messageId: 7 });
      assert.deepEqual(wire.drain(), ['pubcomp #7']);
      wire.send(publish(7, { payload: 'new' }));
      assert.deepEqual([wire.drain(), wire.takeEvents()], [['pubrec #7'], ['message a=new']]);
    });

    it('knows after a reconnect what it has handed on', () => {
      const wire = connected();
      wire.send(publish(7));
      wire.takeEvents();
      wire.reconnect(true);
      wire.takeEvents();
      wire.send(publish(7, { dup: true }));
      wire.send({ cmd: 'pubrel', messageId: 7 });
      assert.deepEqual([wire.drain(), wire.takeEvents()], [['pubrec #7', 'pubcomp #7'], []]);
    });

    it('forgets it where the server kept nothing: the id is another message then', () => {
      const wire = connected();
      wire.send(publish(7));
      wire.reconnect(false);
      wire.takeEvents();
      wire.send(publish(7));
      assert.deepEqual(wire.takeEvents(), ['message a=x']);
    });

    it('completes what it does not know, so that the server can forget it, too', () => {
      const wire = connected();
      wire.send({ cmd: 'pubrel', messageId: 9 });
      assert.deepEqual(wire.drain(), [`pubcomp #9${notFound}`]);
    });

    it('answers in the order in which the messages came ([MQTT-4.6.0-3])', () => {
      const wire = connected();
      for (const messageId of [5, 3, 4]) wire.send(publish(messageId));
      for (const messageId of [5, 3, 4]) wire.send({ cmd: 'pubrel', messageId });
      const order = (answer: string) => [5, 3, 4].map((id) => `${answer} #${id}`);
      assert.deepEqual(wire.drain(), [...order('pubrec'), ...order('pubcomp')]);
    });

    it('holds as many as it announced, and gives up at one more', () => {
      const wire = connected({ receiveMaximum: 3 });
      for (const messageId of [1, 2, 3, 2]) wire.send(publish(messageId));
      assert.equal(wire.drain().length, 4);
      wire.send({ cmd: 'pubrel', messageId: 2 });
      wire.drain();
      wire.takeEvents();
      wire.send(publish(4));
      assert.deepEqual(wire.takeEvents(), ['message a=x']);
      wire.send(publish(5));
      assert.deepEqual(wire.takeEvents(), ['failed: receive-maximum-exceeded']);
    });
  });
}
