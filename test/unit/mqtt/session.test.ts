// The MQTT session against a scripted server, in virtual time.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ContractError } from '../../../firmware/errors.js';
import { CONTROL_RESERVE_BYTES } from '../../../firmware/mqtt/session-options.js';
import { encodeUtf8 } from '../../../firmware/mqtt/utf8.js';
import { hex, toHex } from '../../vectors/hex.js';
import { ACKNOWLEDGEMENT_TIMEOUT_MS, CONNACK_TIMEOUT_MS, KEEP_ALIVE_SECONDS, PING_DUE_MS, PING_TIMEOUT_MS, Wire } from './wire.js';

const NEVER = Number.POSITIVE_INFINITY;
const PINGRESP = { cmd: 'pingresp' } as const;
const SUBSCRIPTIONS = [{ filter: encodeUtf8('a'), qos: 0 }] as const;

/** A message of QoS 0 with this payload. */
function once(payload: string) {
  const bytes = encodeUtf8(payload);
  return { topic: encodeUtf8('t'), payload: bytes, payloadLength: bytes.length, qos: 0, retain: false } as const;
}

describe('session: connecting', () => {
  it('begins with CONNECT and waits for the answer', () => {
    const wire = new Wire().open();
    assert.deepEqual(wire.drain(), ['connect clean']);
    assert.equal(wire.session.isConnected, false);
    assert.equal(wire.session.deadlineMs, wire.nowMs + CONNACK_TIMEOUT_MS);
    wire.connack();
    assert.deepEqual(wire.takeEvents(), ['connected']);
    assert.equal(wire.session.isConnected, true);
  });

  it('takes nothing to send before the answer, and nothing while closed', () => {
    const wire = new Wire();
    const refusesAll = () => {
      assert.deepEqual(wire.publish(1), [false]);
      assert.equal(wire.session.publishOnce(once('x')), false);
      assert.equal(wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs), false);
      assert.equal(wire.session.disconnect(), false);
    };
    refusesAll();
    wire.open();
    refusesAll();
    assert.deepEqual(wire.drain(), ['connect clean']);
  });

  for (const returnCode of [1, 2, 3, 4, 5]) {
    it(`reports return code ${returnCode} (§3.2.2.3)`, () => {
      const wire = new Wire().open();
      wire.connack(false, returnCode);
      assert.deepEqual(wire.takeEvents(), [`failed: connection-refused ${returnCode}`]);
      assert.equal(wire.session.isConnected, false);
    });
  }

  for (const [name, bytes] of [
    ['PUBLISH', '32 06 0001 61 0001 31'],
    ['an oversized PUBLISH', `30 50 0001 61 ${'61'.repeat(77)}`],
    ['PUBACK', '40 02 0001'],
    ['SUBACK', '90 03 0001 00'],
    ['PINGRESP', 'd0 00'],
  ] as const) {
    it(`gives up when ${name} comes before CONNACK ([MQTT-3.2.0-1]), whatever follows`, () => {
      const wire = new Wire().open();
      wire.drain();
      wire.session.receive(hex(`${bytes} 20 02 00 00`), wire.nowMs);
      assert.deepEqual(wire.takeEvents(), ['failed: packet-before-connack']);
      assert.equal(wire.session.pendingBytes, 0);
    });
  }

  it('gives up at a second CONNACK', () => {
    const wire = new Wire().connected();
    wire.connack();
    assert.deepEqual(wire.takeEvents(), ['failed: second-connack']);
  });

  it('gives up when a session is said to be present after a clean start ([MQTT-3.2.2-1])', () => {
    const wire = new Wire().open({ cleanStart: true });
    wire.connack(true);
    assert.deepEqual(wire.takeEvents(), ['failed: session-present-after-clean-start']);
  });

  it('gives up when no CONNACK comes: at its deadline, not before', () => {
    const wire = new Wire().open();
    wire.tickAfter(CONNACK_TIMEOUT_MS - 1);
    assert.deepEqual(wire.takeEvents(), []);
    wire.tickAfter(1);
    assert.deepEqual(wire.takeEvents(), ['failed: connack-timeout']);
  });

  it('gives up when the server breaks the protocol ([MQTT-4.8.0-1]), once', () => {
    const wire = new Wire().connected();
    wire.session.receive(hex('f0 00'), wire.nowMs);
    wire.session.receive(hex('f0 00 d0 00'), wire.nowMs);
    wire.tickAfter(1_000_000);
    assert.deepEqual(wire.takeEvents(), ['failed: unexpected-packet-type']);
    assert.equal(wire.session.deadlineMs, NEVER);
  });

  it('takes a packet that comes in parts, and forgets a part of the last connection', () => {
    const wire = new Wire().connected();
    wire.session.receive(hex('90'), wire.nowMs);
    wire.reconnect(false);
    assert.deepEqual(wire.takeEvents(), ['connected']);
  });

  it('hears nothing while closed', () => {
    const wire = new Wire().connected();
    wire.session.close();
    wire.session.receive(hex('20 02 00 00'), wire.nowMs);
    assert.deepEqual(wire.takeEvents(), []);
    assert.equal(wire.session.deadlineMs, NEVER);
  });

  it('is opened once', () => {
    const wire = new Wire().open();
    assert.throws(() => wire.open(), ContractError);
  });

  it('needs an output buffer for its CONNECT', () => {
    assert.throws(() => new Wire({ outputCapacity: 10 }).open(), ContractError);
  });
});

