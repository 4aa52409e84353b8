// What MQTT 5 adds to a session: limits of either side, reasons in either direction, and properties.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { generate, type IConnackPacket, type Packet } from 'mqtt-packet';
import { ContractError } from '../../../firmware/errors.js';
import {
  ACKNOWLEDGEMENT_MAXIMUM_BYTES,
  encodeAcknowledgement,
  encodeDisconnect,
  encodePingreq,
} from '../../../firmware/mqtt/encode.js';
import { encodeUserProperty } from '../../../firmware/mqtt/encode-properties.js';
import type { InboundMessage } from '../../../firmware/mqtt/inbound-message.js';
import { OutputBuffer } from '../../../firmware/mqtt/output.js';
import { type Properties, PropertyId } from '../../../firmware/mqtt/properties.js';
import { type MessageProperties, type OutboundMessage, PacketType } from '../../../firmware/mqtt/protocol.js';
import { ReasonCode } from '../../../firmware/mqtt/reason.js';
import { decodeUtf8, encodeUtf8 } from '../../../firmware/mqtt/utf8.js';
import { hex, toHex } from '../../vectors/hex.js';
import { KEEP_ALIVE_SECONDS, PING_DUE_MS, Wire } from './wire.js';

const FILTER = [{ filter: encodeUtf8('a'), qos: 1 }] as const;

const inbound = (messageId: number, qos: 0 | 1 | 2 = 1) =>
  ({ cmd: 'publish', topic: 'a', payload: 'x', qos, retain: false, dup: false, messageId }) as const;

function wire5(options: ConstructorParameters<typeof Wire>[0] = {}): Wire {
  return new Wire(options, 5);
}

/** Connected to a server that says this of itself. */
function connectedTo(properties: IConnackPacket['properties'], options: ConstructorParameters<typeof Wire>[0] = {}): Wire {
  const wire = wire5(options).open();
  wire.drain();
  wire.connack(false, 0, properties);
  wire.takeEvents();
  return wire;
}

function once(payload: string, changes: Partial<OutboundMessage> = {}): OutboundMessage {
  const bytes = encodeUtf8(payload);
  return { topic: encodeUtf8('t'), payload: bytes, payloadLength: bytes.length, qos: 0, retain: false, ...changes };
}

