// Messages longer than any buffer: sent from a source and received in pieces, in memory that does not grow with them.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ContractError } from '../../../firmware/errors.js';
import type { InboundMessage } from '../../../firmware/mqtt/inbound-message.js';
import type { OutboundMessage, PayloadSource } from '../../../firmware/mqtt/protocol.js';
import { CONTROL_RESERVE_BYTES, type MessageStream } from '../../../firmware/mqtt/session-options.js';
import { encodeUtf8 } from '../../../firmware/mqtt/utf8.js';
import { toHex } from '../../vectors/hex.js';
import { ACKNOWLEDGEMENT_TIMEOUT_MS, PING_DUE_MS, Wire } from './wire.js';

const NEVER = Number.POSITIVE_INFINITY;

/** Byte `offset` of a payload is `offset % 251`: no piece looks like another. */
const patterned = (length: number) => Uint8Array.from({ length }, (_, offset) => offset % 251);

const SOURCE: PayloadSource = {
  read: (offset, target) => {
    for (let index = 0; index < target.length; index++) target[index] = (offset + index) % 251;
  },
};

function streamed(length: number, changes: Partial<OutboundMessage> = {}): OutboundMessage {
  const payload = new Uint8Array(0);
  return { topic: encodeUtf8('t'), payload, payloadLength: length, qos: 0, retain: false, source: SOURCE, ...changes };
}

/** Composes messages from a source, all as long as `length`. */
class StreamingWire extends Wire {
  readonly #length: number;

  constructor(length: number, ...options: ConstructorParameters<typeof Wire>) {
    super(...options);
    this.#length = length;
  }

  override compose(tag: number, message: OutboundMessage): void {
    super.compose(tag, message);
    message.source = SOURCE;
    message.payloadLength = this.#length;
  }
}

/** Writes down what comes in pieces. */
class Pieces implements MessageStream {
  readonly events: string[] = [];
  isWanted = true;
  #bytes: Uint8Array[] = [];

  begin({ topic, qos, packetId }: InboundMessage, payloadLength: number): boolean {
    this.events.push(`begin ${Buffer.from(topic)} qos ${qos} #${packetId} ${payloadLength}`);
    this.#bytes = [];
    return this.isWanted;
  }

  piece(bytes: Uint8Array): void {
    this.#bytes.push(bytes.slice());
  }

  end(): void {
    this.events.push(`end ${toHex(Buffer.concat(this.#bytes)) === toHex(patterned(this.length)) ? 'as sent' : 'damaged'}`);
  }

  abort(): void {
    this.events.push('abort');
  }

  get length(): number {
    return this.#bytes.reduce((sum, { length }) => sum + length, 0);
  }
}

const long = (messageId: number, qos: 0 | 1 | 2, dup = false) =>
  ({ cmd: 'publish', topic: 'a', payload: Buffer.from(patterned(5_000)), qos, retain: false, dup, messageId }) as const;