describe('session: publishing', () => {
  it('publishes QoS 1 and hears of the acknowledgement, in whatever order they come', () => {
    const wire = new Wire().connected();
    assert.deepEqual(wire.publish(10, 11, 12), [true, true, true]);
    assert.deepEqual(wire.drain(), ['publish #1 10', 'publish #2 11', 'publish #3 12']);
    wire.puback(2, 1, 3);
    assert.deepEqual(wire.takeEvents(), ['acknowledged 11', 'acknowledged 10', 'acknowledged 12']);
    assert.equal(wire.session.inflightCount, 0);
  });

  it('keeps to its window, and goes on as it opens', () => {
    const wire = new Wire({ window: 2 }).connected();
    assert.deepEqual(wire.publish(1, 2, 3), [true, true, false]);
    assert.equal(wire.session.canPublish, false);
    wire.puback(1);
    assert.deepEqual(wire.publish(3, 4), [true, false]);
    assert.deepEqual(wire.drain(), ['publish #1 1', 'publish #2 2', 'publish #3 3']);
  });

  it('ignores an acknowledgement that comes twice, or for nothing', () => {
    const wire = new Wire().connected();
    wire.publish(1);
    wire.puback(1, 1, 77);
    assert.deepEqual(wire.takeEvents(), ['acknowledged 1']);
    assert.equal(wire.session.isConnected, true);
  });

  it('publishes QoS 0 without packet id and without place in the window ([MQTT-2.3.1-5])', () => {
    const wire = new Wire({ window: 1 }).connected();
    wire.publish(1);
    assert.equal(wire.session.publishOnce(once('x')), true);
    assert.deepEqual(wire.drain(), ['publish #1 1', 'publish once x']);
    assert.equal(wire.session.inflightCount, 1);
  });

  it('leaves room for acknowledgements: a message that would take it waits, and nothing was done', () => {
    const payload = 'x'.repeat(100);
    // PUBLISH: 2 bytes of fixed header, 3 of topic, 2 of packet id.
    const wire = new Wire({ outputCapacity: CONTROL_RESERVE_BYTES + 2 * 107 }).connected();
    for (const tag of [1, 2, 3]) wire.payloads.set(tag, payload);
    assert.deepEqual(wire.publish(1, 2, 3), [true, true, false]);
    assert.equal(wire.session.publishOnce(once('')), false);
    assert.equal(wire.session.inflightCount, 2);
    wire.takeBytes(107);
    assert.deepEqual(wire.publish(3), [true]);
    assert.deepEqual(
      wire.drain().map((packet) => packet.slice(0, 10)),
      ['publish #1', 'publish #2', 'publish #3'],
    );
  });

  it('says so when a message can never be sent', () => {
    const wire = new Wire({ outputCapacity: 200 }).connected();
    wire.payloads.set(1, 'x'.repeat(200));
    assert.throws(() => wire.publish(1), ContractError);
  });

  it('gives up when an acknowledgement does not come: the oldest counts', () => {
    const wire = new Wire().connected();
    wire.publish(1);
    wire.nowMs += 5_000;
    wire.publish(2);
    wire.drain();
    wire.puback(1);
    assert.equal(wire.session.deadlineMs, wire.nowMs + ACKNOWLEDGEMENT_TIMEOUT_MS);
    wire.tickAfter(ACKNOWLEDGEMENT_TIMEOUT_MS - 1);
    assert.deepEqual(wire.takeEvents(), ['acknowledged 1']);
    wire.tickAfter(1);
    assert.deepEqual(wire.takeEvents(), ['failed: acknowledgement-timeout']);
  });

  it('takes commands from within an event', () => {
    const wire = new Wire();
    wire.onEvent = (event) => {
      if (event === 'connected') wire.publish(1);
      if (event === 'acknowledged 1') wire.publish(2);
    };
    wire.connected();
    wire.puback(1);
    assert.deepEqual(wire.drain(), ['publish #1 1', 'publish #2 2']);
  });
});