describe('session, MQTT 5: connecting', () => {
  it('announces what it takes: receive maximum and maximum packet size, and no topic alias', () => {
    const wire = wire5({ receiveMaximum: 9, inputCapacity: 200 }).open({ sessionExpirySeconds: 60 });
    const [connect] = wire.drainPackets();
    assert.ok(connect?.cmd === 'connect');
    // A body of 200 bytes has two bytes of remaining length and one of type in front.
    const expected = { sessionExpiryInterval: 60, receiveMaximum: 9, maximumPacketSize: 203 };
    assert.deepEqual({ ...connect.properties }, expected);
  });

  it('announces no maximum packet size where messages may come in pieces', () => {
    const stream = { begin: () => true, piece: () => {}, end: () => {}, abort: () => {} };
    const [connect] = wire5({ stream }).open().drainPackets();
    assert.ok(connect?.cmd === 'connect');
    assert.equal(connect.properties?.maximumPacketSize, undefined);
  });

  it('tells what the server says of itself: an assigned client id, response information', () => {
    let seen: string[] = [];
    const wire = wire5();
    const { onConnected } = wire;
    wire.onConnected = (sessionPresent: boolean, properties?: Properties) => {
      const ids = [PropertyId.assignedClientIdentifier, PropertyId.responseInformation];
      seen = ids.map((id) => decodeUtf8(properties?.bytes(id) ?? new Uint8Array(0)));
      onConnected.call(wire, sessionPresent);
    };
    wire.open({ clientId: '' });
    wire.connack(false, 0, { assignedClientIdentifier: 'abc', responseInformation: 'r/' });
    assert.deepEqual(seen, ['abc', 'r/']);
  });

  it('keeps to the keep-alive of the server ([MQTT-3.1.2-21])', () => {
    const wire = connectedTo({ serverKeepAlive: 8 });
    assert.equal(wire.session.deadlineMs, wire.nowMs + 6_000);
    const off = connectedTo({ serverKeepAlive: 0 });
    assert.equal(off.session.deadlineMs, Number.POSITIVE_INFINITY);
    off.session.close();
    off.open();
    off.connack();
    assert.equal(off.session.deadlineMs, off.nowMs + (KEEP_ALIVE_SECONDS * 1000 * 3) / 4);
  });

  for (const code of [0x80, 0x84, 0x86, 0x87, 0x8c, 0x9c, 0x9f]) {
    it(`reports reason code 0x${code.toString(16)} and what it says, and sends nothing more (§3.2.2.2)`, () => {
      const wire = wire5().open();
      wire.drain();
      wire.connack(false, code, { reasonString: 'because' });
      assert.deepEqual(wire.takeEvents(), [`failed: connection-refused ${code}: because`]);
      assert.equal(wire.session.pendingBytes, 0);
      assert.equal(wire.session.hasFarewell, false);
    });
  }

  it('understands the refusal of a server that knows 3.1.1 alone', () => {
    const wire = wire5().open();
    wire.session.receive(hex('20 02 00 01'), wire.nowMs);
    assert.deepEqual(wire.takeEvents(), ['failed: connection-refused 1']);
  });

  it('gives up at a session that it knows nothing of ([MQTT-3.2.2-4]); 3.1.1 takes it', () => {
    const wire = wire5().open({ cleanStart: false });
    wire.connack(true);
    assert.deepEqual(wire.takeEvents(), ['failed: session-present-after-clean-start']);
    const old = new Wire({}, 4).open({ cleanStart: false });
    old.connack(true);
    assert.deepEqual(old.takeEvents(), ['connected, session present']);
  });

  it('starts clean in another version where messages are in flight: they are built anew', () => {
    const wire = wire5().connected();
    wire.publish(1);
    wire.drain();
    wire.session.close();
    wire.open({ level: 4, cleanStart: false });
    assert.deepEqual(wire.drain(), ['connect clean']);
    wire.connack();
    assert.deepEqual(wire.takeEvents(), ['session lost', 'connected']);
    wire.session.close();
    wire.open({ level: 5, cleanStart: false });
    assert.deepEqual(wire.drain(), ['connect']);
  });

  it('knows whether a byte came', () => {
    const wire = wire5().open();
    assert.equal(wire.session.isUnanswered, true);
    wire.session.receive(hex('20'), wire.nowMs);
    assert.equal(wire.session.isUnanswered, false);
  });
});

