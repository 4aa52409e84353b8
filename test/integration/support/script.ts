// Writes the record of a room by hand, packet by packet, so that the checkers can be tried without a broker.

import { generate, type Packet } from 'mqtt-packet';
import {
  expectedSample,
  type HeardMessage,
  type LinkEvent,
  measuredAtSeconds,
  type RoomRecord,
  type WirePacket,
} from './record.js';

const ROOM = { room: 'scripted', seed: 1, station: '0200000000ff', boot: 7, mqtt: '3.1.1', intervalSeconds: 2, window: 8 } as const;
const STARTED_AT_EPOCH_SECONDS = 1_800_000_000;
const READING_COUNT = 4;

/** The sensor takes this long to answer. */
const READ_MS = 5;

const topicOf = (kind: string) => `maison/${ROOM.room}/${kind}`;

class Script {
  readonly wire: WirePacket[] = [];
  readonly heard: HeardMessage[] = [];
  readonly links: LinkEvent[] = [];
  #connection = 0;
  #packetId = 0;
  #atMs = 0;

  connect(atMs: number, sessionPresent: boolean): void {
    this.#atMs = atMs;
    this.#connection++;
    this.#write('to-broker', {
      cmd: 'connect',
      clientId: `station-${ROOM.station}`,
      clean: this.#connection === 1,
      will: { topic: topicOf('status'), payload: 'offline', qos: 1, retain: true },
    });
    this.#write('to-station', { cmd: 'connack', returnCode: 0, sessionPresent });
    this.links.push({ state: 'up', atMs });
  }

  lose(atMs: number, failure: 'connection-lost' | 'network-down'): void {
    this.links.push({ state: 'down', atMs, failure });
  }

  announce(status: string): number[] {
    const online = this.publish('status', status, true);
    return status === 'online' ? [online, this.publish('info', '{}', true)] : [online];
  }

  /** The three messages of one reading, just measured; returns their packet ids. */
  reading(seq: number): number[] {
    this.#atMs = Math.max(this.#atMs, measuredAtMs(seq));
    return [...this.values(seq, true), this.batch([seq])];
  }

  values(seq: number, retain: boolean): number[] {
    const { temperatureTenths, humidityTenths } = expectedSample(ROOM, seq);
    return [
      this.publish('temperature', (temperatureTenths / 10).toFixed(1), retain),
      this.publish('humidity', (humidityTenths / 10).toFixed(1), retain),
    ];
  }

  batch(seqs: readonly number[]): number {
    const readings = seqs.map((seq) => {
      const { temperatureTenths, humidityTenths } = expectedSample(ROOM, seq);
      const time = STARTED_AT_EPOCH_SECONDS + measuredAtSeconds(ROOM, seq);
      return { seq, time, temperature: temperatureTenths / 10, humidity: humidityTenths / 10 };
    });
    return this.publish('readings', JSON.stringify({ station: ROOM.station, boot: ROOM.boot, readings }), false);
  }

  publish(kind: string, payload: string, retain: boolean): number {
    const messageId = ++this.#packetId;
    this.#write('to-broker', { cmd: 'publish', topic: topicOf(kind), payload, qos: 1, retain, dup: false, messageId });
    this.heard.push({ topic: topicOf(kind), payload, qos: 1, isRetained: false });
    return messageId;
  }

  /** Subscribes, and publishes `status` and `info` before the answer. */
  subscribeAndAnnounce(): void {
    const messageId = ++this.#packetId;
    this.#write('to-broker', { cmd: 'subscribe', messageId, subscriptions: [{ topic: topicOf('status'), qos: 0 }] });
    const announced = this.announce('online');
    this.#write('to-station', { cmd: 'suback', messageId, granted: [0] });
    this.acknowledge(announced);
  }

  /** Sends packets again with DUP 1. */
  redeliver(packetIds: readonly number[]): void {
    for (const packetId of packetIds) {
      const first = this.wire.find(({ packet }) => packet.cmd === 'publish' && packet.messageId === packetId) as WirePacket;
      if (first.packet.cmd !== 'publish') continue;
      const { topic, payload } = first.packet;
      this.#write('to-broker', { ...first.packet, dup: true });
      this.heard.push({ topic, payload: payload.toString(), qos: 1, isRetained: false });
    }
  }

  acknowledge(packetIds: readonly number[]): void {
    for (const messageId of packetIds) this.#write('to-station', { cmd: 'puback', messageId });
  }

  #write(direction: WirePacket['direction'], packet: Packet): void {
    const { wire } = this;
    wire.push({ connection: this.#connection, direction, atMs: this.#atMs, bytes: generate(packet), packet, isForwarded: true });
  }
}

const measuredAtMs = (seq: number) => 1000 * measuredAtSeconds(ROOM, seq) + READ_MS;

/**
 * A station that did all as it should: reading 1 is sent again in a kept session; reading 2 is built anew, in a session that the
 * broker forgot, when reading 3 has been measured.
 */
export function scriptRecord(): RoomRecord {
  const script = new Script();
  script.connect(500, false);
  script.subscribeAndAnnounce();
  script.acknowledge(script.reading(0));
  const lost = script.reading(1);
  script.lose(3_500, 'connection-lost');
  script.connect(5_100, true);
  script.redeliver(lost);
  script.acknowledge(lost);
  script.acknowledge(script.announce('online'));
  script.reading(2);
  script.lose(5_300, 'network-down');
  script.connect(7_100, false);
  script.acknowledge(script.announce('online'));
  script.acknowledge([...script.values(2, false), script.batch([2, 3]), ...script.values(3, true)]);
  script.acknowledge(script.announce('offline'));
  const { wire, heard, links } = script;
  return {
    ...ROOM,
    startedAtMs: 0,
    startedAtEpochSeconds: STARTED_AT_EPOCH_SECONDS,
    stoppedAtMs: 8_500,
    measured: Array.from({ length: READING_COUNT }, (_, seq) => ({ seq, atMs: measuredAtMs(seq) })),
    links,
    wire,
    malformed: [],
    heard,
    retained: ['temperature', 'humidity', 'info', 'status'].map((kind) => {
      const newest = heard.findLast(({ topic }) => topic === topicOf(kind)) as HeardMessage;
      return { ...newest, isRetained: true };
    }),
  };
}