describe('session: packet ids', () => {
  /** Uses up packet ids from `from` to `to` ([MQTT-2.3.1-1]: never 0). */
  function spend(wire: Wire, from: number, to: number): void {
    for (let packetId = from; packetId <= to; packetId++) {
      assert.equal(wire.session.publish(0, wire.nowMs), true);
      wire.session.sent(wire.session.pendingBytes, wire.nowMs);
      wire.session.receive(Uint8Array.of(0x40, 2, packetId >> 8, packetId & 0xff), wire.nowMs);
    }
    assert.equal(wire.session.inflightCount, 0);
  }

  it('run from 1 to 65,535 and then from 1 again, never 0', () => {
    const wire = new Wire().connected();
    spend(wire, 1, 65_534);
    wire.publish(1, 2, 3);
    assert.deepEqual(wire.drain(), ['publish #65535 1', 'publish #1 2', 'publish #2 3']);
  });

  it('skip those in flight ([MQTT-2.3.1-2]), of messages and of a subscription', () => {
    const wire = new Wire({ window: 5 }).connected();
    wire.publish(1); // #1
    wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs); // #2
    wire.publish(3); // #3
    wire.drain();
    for (let packetId = 4; packetId <= 65_535; packetId++) {
      wire.publish(9);
      wire.session.sent(wire.session.pendingBytes, wire.nowMs);
      wire.session.receive(Uint8Array.of(0x40, 2, packetId >> 8, packetId & 0xff), wire.nowMs);
    }
    wire.publish(4, 5);
    assert.deepEqual(wire.drain(), ['publish #4 4', 'publish #5 5']);
  });

  it('of a subscription skip the messages in flight', () => {
    const wire = new Wire().connected();
    wire.publish(1);
    wire.drain();
    for (let packetId = 2; packetId <= 65_535; packetId++) {
      wire.publish(9);
      wire.session.sent(wire.session.pendingBytes, wire.nowMs);
      wire.session.receive(Uint8Array.of(0x40, 2, packetId >> 8, packetId & 0xff), wire.nowMs);
    }
    wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs);
    assert.deepEqual(wire.drain(), ['subscribe #2']);
  });

  it('are not used again across a reconnect while in flight', () => {
    const wire = new Wire().connected();
    wire.publish(1, 2);
    wire.drain();
    wire.puback(1);
    wire.reconnect(true);
    wire.publish(3);
    assert.deepEqual(wire.drain(), ['publish #2 dup 2', 'publish #3 3']);
  });
});