for (const level of [4, 5] as const) {
  describe(`streaming out, level ${level}`, () => {
    it('sends what fits in no buffer, and what was written meanwhile behind it', () => {
      const wire = new StreamingWire(5_000, { outputCapacity: 200 }, level).connected();
      wire.session.publishOnce({ ...streamed(1), source: undefined, payload: Uint8Array.of(7) });
      assert.deepEqual(wire.publish(1), [true]);
      wire.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 1, messageId: 9, dup: false, retain: false });
      while (wire.session.pendingBytes > 0) wire.takeBytes(777);
      const [first, second, third] = wire.takePackets();
      assert.ok(first?.cmd === 'publish' && second?.cmd === 'publish' && third?.cmd === 'puback');
      assert.equal(toHex(second.payload as Buffer), toHex(patterned(5_000)));
      wire.puback(1);
      assert.deepEqual(wire.takeEvents(), ['message a=x', 'acknowledged 1']);
    });

    it('takes nothing else to publish or to ask meanwhile, and everything afterwards', () => {
      const wire = new StreamingWire(5_000, { outputCapacity: 400 }, level).connected();
      wire.publish(1);
      wire.takeBytes(100);
      const short = { ...streamed(1), source: undefined, payload: Uint8Array.of(7) };
      const subscription = [{ filter: encodeUtf8('a'), qos: 0 }] as const;
      assert.deepEqual(wire.publish(2), [false]);
      assert.equal(wire.session.publishOnce(short), false);
      assert.equal(wire.session.subscribe(subscription, wire.nowMs), false);
      wire.drainPackets();
      assert.equal(wire.session.publishOnce(short), true);
      assert.equal(wire.session.subscribe(subscription, wire.nowMs), true);
      assert.deepEqual(wire.publish(2), [true]);
    });

    it('redelivers the same bytes from the source, after what was first ([MQTT-3.3.1-1])', () => {
      const wire = new StreamingWire(5_000, { outputCapacity: 200 }, level).connected();
      wire.publish(1);
      wire.drainPackets();
      wire.publish(2);
      wire.takeBytes(1_000);
      wire.reconnect(true);
      const packets = wire.drainPackets().map((packet) => (packet.cmd === 'publish' ? packet : assert.fail()));
      assert.deepEqual(
        packets.map(({ messageId, dup, payload }) => [messageId, dup, toHex(payload as Buffer) === toHex(patterned(5_000))]),
        [
          [1, true, true],
          [2, true, true],
        ],
      );
    });

    it('waits for the acknowledgement from when the last byte has left, and gives up when nothing leaves', () => {
      const wire = new StreamingWire(5_000, { outputCapacity: 200 }, level).connected();
      wire.publish(1);
      for (let piece = 0; piece < 10; piece++) {
        wire.tickAfter(ACKNOWLEDGEMENT_TIMEOUT_MS - 1);
        wire.takeBytes(300);
      }
      assert.deepEqual(wire.takeEvents(), []);
      assert.equal(wire.session.deadlineMs, wire.nowMs + ACKNOWLEDGEMENT_TIMEOUT_MS);
      const stuck = new StreamingWire(5_000, { outputCapacity: 200 }, level).connected();
      stuck.publish(1);
      stuck.tickAfter(ACKNOWLEDGEMENT_TIMEOUT_MS);
      assert.deepEqual(stuck.takeEvents(), ['failed: send-timeout']);
      wire.drainPackets();
      wire.tickAfter(ACKNOWLEDGEMENT_TIMEOUT_MS);
      assert.deepEqual(wire.takeEvents(), ['failed: acknowledgement-timeout']);
    });

    it('does not ask in the middle of a message whether the server is there, but after it', () => {
      const wire = new StreamingWire(5_000, { outputCapacity: 200, acknowledgementTimeoutMs: NEVER }, level).connected();
      wire.publish(1);
      wire.tickAfter(PING_DUE_MS);
      assert.equal(wire.drain().length, 1);
      wire.tickAfter(0);
      assert.deepEqual(wire.drain(), ['pingreq']);
    });

    it('sends an empty payload, and QoS 0, as any other', () => {
      const wire = new Wire({ outputCapacity: 200 }, level).connected();
      assert.equal(wire.session.publishOnce(streamed(0)), true);
      assert.equal(wire.session.publishOnce(streamed(3_000)), true);
      const lengths = wire.drainPackets().map((packet) => (packet.cmd === 'publish' ? packet.payload.length : -1));
      assert.deepEqual(lengths, [0, 3_000]);
    });

    it('says so when even the header of a message fits in no buffer', () => {
      const wire = new Wire({ outputCapacity: CONTROL_RESERVE_BYTES + 20 }, level).connected();
      assert.throws(() => wire.session.publishOnce(streamed(10, { topic: new Uint8Array(30).fill(0x61) })), ContractError);
    });

    it('has no word to say when the server breaks the protocol in the middle of a message', () => {
      const wire = new StreamingWire(5_000, { outputCapacity: 200 }, level).connected();
      wire.publish(1);
      wire.session.receive(Uint8Array.of(0x10, 0), wire.nowMs);
      assert.deepEqual(wire.takeEvents(), ['failed: unexpected-packet-type']);
      assert.equal(wire.session.hasFarewell, false);
    });
  });

  describe(`streaming in, level ${level}`, () => {
    const answers = ['', 'puback #7', 'pubrec #7'];
    for (const qos of [0, 1, 2] as const) {
      it(`hands on a message of QoS ${qos} in pieces, and answers when it is complete`, () => {
        const stream = new Pieces();
        const wire = new Wire({ stream }, level).connected();
        wire.send(long(7, qos));
        assert.deepEqual(stream.events, [`begin a qos ${qos} #${qos === 0 ? 0 : 7} 5000`, 'end as sent']);
        assert.deepEqual(wire.drain().join(), answers[qos]);
        assert.deepEqual(wire.takeEvents(), []);
      });
    }

    it('hands on a message of QoS 2 once', () => {
      const stream = new Pieces();
      const wire = new Wire({ stream }, level).connected();
      wire.send(long(7, 2));
      wire.send(long(7, 2, true));
      wire.reconnect(true);
      wire.send(long(7, 2, true));
      assert.deepEqual(stream.events, ['begin a qos 2 #7 5000', 'end as sent']);
      assert.deepEqual(wire.drain(), ['pubrec #7']);
    });

    it('skips what is not wanted, counts it, and answers all the same: else it would come for ever', () => {
      const stream = new Pieces();
      stream.isWanted = false;
      const wire = new Wire({ stream }, level).connected();
      wire.send(long(7, 1));
      assert.deepEqual([stream.events.length, stream.length], [1, 0]);
      assert.deepEqual([wire.takeEvents(), wire.drain()], [['oversized message'], ['puback #7']]);
    });

    it('is told when the connection ends in the middle: by the transport, and by the server', () => {
      for (const end of ['transport', 'server'] as const) {
        const stream = new Pieces();
        const wire = new Wire({ stream }, level).connected();
        const header = level === 5 ? [0x32, 0x88, 0x27, 0, 1, 0x61, 0, 7, 0] : [0x32, 0x88, 0x27, 0, 1, 0x61, 0, 7];
        wire.session.receive(Uint8Array.of(...header, ...patterned(500)), wire.nowMs);
        if (end === 'transport') wire.session.close();
        else wire.tickAfter(1e9);
        if (end === 'server') wire.tickAfter(1e9);
        assert.deepEqual(stream.events.at(-1), 'abort', end);
        wire.session.close();
        assert.equal(stream.events.filter((event) => event === 'abort').length, 1);
      }
    });

    it('goes on with short messages afterwards', () => {
      const stream = new Pieces();
      const wire = new Wire({ stream }, level).connected();
      wire.send(long(7, 1));
      wire.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 0, dup: false, retain: false });
      assert.deepEqual(wire.takeEvents(), ['message a=x']);
    });
  });
}