describe('session, MQTT 5: what the server takes', () => {
  it('has no more in flight than its receive maximum ([MQTT-3.3.4-7])', () => {
    const wire = connectedTo({ receiveMaximum: 2 });
    wire.qualities.set(2, 2);
    assert.deepEqual(wire.publish(1, 2, 3), [true, true, false]);
    assert.equal(wire.session.canPublish, false);
    wire.send({ cmd: 'pubrec', messageId: 2 });
    assert.deepEqual(wire.publish(3), [false]); // the exchange is not over
    wire.send({ cmd: 'pubcomp', messageId: 2 });
    assert.deepEqual(wire.publish(3, 4), [true, false]);
    wire.puback(1);
    assert.deepEqual(wire.publish(4), [true]);
    assert.equal(wire.session.publishOnce(once('x')), true); // QoS 0 does not count
  });

  it('redelivers no faster than a receive maximum that has become smaller, and discards nothing (§4.9)', () => {
    const wire = wire5().connected();
    wire.publish(1, 2, 3);
    wire.drain();
    wire.session.close();
    wire.open({ cleanStart: false });
    wire.drain();
    wire.connack(true, 0, { receiveMaximum: 1 });
    assert.deepEqual(wire.drain(), ['publish #1 dup 1']);
    wire.puback(1);
    assert.deepEqual(wire.drain(), ['publish #2 dup 2']);
    assert.equal(wire.session.isResuming, true);
    assert.deepEqual(wire.publish(4), [false]);
    wire.puback(2);
    assert.deepEqual(wire.drain(), ['publish #3 dup 3']);
    assert.deepEqual(wire.publish(4), [false]);
    wire.puback(3);
    assert.deepEqual(wire.publish(4), [true]);
  });

  it('gives up where a message is larger than its maximum packet size, and sends none of it ([MQTT-3.2.2-15])', () => {
    // 2 bytes of fixed header, 3 of topic, 2 of packet id, 1 of properties, 12 of payload.
    for (const [maximumPacketSize, isSent] of [
      [20, true],
      [19, false],
    ] as const) {
      const wire = connectedTo({ maximumPacketSize });
      wire.payloads.set(1, 'x'.repeat(12));
      assert.deepEqual(wire.publish(1), [isSent]);
      assert.deepEqual(wire.takeEvents(), isSent ? [] : ['failed: beyond-server-limits']);
      assert.equal(wire.session.pendingBytes, isSent ? 20 : 0);
    }
  });

  for (const request of ['subscribe', 'unsubscribe'] as const) {
    it(`gives up where ${request.toUpperCase()} is larger than it takes, and sends none of it ([MQTT-3.2.2-15])`, () => {
      // Fixed header 2, packet id 2, properties 10 (their length, and the user property of 9), filter 2 + 20, and its options.
      const byteCount = 2 + 2 + 10 + 22 + (request === 'subscribe' ? 1 : 0);
      for (const maximumPacketSize of [byteCount, byteCount - 1]) {
        const isSent = maximumPacketSize === byteCount;
        const wire = connectedTo({ maximumPacketSize });
        const filter = encodeUtf8('a'.repeat(20));
        const properties = { userProperties: encodeUserProperty('time', '') };
        const isTaken =
          request === 'subscribe'
            ? wire.session.subscribe([{ filter, qos: 1 }], wire.nowMs, properties)
            : wire.session.unsubscribe([filter], wire.nowMs, properties);
        assert.equal(isTaken, isSent);
        assert.deepEqual(wire.takeEvents(), isSent ? [] : ['failed: beyond-server-limits']);
        assert.equal(wire.session.pendingBytes, isSent ? byteCount : 0);
      }
    });
  }

  it('gives up where it takes no packet as long as an answer can be, and sends nothing to it ([MQTT-3.2.2-15])', () => {
    assert.equal(connectedTo({ maximumPacketSize: 5 }).session.isConnected, true);
    const wire = wire5().open();
    wire.drain();
    wire.connack(false, 0, { maximumPacketSize: 4 });
    assert.deepEqual(wire.takeEvents(), ['failed: beyond-server-limits']);
    assert.equal(wire.session.pendingBytes, 0);
  });

  it('what is not measured is no longer than an answer: acknowledgements, PINGREQ, DISCONNECT ([MQTT-3.2.2-15])', () => {
    const lengthOf = (encode: (output: OutputBuffer) => boolean) => {
      const output = new OutputBuffer(64);
      assert.equal(encode(output), true);
      return output.length;
    };
    const types = [PacketType.puback, PacketType.pubrec, PacketType.pubrel, PacketType.pubcomp];
    const longest = types.map((type) => lengthOf((output) => encodeAcknowledgement(output, type, 0xffff, 0x92, 5)));
    assert.deepEqual(longest, [5, 5, 5, 5]);
    assert.ok(lengthOf(encodePingreq) < ACKNOWLEDGEMENT_MAXIMUM_BYTES);
    assert.ok(lengthOf((output) => encodeDisconnect(output, 0x81, 5)) < ACKNOWLEDGEMENT_MAXIMUM_BYTES);
  });

  it('leaves out a message of QoS 0 that is larger', () => {
    const wire = connectedTo({ maximumPacketSize: 10 });
    assert.equal(wire.session.publishOnce(once('1234567890')), false);
    assert.deepEqual([wire.drain(), wire.takeEvents()], [[], []]);
    assert.equal(wire.session.publishOnce(once('1234')), true);
  });

  it('gives up where what must be sent again has become too large: it is built anew in a new session', () => {
    const wire = wire5().connected();
    wire.payloads.set(1, 'x'.repeat(50));
    wire.publish(1);
    wire.drain();
    wire.session.close();
    wire.open({ cleanStart: false });
    wire.drain();
    wire.connack(true, 0, { maximumPacketSize: 30 });
    assert.deepEqual(wire.takeEvents(), ['failed: beyond-server-limits']);
    assert.equal(wire.session.inflightCount, 1);
  });

  it('sends with the QoS that it takes ([MQTT-3.2.2-11]); with none at all, nothing would be acknowledged', () => {
    const wire = connectedTo({ maximumQoS: 1 });
    wire.qualities.set(1, 2);
    wire.publish(1);
    const [packet] = wire.drainPackets();
    assert.ok(packet?.cmd === 'publish' && packet.qos === 1);
    wire.puback(1);
    assert.deepEqual(wire.takeEvents(), ['acknowledged 1']);
    const poor = connectedTo({ maximumQoS: 0 });
    assert.deepEqual(poor.publish(1), [false]);
    assert.deepEqual(poor.takeEvents(), ['failed: beyond-server-limits']);
  });

  it('gives up where what must be sent again has a QoS that the server no longer takes', () => {
    const wire = wire5().connected();
    wire.qualities.set(1, 2);
    wire.publish(1);
    wire.drain();
    wire.session.close();
    wire.open({ cleanStart: false });
    wire.drain();
    wire.connack(true, 0, { maximumQoS: 1 });
    assert.deepEqual(wire.takeEvents(), ['failed: beyond-server-limits']);
  });

  it('sends nothing retained where it keeps nothing ([MQTT-3.2.2-14])', () => {
    const wire = connectedTo({ retainAvailable: false });
    assert.equal(wire.session.publishOnce(once('x', { retain: true })), true);
    const [packet] = wire.drainPackets();
    assert.ok(packet?.cmd === 'publish' && !packet.retain);
  });

  it('subscribes without identifier where it keeps none', () => {
    for (const [subscriptionIdentifiersAvailable, expected] of [
      [true, 7],
      [false, undefined],
    ] as const) {
      const wire = connectedTo({ subscriptionIdentifiersAvailable });
      wire.session.subscribe(FILTER, wire.nowMs, { identifier: 7, userProperties: encodeUserProperty('a', 'b') });
      const [packet] = wire.drainPackets();
      assert.ok(packet?.cmd === 'subscribe');
      assert.equal(packet.properties?.subscriptionIdentifier, expected);
      assert.deepEqual({ ...packet.properties?.userProperties }, { a: 'b' });
    }
  });

  it('forgets it with the connection', () => {
    const wire = connectedTo({ receiveMaximum: 1, maximumPacketSize: 30, maximumQoS: 0, retainAvailable: false });
    wire.reconnect(false);
    const { receiveMaximum, maximumPacketBytes, maximumQoS, retainAvailable } = wire.session.server;
    assert.deepEqual([receiveMaximum, maximumPacketBytes, maximumQoS, retainAvailable], [65_535, 268_435_460, 2, true]);
  });
});

