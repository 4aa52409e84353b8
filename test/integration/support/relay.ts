// One connection of a station through the proxy to the broker, with the faults that the proxy puts in its way.

import { connect, type Socket } from 'node:net';
import type { Packet } from 'mqtt-packet';
import { type Chop, Conduit } from './conduit.js';
import { Framer, readPacket } from './frames.js';
import { LOOPBACK } from './port.js';
import type { WirePacket } from './record.js';

/** The faults that all connections of a proxy share; each may change at any time. */
export interface Faults {
  /** So many more PUBACKs go on to the station; those that come later are held. */
  acknowledgementsLeft: number;
  /** The next PUBLISH with QoS 1 goes on by half, and then its connection is silent. */
  stallsInPublish: boolean;
  /** The broker does not learn that the station's side is gone. */
  keepsBrokerSide: boolean;
}

/** What the proxy writes down. */
export interface Log {
  readonly wire: { -readonly [Name in keyof WirePacket]: WirePacket[Name] }[];
  readonly malformed: string[];
}

export interface RelayOptions {
  /** Counts connections, from 1. */
  readonly number: number;
  readonly station: Socket;
  readonly brokerPort: number;
  readonly chop: Chop;
  readonly faults: Faults;
  readonly log: Log;
}

type Direction = WirePacket['direction'];

const PROTOCOL_VERSION_3_1_1 = 4;

export class Relay {
  readonly #options: RelayOptions;
  readonly #broker: Socket;
  readonly #toBroker: Conduit;
  readonly #toStation: Conduit;
  readonly #held: { bytes: Buffer; packet: Packet }[] = [];
  #protocolVersion = PROTOCOL_VERSION_3_1_1;
  #isSilent = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { station, brokerPort, chop } = options;
    const broker = connect({ host: LOOPBACK, port: brokerPort, noDelay: true });
    this.#broker = broker;
    this.#toBroker = new Conduit(broker, chop);
    this.#toStation = new Conduit(station, chop);
    broker.on('connect', () => {
      this.#read(station, 'to-broker', (bytes, packet) => this.#onStationPacket(bytes, packet));
      this.#read(broker, 'to-station', (bytes, packet) => this.#onBrokerPacket(bytes, packet));
    });
    station.on('close', () => {
      this.#held.length = 0;
      if (!options.faults.keepsBrokerSide) this.#toBroker.end();
    });
    broker.on('close', () => {
      if (!this.#isSilent) this.#toStation.end();
    });
    // What is lost is seen by `close`, which follows.
    for (const socket of [station, broker]) socket.on('error', () => {});
  }

  /** PUBACKs that wait to go on to the station. */
  get heldCount(): number {
    return this.#held.length;
  }

  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** From now on neither side hears the other, and both stay connected. */
  silence(): void {
    this.#isSilent = true;
  }

  /** Resets the connection to the station. */
  reset(): void {
    this.#options.station.resetAndDestroy();
  }

  release(): void {
    for (const { bytes, packet } of this.#held.splice(0)) this.#forwardToStation(bytes, packet);
  }

  destroy(): void {
    this.#options.station.destroy();
    this.#broker.destroy();
  }

  #read(socket: Socket, direction: Direction, onPacket: (bytes: Buffer, packet: Packet) => void): void {
    const framer = new Framer();
    socket.on('data', (bytes) => {
      try {
        for (const frame of framer.push(bytes)) onPacket(frame, readPacket(frame, this.#protocolVersion));
      } catch (error) {
        this.#options.log.malformed.push(`${direction}, connection ${this.#options.number}: ${error}`);
        this.destroy();
      }
    });
  }

  #onStationPacket(bytes: Buffer, packet: Packet): void {
    if (packet.cmd === 'connect') this.#protocolVersion = packet.protocolVersion ?? PROTOCOL_VERSION_3_1_1;
    const entry = this.#record('to-broker', bytes, packet);
    const { faults } = this.#options;
    if (this.#isSilent) return;
    if (faults.stallsInPublish && packet.cmd === 'publish' && packet.qos === 1) {
      faults.stallsInPublish = false;
      this.#toBroker.send(bytes.subarray(0, bytes.length >> 1));
      return this.silence();
    }
    this.#toBroker.send(bytes, () => {
      entry.isForwarded = true;
    });
  }

  #onBrokerPacket(bytes: Buffer, packet: Packet): void {
    const { faults } = this.#options;
    if (this.#isSilent) return;
    if (packet.cmd !== 'puback') return this.#forwardToStation(bytes, packet);
    if (faults.acknowledgementsLeft <= 0) this.#held.push({ bytes, packet });
    else {
      faults.acknowledgementsLeft--;
      this.#forwardToStation(bytes, packet);
    }
  }

  #forwardToStation(bytes: Buffer, packet: Packet): void {
    this.#toStation.send(bytes, () => {
      this.#record('to-station', bytes, packet).isForwarded = true;
    });
  }

  #record(direction: Direction, bytes: Buffer, packet: Packet): Log['wire'][number] {
    const entry = { connection: this.#options.number, direction, atMs: performance.now(), bytes, packet, isForwarded: false };
    this.#options.log.wire.push(entry);
    return entry;
  }
}