describe('session: redelivery', () => {
  it('sends again with DUP, the same ids, order and bytes ([MQTT-4.4.0-1], [MQTT-4.6.0-1])', () => {
    const wire = new Wire().connected();
    wire.publish(10, 11, 12);
    const before = toHex(wire.takeBytes(NEVER));
    wire.puback(2);
    wire.takeEvents();
    wire.reconnect(true);
    assert.deepEqual(wire.takeEvents(), ['connected, session present']);
    const again = toHex(wire.takeBytes(NEVER));
    // First byte 0x32 becomes 0x3a: nothing but DUP ([MQTT-3.3.1-1]).
    const [first, , third] = before.match(/.{18}/g) as string[];
    assert.equal(again, `${first}${third}`.replaceAll('3207', '3a07'));
    wire.puback(1, 3);
    assert.deepEqual(wire.takeEvents(), ['acknowledged 10', 'acknowledged 12']);
  });

  it('takes no new message before all old ones were sent again', () => {
    const wire = new Wire({ outputCapacity: CONTROL_RESERVE_BYTES + 107, window: 3 }).connected();
    for (const tag of [1, 2]) wire.payloads.set(tag, `${tag}`.repeat(100));
    wire.publish(1);
    wire.drain();
    wire.publish(2);
    wire.drain();
    wire.session.close();
    wire.open({ cleanStart: false });
    wire.drain();
    assert.equal(wire.session.isResuming, true);
    wire.connack(true);
    // Only the first fits in the output.
    assert.equal(wire.session.pendingBytes, 107);
    assert.equal(wire.session.isResuming, true);
    assert.deepEqual(wire.publish(3), [false]);
    // Not enough room yet.
    wire.takeBytes(106);
    assert.equal(wire.session.pendingBytes, 1);
    assert.equal(wire.session.isResuming, true);
    // The rest follows from within `sent`.
    wire.takeBytes(1);
    assert.equal(wire.session.pendingBytes, 107);
    assert.equal(wire.session.isResuming, false);
    assert.deepEqual(wire.drain(), [`publish #1 dup ${'1'.repeat(100)}`, `publish #2 dup ${'2'.repeat(100)}`]);
    assert.deepEqual(wire.publish(3), [true]);
    assert.deepEqual(wire.drain(), ['publish #3 3']);
  });

  it('survives a second drop in the middle of it', () => {
    const wire = new Wire({ outputCapacity: CONTROL_RESERVE_BYTES + 107, window: 3 }).connected();
    for (const tag of [1, 2, 3]) {
      wire.payloads.set(tag, `${tag}`.repeat(100));
      wire.publish(tag);
      wire.drain();
    }
    wire.reconnect(true);
    wire.drain(); // all three
    wire.reconnect(true);
    wire.takeBytes(107); // the first; the second is in the output, the third was not built
    wire.puback(1);
    wire.takeEvents();
    wire.reconnect(true);
    assert.deepEqual(
      wire.drain().map((packet) => packet.slice(0, 16)),
      ['publish #2 dup 2', 'publish #3 dup 3'],
    );
  });

  it('is not due for a message whose acknowledgement comes first', () => {
    const wire = new Wire({ outputCapacity: CONTROL_RESERVE_BYTES + 107, window: 3 }).connected();
    for (const tag of [1, 2, 3]) {
      wire.payloads.set(tag, `${tag}`.repeat(100));
      wire.publish(tag);
      wire.drain();
    }
    wire.reconnect(true);
    wire.puback(2); // the server had it; its redelivery did not fit yet
    assert.deepEqual(
      wire.drain().map((packet) => packet.slice(0, 16)),
      ['publish #1 dup 1', 'publish #3 dup 3'],
    );
  });

  it('waits for acknowledgements from when it was sent again', () => {
    const wire = new Wire().connected();
    wire.publish(1);
    wire.drain();
    wire.nowMs += ACKNOWLEDGEMENT_TIMEOUT_MS + 5_000;
    wire.reconnect(true);
    assert.equal(wire.session.deadlineMs, wire.nowMs + ACKNOWLEDGEMENT_TIMEOUT_MS);
  });

  it('forgets what was in flight when the server kept nothing, and says so before all else', () => {
    const wire = new Wire().connected();
    wire.publish(1, 2);
    wire.drain();
    wire.reconnect(false);
    assert.deepEqual(wire.takeEvents(), ['session lost', 'connected']);
    assert.deepEqual(wire.drain(), []);
    assert.equal(wire.session.inflightCount, 0);
    wire.puback(1); // of the old session: it acknowledges nothing
    wire.publish(1, 2);
    assert.deepEqual(wire.takeEvents(), []);
    assert.deepEqual(wire.drain(), ['publish #3 1', 'publish #4 2']);
  });

  it('loses no session where nothing was in flight', () => {
    const wire = new Wire().connected();
    wire.reconnect(false);
    assert.deepEqual(wire.takeEvents(), ['connected']);
  });

  it('includes what was still in the output when the connection broke', () => {
    const wire = new Wire().connected();
    wire.publish(1, 2);
    wire.takeBytes(3);
    wire.reconnect(true);
    assert.deepEqual(wire.drain(), ['publish #1 dup 1', 'publish #2 dup 2']);
  });

  it('cannot be due on a clean start: nothing is resumed', () => {
    const wire = new Wire().open({ cleanStart: true });
    assert.equal(wire.session.isResuming, false);
    wire.session.close();
    wire.open({ cleanStart: false });
    assert.equal(wire.session.isResuming, true);
  });
});