describe('session, MQTT 5: what this client takes', () => {
  it('gives up when more messages come than were announced, unanswered ([MQTT-3.3.4-9])', () => {
    const wire = wire5({ receiveMaximum: 2 }).connected();
    wire.send(inbound(1));
    wire.send(inbound(2));
    wire.send(inbound(0, 0)); // QoS 0 does not count
    wire.takeEvents();
    wire.send(inbound(3));
    assert.deepEqual(wire.takeEvents(), ['failed: receive-maximum-exceeded']);
    assert.deepEqual(wire.drain(), ['puback #1', 'puback #2', 'disconnect 147']);
  });

  it('counts what the transport has not begun to take, in both kinds of QoS', () => {
    const wire = wire5({ receiveMaximum: 2 }).connected();
    wire.session.publishOnce(once('x'));
    wire.send(inbound(1, 2));
    wire.send(inbound(2));
    wire.takeBytes(6); // the message
    wire.send(inbound(1, 2)); // again: no new one
    wire.takeEvents();
    // The PUBACK is under way, and so the server may have it.
    wire.drain();
    wire.send(inbound(3));
    assert.deepEqual(wire.takeEvents(), ['message a=x']);
    wire.send(inbound(4));
    assert.deepEqual(wire.takeEvents(), ['failed: receive-maximum-exceeded']);
  });

  it('accuses no server that goes on as its answers come in', () => {
    const wire = wire5({ receiveMaximum: 3 }).connected();
    for (let messageId = 1; messageId <= 300; messageId++) {
      wire.send(inbound(messageId));
      if (messageId % 3 === 0) while (wire.session.pendingBytes > 0) wire.takeBytes(3);
    }
    assert.ok(wire.takeEvents().every((event) => event === 'message a=x'));
  });

  it('refuses a packet larger than announced ([MQTT-3.1.2-24])', () => {
    const wire = wire5({ inputCapacity: 64 }).connected();
    wire.send({ ...inbound(1), payload: 'x'.repeat(100) });
    assert.deepEqual(wire.takeEvents(), ['failed: packet-too-large']);
    assert.deepEqual(wire.drain(), ['disconnect 149']);
  });
});

