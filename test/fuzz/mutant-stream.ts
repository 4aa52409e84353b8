// Sessions that live through mutated packets without end, one of each version: a connection that breaks is made again.

import fc from 'fast-check';
import { MQTT_3_1_1, MQTT_5, type OutboundMessage, type ProtocolLevel } from '../../firmware/mqtt/protocol.js';
import { Session } from '../../firmware/mqtt/session.js';
import type { Outbox, SessionHandler } from '../../firmware/mqtt/session-options.js';
import { encodeUtf8 } from '../../firmware/mqtt/utf8.js';
import { Chance } from '../model/chance.js';
import { hex } from '../vectors/hex.js';
import { bytesOf, type Frame, frameOf } from './frame.js';
import { mutate } from './mutate.js';
import { serverPacket } from './packets.js';

/** Good packets from which mutants are made, for each version. */
const PACKETS = 400;
const WINDOW = 4;
const OUTPUT_CAPACITY = 512;
const CONNACK = { [MQTT_3_1_1]: hex('20 02 0000'), [MQTT_5]: hex('20 03 0000 00') } as const;

export class MutantStream {
  readonly #chance: Chance;
  readonly #peers: readonly Peer[];
  #count = 0;

  /** @param seed any integer */
  constructor(seed: number) {
    this.#chance = new Chance(seed);
    this.#peers = [new Peer(MQTT_3_1_1, seed), new Peer(MQTT_5, seed)];
  }

  /** Connections that the mutants broke. */
  get brokenCount(): number {
    return this.#peers.reduce((count, peer) => count + peer.brokenCount, 0);
  }

  /** Messages that the sessions took all the same. */
  get messageCount(): number {
    return this.#peers.reduce((count, peer) => count + peer.messageCount, 0);
  }

  feed(count: number): void {
    for (let done = 0; done < count; done++) {
      const peer = this.#peers[this.#count++ % this.#peers.length] as Peer;
      peer.receive(this.#chance);
    }
  }
}

/** A session and its server. */
class Peer implements SessionHandler, Outbox {
  readonly #level: ProtocolLevel;
  readonly #frames: readonly Frame[];
  readonly #session: Session;
  #hasFailed = false;
  brokenCount = 0;
  messageCount = 0;

  constructor(level: ProtocolLevel, seed: number) {
    this.#level = level;
    this.#frames = fc.sample(serverPacket(level), { seed, numRuns: PACKETS }).map((packet) => frameOf(packet, level));
    this.#session = new Session({
      outputCapacity: OUTPUT_CAPACITY,
      inputCapacity: OUTPUT_CAPACITY,
      window: WINDOW,
      receiveMaximum: WINDOW,
      connackTimeoutMs: 1,
      acknowledgementTimeoutMs: 1,
      pingTimeoutMs: 1,
      outbox: this,
      handler: this,
    });
    this.#connect();
  }

  receive(chance: Chance): void {
    const frame = this.#frames[chance.whole(0, this.#frames.length - 1)] as Frame;
    this.#session.receive(bytesOf(mutate(frame, chance)), 0);
    this.#send();
    if (!this.#hasFailed) return;
    this.brokenCount++;
    this.#session.close();
    this.#connect();
  }

  #connect(): void {
    this.#hasFailed = false;
    this.#session.open({ level: this.#level, clientId: 'c', cleanStart: false, keepAliveSeconds: 60 }, 0);
    this.#session.receive(CONNACK[this.#level], 0);
    for (let tag = 0; tag < WINDOW; tag++) this.#session.publish(tag, 0);
    this.#send();
  }

  #send(): void {
    while (this.#session.pendingBytes > 0) this.#session.sent(this.#session.pending(OUTPUT_CAPACITY).length, 0);
  }

  onFailed(): void {
    this.#hasFailed = true;
  }

  onMessage(): void {
    this.messageCount++;
  }

  compose(tag: number, message: OutboundMessage): void {
    message.topic = TOPIC;
    message.payload = TOPIC;
    message.payloadLength = TOPIC.length;
    message.qos = tag % 2 === 0 ? 1 : 2;
  }

  onConnected(): void {}
  onSessionLost(): void {}
  onAcknowledged(): void {}
  onRefused(): void {}
  onSubscribed(): void {}
  onUnsubscribed(): void {}
  onOversizedMessage(): void {}
}

const TOPIC = encodeUtf8('t');
