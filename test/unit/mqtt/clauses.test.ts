// Clauses of both versions that no other suite shows: what is sent first, and in which order answers go.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ContractError } from '../../../firmware/errors.js';
import type { OutboundMessage, ProtocolLevel, QoS } from '../../../firmware/mqtt/protocol.js';
import { isSharedFilter } from '../../../firmware/mqtt/topic.js';
import { encodeUtf8 } from '../../../firmware/mqtt/utf8.js';
import { PING_DUE_MS, Wire } from './wire.js';

const FILTER = [{ filter: encodeUtf8('a'), qos: 1 }] as const;

const inbound = (messageId: number, qos: QoS = 1, dup = false) =>
  ({ cmd: 'publish', topic: 'a', payload: 'x', qos, retain: false, dup, messageId }) as const;

const once = (): OutboundMessage => ({ topic: encodeUtf8('t'), payload: encodeUtf8('x'), payloadLength: 1, qos: 0, retain: false });

for (const level of [4, 5] as const satisfies readonly ProtocolLevel[]) {
  describe(`clauses, level ${level}`, () => {
    it('sends CONNECT first, once, and nothing else before the answer ([MQTT-3.1.0-1], [MQTT-3.1.0-2])', () => {
      const wire = new Wire({}, level).open();
      assert.deepEqual(wire.publish(1), [false]);
      assert.equal(wire.session.publishOnce(once()), false);
      assert.equal(wire.session.subscribe(FILTER, wire.nowMs), false);
      assert.throws(() => wire.open(), ContractError);
      assert.deepEqual(wire.drain(), ['connect clean']);
      wire.connack();
      assert.throws(() => wire.open(), ContractError);
      assert.deepEqual(wire.drain(), []);
    });

    it('sends QoS 0 with neither DUP nor packet id', () => {
      const wire = new Wire({}, level).connected();
      assert.equal(wire.session.publishOnce(once()), true);
      const [packet] = wire.drainPackets();
      assert.ok(packet?.cmd === 'publish');
      assert.deepEqual([packet.qos, packet.dup, packet.messageId], [0, false, undefined]);
    });

    it('sends a new message with a packet id that is not in use, not 0, and without DUP', () => {
      const wire = new Wire({ window: 3 }, level).connected();
      wire.qualities.set(2, 2);
      const ids = new Set<number | undefined>();
      assert.deepEqual(wire.publish(1, 2), [true, true]);
      assert.equal(wire.session.subscribe(FILTER, wire.nowMs), true);
      for (const packet of wire.drainPackets()) {
        ids.add(packet.messageId);
        if (packet.cmd === 'publish') assert.equal(packet.dup, false);
      }
      assert.equal(ids.size, 3);
      assert.ok(!ids.has(0) && !ids.has(undefined));
    });

    it('keeps a message of QoS 1 in flight until its own PUBACK', () => {
      const wire = new Wire({}, level).connected();
      wire.publish(1, 2);
      wire.drain();
      wire.puback(2);
      assert.deepEqual(wire.takeEvents(), ['acknowledged 2']);
      assert.equal(wire.session.inflightCount, 1);
      wire.reconnect(true);
      assert.deepEqual(wire.drain(), ['publish #1 dup 1']);
    });

    it('acknowledges in the order in which the messages came ([MQTT-4.6.0-2])', () => {
      const wire = new Wire({}, level).connected();
      for (const id of [7, 5, 6]) wire.send(inbound(id));
      assert.deepEqual(
        wire.drainPackets().map(({ cmd, messageId }) => [cmd, messageId]),
        [7, 5, 6].map((id) => ['puback', id]),
      );
    });

    it('takes an id that it has acknowledged for another message, whatever its DUP says', () => {
      const wire = new Wire({}, level).connected();
      wire.send(inbound(7));
      wire.send(inbound(7, 1, true));
      assert.deepEqual(wire.takeEvents(), ['message a=x', 'message a=x dup']);
    });

    it('acknowledges what it did not ask for, as any other message ([MQTT-4.5.0-2] of 3.1.1)', () => {
      const wire = new Wire({}, level).connected();
      wire.send({ ...inbound(3, 2), topic: 'never/subscribed' });
      assert.deepEqual(
        wire.drainPackets().map(({ cmd, messageId }) => [cmd, messageId]),
        [['pubrec', 3]],
      );
    });

    it('releases in the order in which PUBREC came ([MQTT-4.6.0-4])', () => {
      const wire = new Wire({}, level).connected();
      for (const tag of [1, 2, 3]) wire.qualities.set(tag, 2);
      wire.publish(1, 2, 3);
      wire.drain();
      for (const messageId of [3, 1, 2]) wire.send({ cmd: 'pubrec', messageId });
      assert.deepEqual(
        wire.drainPackets().map(({ cmd, messageId }) => [cmd, messageId]),
        [3, 1, 2].map((id) => ['pubrel', id]),
      );
    });

    it('asks for one filter at least ([MQTT-3.8.3-2] of 5, [MQTT-3.8.3-3] of 3.1.1)', () => {
      const wire = new Wire({}, level).connected();
      assert.throws(() => wire.session.subscribe([], wire.nowMs), ContractError);
      assert.throws(() => wire.session.unsubscribe([], wire.nowMs), ContractError);
      assert.deepEqual(wire.drain(), []);
    });

    it('pings when it has nothing else to say', () => {
      const wire = new Wire({}, level).connected();
      wire.tickAfter(PING_DUE_MS);
      assert.deepEqual(
        wire.drainPackets().map(({ cmd }) => cmd),
        ['pingreq'],
      );
    });

    it('sends nothing behind DISCONNECT, whatever comes ([MQTT-3.14.4-1] of 5, [MQTT-3.14.4-2] of 3.1.1)', () => {
      const wire = new Wire({}, level).connected();
      assert.equal(wire.session.disconnect(), true);
      wire.send(inbound(1));
      wire.send(inbound(2, 2));
      assert.deepEqual(wire.publish(1), [false]);
      assert.equal(wire.session.publishOnce(once()), false);
      assert.equal(wire.session.subscribe(FILTER, wire.nowMs), false);
      assert.equal(wire.session.disconnect(), false);
      assert.deepEqual(
        wire.drainPackets().map(({ cmd }) => cmd),
        ['disconnect'],
      );
    });
  });
}