describe('session, MQTT 5: reasons from the server', () => {
  it('a code below 0x80 acknowledges, one above refuses and frees the packet id', () => {
    const wire = wire5().connected();
    wire.qualities.set(3, 2);
    wire.publish(1, 2, 3);
    wire.send({ cmd: 'puback', messageId: 1, reasonCode: 0x10 });
    wire.send({ cmd: 'puback', messageId: 2, reasonCode: 0x97, properties: { reasonString: 'full' } });
    wire.send({ cmd: 'pubrec', messageId: 3, reasonCode: 0x87 });
    assert.deepEqual(wire.takeEvents(), ['acknowledged 1 16', 'refused 2 151: full', 'refused 3 135']);
    assert.equal(wire.session.inflightCount, 0);
    // A refused message of QoS 2 ends without PUBREL (§4.3.3).
    assert.deepEqual(wire.drain(), ['publish #1 1', 'publish #2 2', 'publish #3 3']);
  });

  it('a PUBCOMP that knows the id no more ends the exchange all the same', () => {
    const wire = wire5().connected();
    wire.qualities.set(1, 2);
    wire.publish(1);
    wire.send({ cmd: 'pubrec', messageId: 1 });
    wire.send({ cmd: 'pubcomp', messageId: 1, reasonCode: 0x92 });
    assert.deepEqual(wire.takeEvents(), ['acknowledged 1']);
  });

  it('a PUBREC that refuses what was released already changes nothing', () => {
    const wire = wire5().connected();
    wire.qualities.set(1, 2);
    wire.publish(1);
    wire.send({ cmd: 'pubrec', messageId: 1 });
    wire.drain();
    wire.send({ cmd: 'pubrec', messageId: 1, reasonCode: 0x80 });
    assert.deepEqual([wire.drain(), wire.takeEvents()], [[], []]);
    wire.send({ cmd: 'pubcomp', messageId: 1 });
    assert.deepEqual(wire.takeEvents(), ['acknowledged 1']);
  });

  it('SUBACK and UNSUBACK tell a code for each filter, and why', () => {
    const wire = wire5().connected();
    const filters = [...FILTER, { filter: encodeUtf8('b/+'), qos: 2 }] as const;
    wire.session.subscribe(filters, wire.nowMs);
    wire.send({ cmd: 'suback', messageId: 1, granted: [1, 0x87], properties: { reasonString: 'not b' } });
    assert.deepEqual(wire.takeEvents(), ['subscribed 1,135: not b']);
    wire.session.unsubscribe([encodeUtf8('a')], wire.nowMs);
    wire.send({ cmd: 'unsuback', messageId: 2, granted: [0x11] });
    assert.deepEqual(wire.takeEvents(), ['unsubscribed 17']);
  });

  it('DISCONNECT ends the connection, and says why', () => {
    const wire = wire5().connected();
    wire.send({ cmd: 'disconnect', reasonCode: 0x8e, properties: { reasonString: 'twin' } });
    assert.deepEqual(wire.takeEvents(), ['failed: server-disconnected 142: twin']);
    // There is nobody left to say good-bye to.
    assert.equal(wire.session.pendingBytes, 0);
  });

  it('DISCONNECT names another server', () => {
    let server = '';
    const wire = wire5().connected();
    wire.onFailed = (_failure, _code, properties) => {
      server = decodeUtf8(properties?.bytes(PropertyId.serverReference) ?? new Uint8Array(0));
    };
    wire.send({ cmd: 'disconnect', reasonCode: 0x9d, properties: { serverReference: 'b.example:1883' } });
    assert.equal(server, 'b.example:1883');
  });

  it('a normal DISCONNECT is the end, too', () => {
    const wire = wire5().connected();
    wire.session.receive(hex('e0 00'), wire.nowMs);
    assert.deepEqual(wire.takeEvents(), ['failed: server-disconnected']);
  });
});

