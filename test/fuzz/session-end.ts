// A session against a server that sends good packets and broken ones at any moment: nothing throws, the connection ends when it must and as
// it must, and the next one works.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Packet } from 'mqtt-packet';
import { packetLength } from '../../firmware/mqtt/encode.js';
import { MQTT_3_1_1, MQTT_5, type ProtocolLevel, type QoS } from '../../firmware/mqtt/protocol.js';
import type { ProtocolViolation, SessionViolation } from '../../firmware/mqtt/reason.js';
import type { MessageStream, SessionFailure } from '../../firmware/mqtt/session-options.js';
import { encodeUtf8 } from '../../firmware/mqtt/utf8.js';
import { Wire } from '../unit/mqtt/wire.js';
import { type PacketEvent, parsePieces } from '../vectors/packet-log.js';
import { type Check, check } from './check.js';
import { bytesOf, frameOf } from './frame.js';
import { brokenFrame } from './mutate.js';
import { deliveredPacket, serverPacket } from './packets.js';

/** Bytes of a body, which is now and then longer. */
const INPUT_CAPACITY = 300;
const WINDOW = 4;
const RECEIVE_MAXIMUM = 2;

/** The reason with which a client leaves a server that broke a rule (§2.4, §4.13), rule by rule. */
const CLOSING_CODES: Readonly<Record<ProtocolViolation | SessionViolation, number>> = {
  'reserved-flags': 0x81, // [MQTT-2.1.3-1]
  'unexpected-packet-type': 0x82, // §4.13.1
  'malformed-remaining-length': 0x81, // §1.5.5
  'wrong-length': 0x81, // §1.2, Malformed Packet
  'packet-too-large': 0x95, // §3.1.2.11.4
  'reserved-bits': 0x81, // §3.2.2.1
  'reserved-reason-code': 0x81, // §2.4
  'invalid-qos': 0x81, // [MQTT-3.3.1-4]
  'invalid-topic': 0x82, // §3.3.2.1
  'malformed-string': 0x81, // [MQTT-1.5.4-1], [MQTT-1.5.4-2]
  'packet-id-zero': 0x82, // [MQTT-2.2.1-4]
  'malformed-property': 0x81, // §2.2.2.2
  'duplicate-property': 0x82, // §2.2.2.2
  'invalid-property-value': 0x82, // §3.2.2.3
  'topic-alias': 0x94, // §3.3.2.3.4
  'authentication-not-asked': 0x82, // [MQTT-4.12.0-6]
  'packet-before-connack': 0x82, // [MQTT-3.2.0-1]
  'second-connack': 0x82, // [MQTT-3.2.0-2]
  'session-present-after-clean-start': 0x82, // [MQTT-3.2.2-4]
  'unexpected-acknowledgement': 0x82, // §4.13.1
  'receive-maximum-exceeded': 0x93, // [MQTT-3.3.4-9]
};

/** What depends on more than the bytes that came: it may end a connection before they do. */
const DEPEND_ON_HISTORY: readonly SessionFailure[] = [
  'unexpected-acknowledgement',
  'receive-maximum-exceeded',
  'beyond-server-limits',
];

// --- What happens on the connection -----------------------------------------------------------------------------------

type Step =
  | { readonly does: 'receive'; readonly bytes: Uint8Array; readonly cutAt: number }
  | { readonly does: 'publish'; readonly qos: QoS }
  | { readonly does: 'subscribe' | 'unsubscribe' | 'disconnect' | 'take' };

interface Scene {
  readonly level: ProtocolLevel;
  /** Whether a connection came before, which left two messages in flight. */
  readonly isSecond: boolean;
  readonly cleanStart: boolean;
  /** Whether messages longer than the input buffer are wanted, in pieces. */
  readonly takesPieces: boolean;
  readonly steps: readonly Step[];
}

/** A good packet behind the CONNACK; its id is often one that is in use. */
const packetOf = (level: ProtocolLevel) =>
  fc
    .tuple(
      fc.oneof(serverPacket(level), deliveredPacket(level) as fc.Arbitrary<Packet>),
      fc.option(fc.integer({ min: 1, max: WINDOW + 1 })),
    )
    .filter(([{ cmd }]) => cmd !== 'connack' && cmd !== 'disconnect')
    .map(([packet, id]): Packet => (id === null ? packet : { ...packet, messageId: id }));