describe('streaming: the largest message that MQTT has (§1.5.5)', () => {
  const REMAINING = 268_435_455;
  /** PUBLISH on topic `t` with QoS 1 in 3.1.1: 2 bytes of topic length, 1 of topic, 2 of packet id. */
  const PAYLOAD = REMAINING - 5;

  it('goes out in constant memory', function () {
    this.timeout(60_000);
    let read = 0;
    const source: PayloadSource = {
      read: (offset, target) => {
        assert.equal(offset, read);
        read += target.length;
      },
    };
    const wire = new StreamingWire(PAYLOAD, { outputCapacity: 200 }).connected();
    const compose = wire.compose.bind(wire);
    wire.compose = (tag, message) => {
      compose(tag, message);
      message.source = source;
    };
    const { arrayBuffers } = process.memoryUsage();
    wire.publish(1);
    let sent = 0;
    while (wire.session.pendingBytes > 0) {
      const { length } = wire.session.pending(NEVER);
      sent += length;
      wire.session.sent(length, wire.nowMs);
    }
    assert.equal(sent, 1 + 4 + REMAINING);
    assert.equal(read, PAYLOAD);
    assert.ok(process.memoryUsage().arrayBuffers - arrayBuffers < 1_000_000);
    wire.puback(1);
    assert.deepEqual(wire.takeEvents(), ['acknowledged 1']);
  });

  it('comes in in constant memory', function () {
    this.timeout(60_000);
    let received = 0;
    const stream: MessageStream = {
      begin: (_message, payloadLength) => payloadLength === PAYLOAD,
      piece: ({ length }) => {
        received += length;
      },
      end: () => {},
      abort: () => assert.fail('it is complete'),
    };
    const wire = new Wire({ stream }).connected();
    const block = new Uint8Array(65_536);
    const { arrayBuffers } = process.memoryUsage();
    wire.session.receive(Uint8Array.of(0x32, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0x74, 0, 9), wire.nowMs);
    for (let left = PAYLOAD; left > 0; left -= block.length)
      wire.session.receive(block.subarray(0, Math.min(left, block.length)), 0);
    assert.equal(received, PAYLOAD);
    assert.ok(process.memoryUsage().arrayBuffers - arrayBuffers < 1_000_000);
    assert.deepEqual(wire.drain(), ['puback #9']);
  });
});