describe('session, MQTT 5: reasons to the server (§4.13)', () => {
  for (const [story, bytes, failure, code] of [
    ['a malformed packet', '30 05 0001 61 09 31', 'wrong-length', ReasonCode.malformedPacket],
    ['a reserved flag', '41 02 0001', 'reserved-flags', ReasonCode.malformedPacket],
    ['a duplicate property', '30 09 0001 61 04 0100 0100 31', 'duplicate-property', ReasonCode.protocolError],
    ['a topic alias', '30 08 0001 61 03 230001 31', 'topic-alias', ReasonCode.topicAliasInvalid],
    ['AUTH', 'f0 00', 'authentication-not-asked', ReasonCode.protocolError],
    ['a second CONNACK', '20 03 00 00 00', 'second-connack', ReasonCode.protocolError],
    ['a packet for a server', '10 00', 'unexpected-packet-type', ReasonCode.protocolError],
  ] as const) {
    it(`${story}: DISCONNECT 0x${code.toString(16)}, behind what is pending`, () => {
      const wire = wire5().connected();
      wire.publish(1);
      wire.session.receive(hex(bytes), wire.nowMs);
      assert.deepEqual(wire.takeEvents(), [`failed: ${failure}`]);
      assert.equal(wire.session.hasFarewell, true);
      assert.deepEqual(wire.drain(), ['publish #1 1', `disconnect ${code}`]);
      wire.session.close();
      assert.equal(wire.session.hasFarewell, false);
    });
  }

  it('also before CONNACK, behind CONNECT', () => {
    const wire = wire5().open();
    wire.session.receive(hex('d0 00'), wire.nowMs);
    assert.deepEqual(wire.takeEvents(), ['failed: packet-before-connack']);
    assert.deepEqual(wire.drain(), ['connect clean', 'disconnect 130']);
  });

  it('nothing where there is no room, and nothing in 3.1.1', () => {
    const wire = wire5({ outputCapacity: 100 }).connected();
    wire.session.publishOnce(once('x'.repeat(28)));
    // The same message again and again is no new one, and answered each time: 16 answers fit.
    for (let time = 0; time < 17; time++) wire.send(inbound(1, 2));
    assert.deepEqual(wire.takeEvents().at(-1), 'failed: output-full');
    assert.equal(wire.session.hasFarewell, false);
    const old = new Wire({}, 4).connected();
    old.session.receive(hex('f0 00'), old.nowMs);
    assert.deepEqual([old.takeEvents(), old.session.hasFarewell, old.drain()], [['failed: unexpected-packet-type'], false, []]);
  });

  it('with disconnect: the will is to be published', () => {
    const wire = wire5().connected();
    assert.equal(wire.session.disconnect(0x04), true);
    assert.deepEqual(wire.drain(), ['disconnect 4']);
  });
});