describe('session: receiving', () => {
  const publish = { cmd: 'publish', topic: 'a', payload: 'x', qos: 0, dup: false, retain: false } as const;

  it('hands messages on, and acknowledges those with QoS 1 ([MQTT-3.8.4-6], [MQTT-4.3.2-2])', () => {
    const wire = new Wire().connected();
    wire.send(publish);
    wire.send({ ...publish, qos: 1, messageId: 7, retain: true });
    wire.send({ ...publish, qos: 1, messageId: 7, dup: true });
    assert.deepEqual(wire.takeEvents(), ['message a=x', 'message a=x retain', 'message a=x dup']);
    assert.deepEqual(wire.drain(), ['puback #7', 'puback #7']);
  });

  it('skips a message that is too long, and acknowledges it: else it would come for ever', () => {
    const wire = new Wire().connected();
    wire.send({ ...publish, payload: 'x'.repeat(100) });
    wire.send({ ...publish, payload: 'x'.repeat(100), qos: 1, messageId: 9 });
    assert.deepEqual(wire.takeEvents(), ['oversized message', 'oversized message']);
    assert.deepEqual(wire.drain(), ['puback #9']);
  });

  it('gives up when a server sends and sends, and reads no acknowledgement', () => {
    const wire = new Wire({ outputCapacity: 100 }).connected();
    for (let messageId = 1; messageId <= 26; messageId++) wire.send({ ...publish, qos: 1, messageId });
    const events = wire.takeEvents();
    assert.equal(events.filter((event) => event === 'message a=x').length, 26);
    assert.deepEqual(events.slice(26), ['failed: output-full']);
    assert.equal(wire.session.pendingBytes, 100); // 25 whole acknowledgements
  });

  it('acknowledges nothing after the handler has closed the connection', () => {
    const wire = new Wire().connected();
    wire.onEvent = () => wire.session.close();
    wire.send({ ...publish, qos: 1, messageId: 7 });
    assert.equal(wire.session.pendingBytes, 0);
  });
});

describe('session: subscribing', () => {
  it('subscribes, one at a time', () => {
    const wire = new Wire().connected();
    assert.equal(wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs), true);
    assert.equal(wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs), false);
    assert.deepEqual(wire.drain(), ['subscribe #1']);
    wire.send({ cmd: 'suback', messageId: 2, granted: [0] }); // not ours
    assert.deepEqual(wire.takeEvents(), []);
    wire.send({ cmd: 'suback', messageId: 1, granted: [0x80] });
    assert.deepEqual(wire.takeEvents(), ['subscribed 128']);
    assert.equal(wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs), true);
    assert.deepEqual(wire.drain(), ['subscribe #2']);
  });

  it('gives up when no SUBACK comes', () => {
    const wire = new Wire().connected();
    wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs);
    wire.drain();
    assert.equal(wire.session.deadlineMs, wire.nowMs + ACKNOWLEDGEMENT_TIMEOUT_MS);
    wire.tickAfter(ACKNOWLEDGEMENT_TIMEOUT_MS);
    assert.deepEqual(wire.takeEvents(), ['failed: acknowledgement-timeout']);
  });

  it('throws for what is no topic filter ([MQTT-4.7.1-2])', () => {
    const wire = new Wire().connected();
    const wrong = [...SUBSCRIPTIONS, { filter: encodeUtf8('a#'), qos: 0 }] as const;
    assert.throws(() => wire.session.subscribe(wrong, wire.nowMs), ContractError);
    assert.equal(wire.session.pendingBytes, 0);
  });

  it('starts anew on a new connection', () => {
    const wire = new Wire().connected();
    wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs);
    wire.reconnect(true);
    assert.equal(wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs), true);
  });

  it('writes nothing where there is no room', () => {
    const wire = new Wire({ outputCapacity: 100 }).connected();
    const long = [{ filter: new Uint8Array(100).fill(0x61), qos: 0 }] as const;
    assert.equal(wire.session.subscribe(long, wire.nowMs), false);
    assert.equal(wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs), true);
  });
});