describe('clauses, level 4: the client id', () => {
  it('is empty only where the session is clean ([MQTT-3.1.3-7])', () => {
    const wire = new Wire();
    assert.throws(() => wire.open({ clientId: '', cleanStart: false }), ContractError);
    assert.deepEqual(wire.open({ clientId: '', cleanStart: true }).drain(), ['connect clean']);
    // In MQTT 5 a server chooses an id for a session that is kept (§3.1.3.1).
    assert.deepEqual(new Wire({}, 5).open({ clientId: '', cleanStart: false }).drain(), ['connect']);
  });
});

describe('clauses, level 5: subscribing', () => {
  it('asks for no shared subscription without its own messages ([MQTT-3.8.3-4])', () => {
    const wire = new Wire({}, 5).connected();
    const shared = [{ filter: encodeUtf8('$share/group/a'), qos: 1, noLocal: true }] as const;
    assert.throws(() => wire.session.subscribe(shared, wire.nowMs), ContractError);
    assert.deepEqual(wire.drain(), []);
  });

  it('asks for no share whose name is empty, or has a wildcard, or has no filter behind it ([MQTT-4.8.2-1], [MQTT-4.8.2-2])', () => {
    const wire = new Wire({}, 5).connected();
    for (const filter of ['$share/', '$share//a', '$share/+/a', '$share/#', '$share/g', '$share/g/'].map(encodeUtf8)) {
      assert.equal(isSharedFilter(filter), false);
      assert.throws(() => wire.session.subscribe([{ filter, qos: 1 }], wire.nowMs), ContractError);
      assert.throws(() => wire.session.unsubscribe([filter], wire.nowMs), ContractError);
    }
    assert.equal(wire.session.subscribe([{ filter: encodeUtf8('$share/g/+/#'), qos: 1 }], wire.nowMs), true);
    assert.deepEqual(wire.drain(), ['subscribe #1']);
  });
});

describe('clauses, level 5: the send quota', () => {
  it('is used up by PUBLISH alone: all else still goes, and is answered ([MQTT-3.3.4-8], [MQTT-4.9.0-3])', () => {
    const wire = new Wire({}, 5).open();
    wire.drain();
    wire.connack(false, 0, { receiveMaximum: 1 });
    wire.qualities.set(1, 2);
    assert.deepEqual(wire.publish(1, 2), [true, false]);
    assert.equal(wire.session.subscribe(FILTER, wire.nowMs), true);
    assert.equal(wire.session.publishOnce(once()), true);
    wire.send({ cmd: 'pubrec', messageId: 1 });
    wire.send(inbound(9));
    assert.deepEqual(
      wire.drainPackets().map(({ cmd }) => cmd),
      ['publish', 'subscribe', 'publish', 'pubrel', 'puback'],
    );
    assert.equal(wire.session.canPublish, false);
    wire.send({ cmd: 'pubcomp', messageId: 1 });
    assert.deepEqual(wire.publish(2), [true]);
  });
});