describe('session, MQTT 5: messages', () => {
  it('go with their properties, and those of the last are not those of the next', () => {
    const wire = wire5().connected();
    const composed: Partial<OutboundMessage>[] = [{ responseTopic: encodeUtf8('r'), correlationData: Uint8Array.of(1) }, {}];
    const compose = wire.compose.bind(wire);
    wire.compose = (tag: number, message: OutboundMessage) => {
      compose(tag, message);
      Object.assign(message, composed[tag]);
    };
    wire.publish(0, 1);
    const packets = wire.drainPackets().map((packet) => (packet.cmd === 'publish' ? { ...packet.properties } : assert.fail()));
    assert.deepEqual(packets, [{ responseTopic: 'r', correlationData: Buffer.of(1) }, {}]);
  });

  for (const [what, properties] of [
    ['a response topic that is no UTF-8 ([MQTT-3.3.2-13])', { responseTopic: hex('72 c3') }],
    ['a response topic with a wildcard ([MQTT-3.3.2-14])', { responseTopic: encodeUtf8('r/+') }],
    ['an empty response topic ([MQTT-4.7.3-1])', { responseTopic: new Uint8Array(0) }],
    ['a content type that is no UTF-8 ([MQTT-3.3.2-19])', { contentType: hex('ff') }],
    ['a content type of more than 65,535 bytes (§1.5.4)', { contentType: new Uint8Array(65_536).fill(0x61) }],
  ] as const satisfies readonly (readonly [string, MessageProperties])[]) {
    it(`do not go with ${what}, nor does a will`, () => {
      const wire = wire5({ outputCapacity: 70_000 }).connected();
      const compose = wire.compose.bind(wire);
      wire.compose = (tag: number, message: OutboundMessage) => {
        compose(tag, message);
        Object.assign(message, properties);
      };
      assert.throws(() => wire.publish(1), ContractError);
      assert.throws(() => wire.session.publishOnce(once('x', properties)), ContractError);
      assert.deepEqual([wire.session.pendingBytes, wire.session.inflightCount], [0, 0]);
      const will = { topic: encodeUtf8('w'), payload: encodeUtf8('m'), qos: 0, retain: false, ...properties } as const;
      wire.session.close();
      assert.throws(() => wire.open({ will }), ContractError);
      // 3.1.1 leaves them out.
      assert.deepEqual(wire.open({ will, level: 4 }).drain(), ['connect clean']);
    });
  }

  it('come with theirs, which are looked up when asked for', () => {
    const seen: unknown[] = [];
    const wire = wire5({ inputCapacity: 200 }).connected();
    wire.onMessage = (message: InboundMessage) => {
      const pairs: string[] = [];
      message.properties.eachUserProperty((name, value) => pairs.push(`${decodeUtf8(name)}=${decodeUtf8(value)}`));
      const identifiers: number[] = [];
      message.properties.eachSubscriptionIdentifier((identifier) => identifiers.push(identifier));
      const { responseTopic, correlationData, contentType, isText, messageExpirySeconds } = message;
      const texts = [responseTopic, contentType].map((bytes) => bytes && decodeUtf8(bytes));
      seen.push([...texts, correlationData && toHex(correlationData), isText, messageExpirySeconds, pairs, identifiers]);
    };
    const properties = {
      responseTopic: 'r/1',
      correlationData: Buffer.of(7),
      contentType: 'text/plain',
      payloadFormatIndicator: true,
      messageExpiryInterval: 60,
      userProperties: { a: ['1', '2'], b: '3' },
      subscriptionIdentifier: [5, 300],
    };
    wire.session.receive(generate({ ...inbound(1), properties }, { protocolVersion: 5 }), wire.nowMs);
    wire.send(inbound(2));
    assert.deepEqual(seen, [
      ['r/1', 'text/plain', '07', true, 60, ['a=1', 'a=2', 'b=3'], [5, 300]],
      [undefined, undefined, undefined, false, undefined, [], []],
    ]);
  });

  it('of 3.1.1 have none, whatever the last one of MQTT 5 left behind, as it broke the protocol', () => {
    const seen: unknown[] = [];
    const wire = wire5().connected();
    wire.onMessage = ({ responseTopic, properties }: InboundMessage) => seen.push(responseTopic, properties.end);
    // A wildcard in the topic, behind good properties, in a buffer that is overwritten.
    const bytes = hex('30 09 0001 23 05 080002 6162');
    wire.session.receive(bytes, wire.nowMs);
    assert.deepEqual(wire.takeEvents(), ['failed: invalid-topic']);
    bytes.fill(0x26);
    wire.session.close();
    wire.open({ level: 4 });
    wire.session.receive(hex('20 02 00 00 30 04 0001 61 31'), wire.nowMs);
    assert.deepEqual(seen, [undefined, 0]);
  });

  it('are looked up to an end, though their bytes were overwritten', () => {
    const kept: Properties[] = [];
    const wire = wire5().connected();
    wire.onFailed = (_failure, _code, properties) => {
      if (properties) kept.push(properties);
    };
    const bytes = hex('e0 07 8e 05 1f0002 6162');
    wire.session.receive(bytes, wire.nowMs);
    bytes.fill(0xff, 4);
    const [properties] = kept;
    assert.equal(properties?.bytes(PropertyId.reasonString), undefined);
    properties?.eachUserProperty(() => assert.fail('there is none'));
    properties?.eachSubscriptionIdentifier(() => assert.fail('there is none'));
  });

  it('name no response topic that is none ([MQTT-3.3.2-14]): who sent it is told nothing, and nobody is cut off', () => {
    const seen: unknown[] = [];
    const wire = wire5().connected();
    wire.onMessage = ({ responseTopic }: InboundMessage) => seen.push(responseTopic);
    for (const responseTopic of ['r/+', '#', '']) {
      wire.session.receive(generate({ ...inbound(0, 0), properties: { responseTopic } }, { protocolVersion: 5 }), wire.nowMs);
    }
    assert.deepEqual(seen, [undefined, undefined, undefined]);
  });
});