describe('session: keep-alive', () => {
  it('pings when the server has been silent, though the client was not', () => {
    const wire = new Wire().connected();
    const silentSinceMs = wire.nowMs;
    for (let turn = 0; turn < 3; turn++) {
      wire.tickAfter(PING_DUE_MS / 3 - 1);
      assert.equal(wire.session.publishOnce(once('x')), true);
      assert.deepEqual(wire.drain(), ['publish once x']);
    }
    assert.equal(wire.session.deadlineMs, silentSinceMs + PING_DUE_MS);
    wire.tickAfter(3);
    assert.deepEqual(wire.drain(), ['pingreq']);
  });

  it('pings when the client has been silent, though the server was not ([MQTT-3.1.2-23])', () => {
    const wire = new Wire().connected();
    for (let turn = 0; turn < 3; turn++) {
      wire.tickAfter(PING_DUE_MS / 3 - 1);
      wire.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 0, dup: false, retain: false });
    }
    assert.deepEqual(wire.drain(), []);
    wire.tickAfter(3);
    assert.deepEqual(wire.drain(), ['pingreq']);
  });

  it('does not ping while both sides talk', () => {
    const wire = new Wire().connected();
    for (let turn = 0; turn < 100; turn++) {
      wire.tickAfter(PING_DUE_MS - 1);
      wire.publish(0);
      assert.deepEqual(wire.drain(), [`publish #${turn + 1} 0`]);
      wire.puback(turn + 1);
    }
  });

  it('gives up when the answer does not come, and is content when it does', () => {
    const wire = new Wire().connected();
    wire.tickAfter(PING_DUE_MS);
    wire.drain();
    wire.send(PINGRESP);
    assert.equal(wire.session.deadlineMs, wire.nowMs + PING_DUE_MS);
    wire.tickAfter(PING_DUE_MS);
    assert.deepEqual(wire.drain(), ['pingreq']);
    assert.equal(wire.session.deadlineMs, wire.nowMs + PING_TIMEOUT_MS);
    wire.tickAfter(PING_TIMEOUT_MS - 1);
    assert.deepEqual(wire.takeEvents(), []);
    wire.tickAfter(1);
    assert.deepEqual(wire.takeEvents(), ['failed: ping-timeout']);
  });

  it('asks once: no second PINGREQ while the first waits for its answer', () => {
    const wire = new Wire({ pingTimeoutMs: 1_000_000 }).connected();
    wire.tickAfter(PING_DUE_MS);
    wire.tickAfter(PING_DUE_MS);
    assert.deepEqual(wire.drain(), ['pingreq']);
  });

  it('finds a peer that takes nothing: the PINGREQ has no room, and its deadline counts all the same', () => {
    const wire = new Wire({ outputCapacity: 100 }).connected();
    for (let messageId = 1; messageId <= 25; messageId++) {
      wire.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 1, messageId, dup: false, retain: false });
    }
    wire.takeEvents();
    wire.tickAfter(PING_DUE_MS);
    wire.tickAfter(PING_TIMEOUT_MS);
    assert.deepEqual(wire.takeEvents(), ['failed: ping-timeout']);
  });

  it('is off with a keep-alive of 0 (§3.1.2.10)', () => {
    const wire = new Wire().connected({ keepAliveSeconds: 0 });
    assert.equal(wire.session.deadlineMs, NEVER);
    wire.tickAfter(1e9);
    assert.deepEqual(wire.drain(), []);
  });

  it('begins anew with a new connection', () => {
    const wire = new Wire().connected();
    wire.tickAfter(PING_DUE_MS);
    wire.reconnect(true);
    assert.equal(wire.session.deadlineMs, wire.nowMs + (KEEP_ALIVE_SECONDS * 1000 * 3) / 4);
  });
});

describe('session: disconnecting', () => {
  it('sends DISCONNECT behind what is pending, and nothing behind it ([MQTT-3.14.4-2])', () => {
    const wire = new Wire().connected();
    wire.publish(1);
    assert.equal(wire.session.disconnect(), true);
    assert.deepEqual(wire.publish(2), [false]);
    assert.equal(wire.session.publishOnce(once('x')), false);
    assert.equal(wire.session.subscribe(SUBSCRIPTIONS, wire.nowMs), false);
    assert.equal(wire.session.disconnect(), false);
    wire.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 1, messageId: 7, dup: false, retain: false });
    wire.tickAfter(1e9);
    assert.deepEqual(wire.drain(), ['publish #1 1', 'disconnect']);
  });

  it('still hears of acknowledgements', () => {
    const wire = new Wire().connected();
    wire.publish(1);
    wire.session.disconnect();
    wire.drain();
    wire.puback(1);
    assert.deepEqual(wire.takeEvents(), ['acknowledged 1']);
  });

  it('ends a redelivery', () => {
    const wire = new Wire({ outputCapacity: CONTROL_RESERVE_BYTES + 107, window: 3 }).connected();
    for (const tag of [1, 2]) {
      wire.payloads.set(tag, `${tag}`.repeat(100));
      wire.publish(tag);
      wire.drain();
    }
    wire.reconnect(true);
    wire.session.disconnect();
    assert.deepEqual(
      wire.drain().map((packet) => packet.slice(0, 16)),
      ['publish #1 dup 1', 'disconnect'],
    );
  });
});