function stepOf(level: ProtocolLevel): fc.Arbitrary<Step> {
  const frame = fc.oneof(
    { weight: 20, arbitrary: packetOf(level).map((packet) => frameOf(packet, level)) },
    { weight: 8, arbitrary: brokenFrame(level) },
    { weight: 1, arbitrary: serverPacket(level).map((packet) => frameOf(packet, level)) },
  );
  const receive = fc.record({ does: fc.constant('receive' as const), bytes: frame.map(bytesOf), cutAt: fc.nat(12) });
  const publish = fc.record({ does: fc.constant('publish' as const), qos: fc.constantFrom<QoS>(0, 1, 2) });
  const other = fc.constantFrom<Step['does']>('subscribe', 'unsubscribe', 'take', 'take', 'disconnect');
  return fc.oneof(
    { weight: 6, arbitrary: receive },
    { weight: 2, arbitrary: publish },
    { weight: 2, arbitrary: other.map((does) => ({ does }) as Step) },
  );
}

function sceneOf(level: ProtocolLevel): fc.Arbitrary<Scene> {
  const accepted = fc
    .record({ sessionPresent: fc.nat(4).map((n) => n === 0), maximumPacketSize: fc.option(fc.integer({ min: 1, max: 40 })) })
    .map(({ sessionPresent, maximumPacketSize }): Packet => {
      const said = { reasonCode: 0, properties: maximumPacketSize === null ? {} : { maximumPacketSize } };
      return { cmd: 'connack', sessionPresent, ...(level === MQTT_5 ? said : { returnCode: 0 }) };
    })
    .map((packet): Step => ({ does: 'receive', bytes: bytesOf(frameOf(packet, level)), cutAt: 0 }));
  const steps = fc.array(stepOf(level), { maxLength: 20, size: 'max' });
  return fc.record({
    level: fc.constant(level),
    isSecond: fc.boolean(),
    cleanStart: fc.boolean(),
    takesPieces: fc.boolean(),
    steps: fc.oneof({ weight: 1, arbitrary: steps }, { weight: 9, arbitrary: fc.tuple(accepted, steps).map((all) => all.flat()) }),
  });
}

const scenes = fc.oneof(sceneOf(MQTT_3_1_1), sceneOf(MQTT_5));

// --- The check --------------------------------------------------------------------------------------------------------

/** The rules about which a client tells the server. */
export const CLOSING_VIOLATIONS = Object.keys(CLOSING_CODES) as (ProtocolViolation | SessionViolation)[];

/** @param onEnd hears how each connection ended. */
export function sessionEndCheck(onEnd: (failure: SessionFailure | undefined) => void = () => {}): Check {
  return check('a connection ends when it must and as it must, and the next one works', scenes, (given) => {
    const run = new Run(given);
    for (const step of given.steps) run.take(step);
    onEnd(run.finish());
    run.startAgain();
  });
}

/** Holds the session to what it says of long messages: each begins, and ends or is given up, before the next. */
class Pieces implements MessageStream {
  isOpen = false;

  begin(): boolean {
    assert.ok(!this.isOpen);
    this.isOpen = true;
    return true;
  }

  piece(): void {
    assert.ok(this.isOpen);
  }

  end(): void {
    assert.ok(this.isOpen);
    this.isOpen = false;
  }

  abort(): void {
    this.end();
  }
}

class Run {
  readonly #scene: Scene;
  readonly #pieces = new Pieces();
  readonly #wire: Wire;
  readonly #received: Uint8Array[] = [];
  readonly #events: string[] = [];
  #saidGoodbye = false;
  #nextTag = 10;

  constructor(scene: Scene) {
    const { level, isSecond, cleanStart, takesPieces } = scene;
    this.#scene = scene;
    const limits = { inputCapacity: INPUT_CAPACITY, window: WINDOW, receiveMaximum: RECEIVE_MAXIMUM };
    this.#wire = new Wire({ ...limits, stream: takesPieces ? this.#pieces : undefined }, level);
    if (isSecond) {
      this.#wire.connected();
      this.#wire.publish(1, 2);
      this.#wire.drain();
      this.#wire.session.close();
    }
    this.#wire.open({ cleanStart });
  }

  take(step: Step): void {
    const { session, nowMs } = this.#wire;
    switch (step.does) {
      case 'receive':
        return this.#receive(step.bytes, step.cutAt);
      case 'publish':
        return this.#publish(step.qos);
      case 'subscribe':
        session.subscribe([{ filter: encodeUtf8('a/+'), qos: 1 }], nowMs);
        return;
      case 'unsubscribe':
        session.unsubscribe([encodeUtf8('a/+')], nowMs);
        return;
      case 'disconnect':
        if (session.disconnect()) this.#saidGoodbye = true;
        return;
      case 'take':
        if (session.pendingBytes > 0) this.#wire.takeBytes(Number.POSITIVE_INFINITY);
    }
  }