for (const level of [4, 5] as const) {
  describe(`session, level ${level}: unsubscribing`, () => {
    const FILTERS = [encodeUtf8('a'), encodeUtf8('b/#')];
    const unsuback = (messageId: number): Packet => ({ cmd: 'unsuback', messageId, granted: [0, 0x11] });
    const unsubscribed = level === 5 ? 'unsubscribed 0,17' : 'unsubscribed ';

    it('one request at a time, of either kind', () => {
      const wire = new Wire({}, level).connected();
      assert.equal(wire.session.unsubscribe(FILTERS, wire.nowMs), true);
      assert.equal(wire.session.unsubscribe(FILTERS, wire.nowMs), false);
      assert.equal(wire.session.subscribe(FILTER, wire.nowMs), false);
      assert.deepEqual(wire.drain(), ['unsubscribe #1']);
      wire.send(unsuback(2)); // not ours
      assert.deepEqual(wire.takeEvents(), []);
      wire.send(unsuback(1));
      assert.deepEqual(wire.takeEvents(), [unsubscribed]);
      assert.equal(wire.session.subscribe(FILTER, wire.nowMs), true);
    });

    it('gives up when no UNSUBACK comes', () => {
      const wire = new Wire({}, level).connected();
      wire.session.unsubscribe(FILTERS, wire.nowMs);
      wire.drain();
      wire.tickAfter(PING_DUE_MS);
      assert.deepEqual(wire.takeEvents(), ['failed: acknowledgement-timeout']);
    });

    it('gives up at the wrong answer', () => {
      const wire = new Wire({}, level).connected();
      wire.session.unsubscribe(FILTERS, wire.nowMs);
      wire.send({ cmd: 'suback', messageId: 1, granted: [0, 0] });
      assert.deepEqual(wire.takeEvents(), ['failed: unexpected-acknowledgement']);
    });

    it('gives up at an answer with too few codes ([MQTT-3.8.4-6])', () => {
      const wire = new Wire({}, level).connected();
      wire.session.subscribe([...FILTER, ...FILTER], wire.nowMs);
      wire.send({ cmd: 'suback', messageId: 1, granted: [0] });
      assert.deepEqual(wire.takeEvents(), ['failed: unexpected-acknowledgement']);
    });

    it('throws for what is no topic filter, and for none at all ([MQTT-3.10.3-2])', () => {
      const wire = new Wire({}, level).connected();
      assert.throws(() => wire.session.unsubscribe([encodeUtf8('a#')], wire.nowMs), ContractError);
      assert.throws(() => wire.session.unsubscribe([], wire.nowMs), ContractError);
      assert.throws(() => wire.session.subscribe([], wire.nowMs), ContractError);
      const shared = [{ filter: encodeUtf8('$share/g/a'), qos: 0, noLocal: true }] as const;
      assert.throws(() => wire.session.subscribe(shared, wire.nowMs), ContractError); // [MQTT-3.8.3-4]
      assert.equal(wire.session.pendingBytes, 0);
    });
  });
}
