// A broker for MQTT 5 that takes whatever it is sent and answers at once; it keeps no session, and hands nothing on. Writes down what it heard.

import type { Peer } from '../sim/tcp.js';
import { toHex } from './hex.js';

const CONNECT = 1;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const PINGREQ = 12;

const CONNACK = Uint8Array.of(0x20, 3, 0, 0, 0);
const PINGRESP = Uint8Array.of(0xd0, 0);

export class PlainBroker {
  /** All packets of all connections, in hex, in the order in which they came. */
  readonly heard: string[] = [];

  readonly onConnection = (peer: Peer): void => {
    let pending: Uint8Array = new Uint8Array(0);
    peer.onBytes = (bytes) => {
      pending = joined(pending, bytes);
      for (let end = packetEnd(pending); end > 0; end = packetEnd(pending)) {
        this.#take(peer, pending.subarray(0, end));
        pending = pending.slice(end);
      }
    };
  };

  #take(peer: Peer, packet: Uint8Array): void {
    this.heard.push(toHex(packet));
    const answer = answerTo(packet);
    if (answer) peer.send(answer);
  }
}

function answerTo(packet: Uint8Array): Uint8Array | undefined {
  const header = packet[0] as number;
  const body = bodyStart(packet);
  switch (header >> 4) {
    case CONNECT:
      return CONNACK;
    case PUBLISH: {
      const id = body + 2 + uint16(packet, body);
      return header & 0x06 ? Uint8Array.of(0x40, 2, packet[id] as number, packet[id + 1] as number) : undefined;
    }
    case SUBSCRIBE: {
      const codes = grants(packet, body + 3);
      return Uint8Array.of(0x90, 3 + codes.length, packet[body] as number, packet[body + 1] as number, 0, ...codes);
    }
    case PINGREQ:
      return PINGRESP;
    default:
      return undefined;
  }
}

/** The QoS that is asked for with each filter is granted. */
function grants(packet: Uint8Array, filters: number): number[] {
  const codes: number[] = [];
  for (let at = filters; at < packet.length; at++) {
    at += 2 + uint16(packet, at);
    codes.push((packet[at] as number) & 0x03);
  }
  return codes;
}

/** Behind the first packet; 0 where it has not come as a whole. */
function packetEnd(bytes: Uint8Array): number {
  const start = bodyStart(bytes);
  if (start === 0) return 0;
  let length = 0;
  for (let at = start - 1; at > 0; at--) length = length * 128 + ((bytes[at] as number) & 0x7f);
  return start + length <= bytes.length ? start + length : 0;
}

/** Behind the remaining length; 0 where that has not come as a whole. */
function bodyStart(bytes: Uint8Array): number {
  for (let at = 1; at < bytes.length; at++) if ((bytes[at] as number) < 0x80) return at + 1;
  return 0;
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