  /** Throws where the connection ended otherwise than it must; returns how. */
  finish(): SessionFailure | undefined {
    this.#events.push(...this.#wire.takeEvents());
    const failures = this.#events.filter((event) => event.startsWith('failed: '));
    assert.deepEqual(failures, failures.length > 0 ? [this.#events.at(-1)] : [], 'something happened after the end');
    const failure = /^failed: ([a-z-]+)/.exec(failures[0] ?? '')?.[1] as SessionFailure | undefined;
    const expected = this.#expectedFailure();
    if (failure === undefined || !DEPEND_ON_HISTORY.includes(failure)) assert.equal(failure, expected);
    this.#checkOutput(failure);
    return failure;
  }

  /** The session goes on with the next connection. */
  startAgain(): void {
    const wire = this.#wire;
    wire.session.close();
    assert.ok(!this.#pieces.isOpen, 'a long message goes on behind the end');
    wire.open({ cleanStart: false });
    wire.connack();
    assert.equal(wire.takeEvents().at(-1), 'connected');
    assert.deepEqual(wire.publish(0), [true]);
    const packet = wire.drainPackets().at(-1);
    assert.ok(packet?.cmd === 'publish' && String(packet.payload) === '0');
    wire.puback(packet.messageId as number);
    assert.deepEqual(wire.takeEvents(), ['acknowledged 0']);
  }

  #receive(bytes: Uint8Array, cutAt: number): void {
    this.#received.push(bytes);
    for (const piece of [bytes.subarray(0, cutAt), bytes.subarray(cutAt)]) {
      if (piece.length > 0) this.#wire.session.receive(piece, this.#wire.nowMs);
    }
    this.#events.push(...this.#wire.takeEvents());
  }

  #publish(qos: QoS): void {
    const tag = this.#nextTag++;
    this.#wire.qualities.set(tag, qos);
    if (qos > 0) {
      this.#wire.publish(tag);
      return;
    }
    const payload = encodeUtf8(String(tag));
    this.#wire.session.publishOnce({ topic: encodeUtf8('t'), payload, payloadLength: payload.length, qos, retain: false });
  }

  /** What the bytes alone say that the end is. */
  #expectedFailure(): SessionFailure | undefined {
    const { level, cleanStart, isSecond, takesPieces } = this.#scene;
    const { events, violation } = parsePieces([Buffer.concat(this.#received)], INPUT_CAPACITY, level, takesPieces);
    const [first, ...others] = events;
    if (!first) return violation;
    if (first.type !== 'connack') return 'packet-before-connack';
    if (first.reasonCode !== 0) return 'connection-refused';
    const mayHaveSession = !cleanStart && (isSecond || level === MQTT_3_1_1);
    if (first.sessionPresent && !mayHaveSession) return 'session-present-after-clean-start';
    return others.map(failureOf).find((failure) => failure !== undefined) ?? violation;
  }

  #checkOutput(failure: SessionFailure | undefined): void {
    const { level } = this.#scene;
    const { session } = this.#wire;
    const packets = this.#wire.drainPackets();
    assert.equal(packets[0]?.cmd, 'connect');
    const closingCode = (CLOSING_CODES as Partial<Record<SessionFailure, number>>)[failure as SessionFailure];
    const tellsWhy = closingCode !== undefined && level === MQTT_5 && !this.#saidGoodbye;
    assert.equal(session.hasFarewell, tellsWhy);
    const ends = packets.filter(({ cmd }) => cmd === 'disconnect');
    assert.deepEqual(ends, tellsWhy || this.#saidGoodbye ? [packets.at(-1)] : [], 'DISCONNECT comes last, once, or not at all');
    if (tellsWhy) assert.equal((ends[0] as { reasonCode?: number }).reasonCode, closingCode, failure);
    // [MQTT-3.2.2-15]
    for (const { cmd, length } of packets.slice(1)) {
      assert.ok(packetLength(length as number) <= session.server.maximumPacketBytes, `${cmd} of ${length} bytes`);
    }
  }
}

/** What a packet behind the CONNACK ends the connection with. */
function failureOf({ type }: PacketEvent): SessionFailure | undefined {
  if (type === 'connack') return 'second-connack';
  return type === 'disconnect' ? 'server-disconnected' : undefined;
}
