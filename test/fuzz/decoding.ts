// What mqtt-packet writes, we read: the same fields that it was given, however the bytes are cut.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import type { ProtocolLevel } from '../../firmware/mqtt/protocol.js';
import { cuts, parsePieces } from '../vectors/packet-log.js';
import { type Check, check } from './check.js';
import { serverPacket } from './packets.js';
import { eventOf } from './peer.js';

/** Bytes of the largest body that is drawn, and more. */
const CAPACITY = 4_096;

export function decodingChecks(level: ProtocolLevel): readonly Check[] {
  return [cutPacketCheck(level), streamCheck(level)];
}

function cutPacketCheck(level: ProtocolLevel): Check {
  return check('each packet, cut at every byte', serverPacket(level), (packet) => {
    const expected = { events: [eventOf(packet, level)], violation: undefined };
    for (const pieces of cuts(bytesOf(packet, level))) assert.deepEqual(parsePieces(pieces, CAPACITY, level), expected);
  });
}

function streamCheck(level: ProtocolLevel): Check {
  const streams = fc.record({
    packets: fc.array(serverPacket(level), { maxLength: 12 }),
    lengths: fc.array(fc.nat(64), { minLength: 1, maxLength: 50 }),
  });
  return check('streams of packets, cut at random', streams, ({ packets, lengths }) => {
    const stream = Buffer.concat(packets.map((packet) => bytesOf(packet, level)));
    const events = packets.map((packet) => eventOf(packet, level));
    assert.deepEqual(parsePieces(pieced(stream, lengths), CAPACITY, level), { events, violation: undefined });
  });
}

function bytesOf(packet: Packet, level: ProtocolLevel): Uint8Array {
  return generate(packet, { protocolVersion: level });
}

/** `bytes` in pieces of `lengths`, and the rest. */
function pieced(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  pieces.push(bytes.subarray(at));
  return pieces;
}
