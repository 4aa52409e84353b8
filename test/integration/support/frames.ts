// Cuts a stream of MQTT bytes into packets and has mqtt-packet, an independent implementation, read each of them.

import { type Packet, parser } from 'mqtt-packet';

const REMAINING_LENGTH_MAXIMUM_BYTES = 4;

/** Collects bytes and gives whole packets (MQTT 3.1.1 §2.2). */
export class Framer {
  #pending: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): Buffer[] {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    const frames: Buffer[] = [];
    for (let length = frameLength(this.#pending); length <= this.#pending.length; length = frameLength(this.#pending)) {
      frames.push(this.#pending.subarray(0, length));
      this.#pending = this.#pending.subarray(length);
    }
    return frames;
  }
}

/** Bytes of the packet that begins `bytes`; infinity where that cannot be known yet. */
function frameLength(bytes: Buffer): number {
  let remaining = 0;
  for (let index = 1; index <= REMAINING_LENGTH_MAXIMUM_BYTES; index++) {
    const byte = bytes[index];
    if (byte === undefined) return Number.POSITIVE_INFINITY;
    remaining += (byte & 0x7f) * 0x80 ** (index - 1);
    if (byte < 0x80) return 1 + index + remaining;
  }
  throw new Error(`a remaining length of more than ${REMAINING_LENGTH_MAXIMUM_BYTES} bytes: ${bytes.toString('hex', 0, 5)}`);
}

/** The packet in `frame`; throws what mqtt-packet has to say against it. */
export function readPacket(frame: Buffer, protocolVersion: number): Packet {
  const packets: Packet[] = [];
  const reader = parser({ protocolVersion });
  reader.on('packet', (packet) => packets.push(packet));
  reader.on('error', (error) => {
    throw error;
  });
  reader.parse(frame);
  const [packet] = packets;
  if (packets.length !== 1 || !packet) throw new Error(`not one packet but ${packets.length}: ${frame.toString('hex')}`);
  return packet;
}
