// Broken packets get the verdict of the rules, and mqtt-packet does with them what the rules say of it.

import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Packet } from 'mqtt-packet';
import { MQTT_3_1_1, MQTT_5, type ProtocolLevel } from '../../firmware/mqtt/protocol.js';
import { toHex } from '../vectors/hex.js';
import { cuts, type PacketEvent, type ParseResult, parsePieces } from '../vectors/packet-log.js';
import { type Check, check } from './check.js';
import { bytesOf, type Frame } from './frame.js';
import { brokenFrame } from './mutate.js';
import { eventOf, parseWithPeer } from './peer.js';
import { RULES, type Rule } from './rules.js';

/** Bytes of the largest body that is drawn, and more. */
const CAPACITY = 4_096;
/** A body that is often longer than the buffer. */
const SMALL_CAPACITY = 16;

const frames = fc.oneof(brokenFrame(MQTT_3_1_1), brokenFrame(MQTT_5));

/** @param onMet hears of each rule about which both did what it says. */
export function verdictCheck(onMet: (rule: Rule) => void = () => {}): Check {
  return check('broken packets get the verdict of the rules, and mqtt-packet does as they say', frames, (frame) => {
    const bytes = bytesOf(frame);
    const ours = parsePieces([bytes], CAPACITY, frame.level);
    const theirs = parseWithPeer(bytes, frame.level);
    const what = `${toHex(bytes)} at level ${frame.level}`;
    const met = RULES.filter((rule) => rule.isMet(frame));
    for (const rule of judge(ours, theirs, frame, met, what)) onMet(rule);
  });
}

/** Throws where a verdict is not that of the rules `met`; returns those about which mqtt-packet does what they say. */
function judge(ours: ParseResult, theirs: Packet[] | undefined, { level }: Frame, met: readonly Rule[], what: string): Rule[] {
  const { violation, events } = ours;
  const rules = met.filter((rule) => rule.violation === violation);
  const readings = violation === undefined ? theirs?.map((packet) => eventOf(packet, level)) : undefined;
  const peer = !theirs ? 'refuses' : !readings || isAlike(events, readings) ? 'reads' : 'misreads';
  const asSaid = rules.filter((rule) => rule.peer === peer);
  if (violation === undefined) {
    const broken = met.flatMap((rule) => rule.violation ?? []);
    assert.deepEqual(broken, [], `we take ${what}`);
    if (peer === 'misreads' && asSaid.length === 0) assert.deepEqual(events, readings, `we read ${what} otherwise`);
    if (peer === 'refuses') assert.ok(asSaid.length > 0, `mqtt-packet alone refuses ${what}`);
  } else {
    assert.deepEqual(events, [], `we hand on what we refuse: ${what}`);
    assert.ok(rules.length > 0, `we say ${violation} to ${what}; the rules say ${met.map((rule) => rule.violation)}`);
    // What breaks more than one rule mqtt-packet may refuse for another.
    if (peer === 'reads') assert.ok(asSaid.length > 0, `mqtt-packet reads ${what}, although ${violation}`);
  }
  return asSaid;
}

const isAlike = (ours: readonly PacketEvent[], theirs: readonly PacketEvent[]) =>
  isDeepStrictEqual(ours.map(comparable), theirs.map(comparable));

/** mqtt-packet keeps user properties by their names: in which order they came is lost. */
function comparable(event: PacketEvent): PacketEvent {
  if (!('properties' in event) || !event.properties?.userProperties) return event;
  const userProperties = event.properties.userProperties.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { ...event, properties: { ...event.properties, userProperties } };
}

export function garbageCheck(): Check {
  // Bytes that begin packets, and lengths that end them, are more likely than others.
  const byte = fc.oneof(fc.nat(255), fc.nat(8), fc.constantFrom(0x20, 0x30, 0x32, 0x40, 0x90, 0xd0, 0x80, 0xff));
  const given = fc.record({
    garbage: fc.array(byte, { maxLength: 60, size: 'max' }),
    level: fc.constantFrom<ProtocolLevel>(MQTT_3_1_1, MQTT_5),
    takesPieces: fc.boolean(),
  });
  return check('garbage gets the same verdict however it is cut', given, ({ garbage, level, takesPieces }) => {
    const bytes = Uint8Array.from(garbage);
    const whole = parsePieces([bytes], SMALL_CAPACITY, level, takesPieces);
    for (const pieces of cuts(bytes)) assert.deepEqual(parsePieces(pieces, SMALL_CAPACITY, level, takesPieces), whole);
  });
}
