// Listens in on a connection of the broker: tells every MQTT packet that passes, in either direction, and changes none.

import type { Duplex } from 'node:stream';
import mqttPacket, { type Packet } from 'mqtt-packet';

/** What one connection shows. Called from within the connection's own work: it must be quick and must not throw. */
export interface WireObserver {
  /** From the client to the broker. */
  onReceived(packet: Packet): void;
  /** From the broker to the client. */
  onSent(packet: Packet): void;
  /** The connection is over. */
  onClosed(): void;
}

/** Largest packet that the broker takes: one that is longer ends its connection before it fills the memory. */
const PACKET_MAXIMUM_BYTES = 4 << 20;

/** From now on, `observer` sees what passes through `stream`, which must not have carried anything yet. */
export function tapWire(stream: Duplex, observer: WireObserver): void {
  const received = new PacketReader({}, (packet) => {
    // How the rest reads is known from CONNECT on.
    if (packet.cmd === 'connect') sent = new PacketReader({ protocolVersion: packet.protocolVersion ?? 4 }, observer.onSent);
    observer.onReceived(packet);
  });
  let sent: PacketReader | undefined;
  // The stream's own methods are overridden, because a stream in between would cost a copy and a turn for every packet.
  const push = stream.push.bind(stream);
  stream.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    if (chunk && !received.read(chunk)) stream.destroy();
    return push(chunk, encoding);
  };
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = (chunk: Buffer | string, ...rest: unknown[]) => {
    sent?.read(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    return write(chunk, ...rest);
  };
  stream.once('close', () => observer.onClosed());
}

class PacketReader {
  readonly #parser: mqttPacket.Parser;
  /** Bytes of the packet that is not complete yet. */
  #openBytes = 0;
  #isBroken = false;

  constructor(options: { protocolVersion?: number }, onPacket: (packet: Packet) => void) {
    this.#parser = mqttPacket.parser(options);
    this.#parser.on('packet', (packet) => {
      this.#openBytes = 0;
      onPacket(packet);
    });
    // What is no MQTT is the broker's to refuse.
    this.#parser.on('error', () => {
      this.#isBroken = true;
    });
  }

  /** Returns false where the packet is longer than anybody may send. */
  read(bytes: Buffer): boolean {
    if (this.#isBroken) return true;
    this.#openBytes += bytes.length;
    this.#parser.parse(bytes);
    return this.#openBytes <= PACKET_MAXIMUM_BYTES;
  }
}
