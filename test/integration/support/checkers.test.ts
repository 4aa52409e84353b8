// The checkers themselves: a station that did all as it should has no faults, and each thing that can be wrong is found.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { IConnectPacket, IPublishPacket, Packet } from 'mqtt-packet';
import { CHECKERS, findStatusFaults } from './checkers.js';
import { type HeardMessage, kindOf, type LinkEvent, type RoomRecord, type WirePacket } from './record.js';
import { scriptRecord } from './script.js';

interface Row {
  readonly wrong: string;
  tamper(record: RoomRecord): Partial<RoomRecord>;
  readonly fault: RegExp;
}

// --- Tampering: copies with one thing changed ---------------------------------------------------------------------------

function alterHeard(kind: string, index: number, change: Partial<HeardMessage>) {
  return ({ heard }: RoomRecord): Partial<RoomRecord> => {
    const target = heard.filter(({ topic }) => kindOf(topic) === kind).at(index);
    return { heard: heard.map((message) => (message === target ? { ...message, ...change } : message)) };
  };
}

function alterWire(isMeant: (entry: WirePacket) => boolean, change: (entry: WirePacket) => WirePacket[]) {
  return ({ wire }: RoomRecord): Partial<RoomRecord> => ({
    wire: wire.flatMap((entry) => (isMeant(entry) ? change(entry) : [entry])),
  });
}

const isPublish = (kind: string, connection: number) => (entry: WirePacket) =>
  entry.packet.cmd === 'publish' && kindOf(entry.packet.topic) === kind && entry.connection === connection;

const isPuback = (connection: number) => (entry: WirePacket) => entry.packet.cmd === 'puback' && entry.connection === connection;

const withPublish = (change: Partial<IPublishPacket>) => (entry: WirePacket) => [
  { ...entry, packet: { ...entry.packet, ...change } as Packet },
];

const withConnect = (change: Partial<IConnectPacket>) =>
  alterWire(
    ({ packet, connection }) => packet.cmd === 'connect' && connection === 2,
    (entry) => [{ ...entry, packet: { ...entry.packet, ...change } as Packet }],
  );

const withPayload = (record: RoomRecord, index: number, pattern: RegExp, replacement: string): Partial<RoomRecord> => {
  const batches = record.heard.filter(({ topic }) => kindOf(topic) === 'readings');
  const payload = (batches.at(index) as HeardMessage).payload.replace(pattern, replacement);
  return alterHeard('readings', index, { payload })(record);
};

const alterLink = (index: number, change: Partial<LinkEvent>) => (record: RoomRecord) => ({
  links: record.links.map((link, at) => (at === index ? ({ ...link, ...change } as LinkEvent) : link)),
});

const withoutHeard = (kind: string) => (record: RoomRecord) => ({
  heard: record.heard.filter(({ topic }) => kindOf(topic) !== kind),
});

const withRetained = (kind: string, change: Partial<HeardMessage> | undefined) => (record: RoomRecord) => ({
  retained: record.retained.flatMap((message) => {
    if (kindOf(message.topic) !== kind) return [message];
    return change ? [{ ...message, ...change }] : [];
  }),
});

/** What can be wrong, by the beginning of the claim that must find it. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  'delivers every reading': [
    {
      wrong: 'a reading is missing',
      tamper: (record) => ({ heard: record.heard.filter(({ payload }) => !payload.includes('"seq":1,')) }),
      fault: /seq 2 is heard first where 1 is due/,
    },
    { wrong: 'readings come in another order', tamper: ({ heard }) => ({ heard: heard.toReversed() }), fault: /where 0 is due/ },
    {
      wrong: 'the last reading is missing',
      tamper: (record) => withPayload(record, -1, /,\{"seq":3.*\}(?=\]\})/, ''),
      fault: /up to seq 2, but 4 were measured/,
    },
    { wrong: 'nothing is heard', tamper: withoutHeard('readings'), fault: /up to seq -1/ },
  ],
  'measures as often': [
    { wrong: 'it measures too rarely', tamper: () => ({ stoppedAtMs: 13_000 }), fault: /4 readings in 13.0 s/ },
    { wrong: 'it measures too often', tamper: () => ({ stoppedAtMs: 4_000 }), fault: /expected 2 ±1/ },
  ],
  'delivers on `readings`': [
    {
      wrong: 'a temperature is wrong',
      tamper: (record) => withPayload(record, 0, /"temperature":[\d.]+/, '"temperature":9.9'),
      fault: /seq 0 is 9.9 °C/,
    },
    {
      wrong: 'a humidity is wrong',
      tamper: (record) => withPayload(record, 1, /"humidity":[\d.]+/, '"humidity":9.9'),
      fault: /seq 1 is .* 9.9 %RH/,
    },
    { wrong: 'a time is wrong', tamper: () => ({ startedAtEpochSeconds: 1_800_000_003 }), fault: /seq 0 has time 1800000001/ },
    {
      wrong: 'a time is unknown',
      tamper: (record) => withPayload(record, 0, /"time":\d+/, '"time":null'),
      fault: /seq 0 has time null/,
    },
    { wrong: 'it is of another boot', tamper: () => ({ boot: 8 }), fault: /from 0200000000ff\/7/ },
  ],
  'delivers on both value topics': [
    {
      wrong: 'a value is wrong',
      tamper: alterWire(isPublish('temperature', 1), withPublish({ payload: '9.9' })),
      fault: /temperature: seq 0 is 9.9/,
    },
    {
      wrong: 'a value is missing',
      tamper: alterWire(isPublish('humidity', 3), () => []),
      fault: /humidity: 2 readings were sent, but 4 were measured/,
    },
    {
      wrong: 'a reading came that nobody sent',
      tamper: ({ measured }) => ({ measured: [...measured, { seq: 4, atMs: 9_005 }] }),
      fault: /4 readings were sent, but 5/,
    },
  ],
  'is heard by the subscriber': [
    { wrong: 'a message is missing', tamper: withoutHeard('humidity'), fault: /heard readings .*, expected humidity/ },
    { wrong: 'a message was changed', tamper: alterHeard('temperature', 2, { payload: '9.9' }), fault: /heard temperature 9.9/ },
    { wrong: 'a message has QoS 0', tamper: alterHeard('readings', 0, { qos: 0 }), fault: /QoS 0, expected readings/ },
    {
      wrong: 'a message was heard that was held back',
      tamper: alterWire(isPublish('temperature', 3), (entry) => [{ ...entry, isForwarded: false }]),
      fault: /heard temperature/,
    },
  ],
  'repeats at most': [
    { wrong: 'more is repeated than the window allows', tamper: () => ({ window: 2 }), fault: /6 messages .* 2 × 2 disconnects/ },
  ],
  'sends again with DUP 1': [
    {
      wrong: 'DUP is 0 in a kept session',
      tamper: alterWire(isPublish('temperature', 2), withPublish({ dup: false })),
      fault: /packet 7 .* DUP is 0/,
    },
    {
      wrong: 'another packet id in a kept session',
      tamper: alterWire(isPublish('temperature', 2), withPublish({ messageId: 60 })),
      fault: /packet 60 .* wrong packet id or order/,
    },
    {
      wrong: 'other bytes in a kept session',
      tamper: alterWire(
        ({ packet }) => packet.cmd === 'publish' && packet.dup,
        (entry) => [{ ...entry, bytes: Buffer.concat([entry.bytes, Buffer.of(0)]) }],
      ),
      fault: /its bytes are not the same/,
    },
    {
      wrong: 'retain changes when sent again',
      tamper: alterWire(
        ({ packet }) => packet.cmd === 'publish' && packet.dup,
        (entry) => [{ ...entry, bytes: Buffer.concat([Buffer.of((entry.bytes[0] as number) ^ 1), entry.bytes.subarray(1)]) }],
      ),
      fault: /its bytes are not the same/,
    },
    {
      wrong: 'nothing is sent again in a kept session',
      tamper: alterWire(
        ({ packet }) => packet.cmd === 'publish' && packet.dup,
        () => [],
      ),
      fault: /packet 10 .* wrong packet id or order/,
    },
    {
      wrong: 'DUP is 1 in a session that was lost',
      tamper: alterWire(isPublish('temperature', 3), withPublish({ dup: true })),
      fault: /DUP is 1, but it is sent for the first time/,
    },
    {
      wrong: 'a message is never acknowledged',
      tamper: alterWire(isPuback(3), () => []),
      fault: /packet 17 \(temperature\) was never acknowledged/,
    },
    {
      wrong: 'DUP is 1 with QoS 0',
      tamper: alterWire(isPublish('info', 1), withPublish({ qos: 0, dup: true })),
      fault: /has QoS 0 and DUP 1/,
    },
  ],
  'uses no packet id': [
    { wrong: 'a packet id is 0', tamper: alterWire(isPublish('info', 1), withPublish({ messageId: 0 })), fault: /packet id 0/ },
    {
      wrong: 'a packet id is in flight',
      tamper: alterWire(isPublish('humidity', 1), withPublish({ messageId: 4 })),
      fault: /its packet id is in flight/,
    },
    {
      wrong: 'a packet id is that of a SUBSCRIBE under way',
      tamper: alterWire(isPublish('status', 1), withPublish({ messageId: 1 })),
      fault: /its packet id is in flight/,
    },
    {
      wrong: 'more is in flight than the window allows',
      tamper: () => ({ window: 2 }),
      fault: /2 are in flight, and the window is 2/,
    },
  ],
  'retains a value exactly': [
    {
      wrong: 'the newest value is not retained',
      tamper: alterWire(isPublish('temperature', 1), withPublish({ retain: false })),
      fault: /temperature 0: retain is 0, expected 1/,
    },
    {
      wrong: 'a value of the backlog is retained',
      tamper: (record) => ({
        measured: record.measured.map((reading) => ({ ...reading, atMs: reading.atMs - 1_000 })),
        ...alterWire(isPublish('humidity', 3), withPublish({ retain: true }))(record),
      }),
      fault: /humidity 2: retain is 1, expected 0/,
    },
    {
      wrong: 'a batch is retained',
      tamper: alterWire(isPublish('readings', 1), withPublish({ retain: true })),
      fault: /readings 0: retain is 1, expected 0/,
    },
    {
      wrong: 'the status is not retained',
      tamper: alterWire(isPublish('status', 1), withPublish({ retain: false })),
      fault: /status: retain is 0, expected 1/,
    },
  ],
  'leaves the newest values': [
    {
      wrong: 'an old value is retained',
      tamper: withRetained('temperature', { payload: '9.9' }),
      fault: /temperature: 9.9 is retained/,
    },
    { wrong: 'no value is retained', tamper: withRetained('humidity', undefined), fault: /humidity: nothing is retained/ },
    { wrong: 'the status is stuck', tamper: withRetained('status', { payload: 'online' }), fault: /status: online is retained/ },
    { wrong: 'info has QoS 0', tamper: withRetained('info', { qos: 0 }), fault: /info: retained with QoS 0/ },
    {
      wrong: 'a batch is retained',
      tamper: withRetained('info', { topic: 'maison/scripted/readings' }),
      fault: /readings is retained/,
    },
  ],
  'connects clean once': [
    { wrong: 'it starts clean twice', tamper: withConnect({ clean: true }), fault: /connection 2: clean session true/ },
    {
      wrong: 'the will says something else',
      tamper: withConnect({ will: { topic: 'maison/scripted/status', payload: 'gone', qos: 1, retain: true } }),
      fault: /connection 2: will .*gone/,
    },
    { wrong: 'it does not speak MQTT', tamper: () => ({ malformed: ['to-broker: nonsense'] }), fault: /nonsense/ },
  ],
  'waits 1 s to 60 s': [
    { wrong: 'it tries again at once', tamper: alterLink(2, { atMs: 3_900 }), fault: /after connection-lost .* 400 ms/ },
    { wrong: 'it waits too long', tamper: alterLink(2, { atMs: 8_000 }), fault: /4500 ms, expected 1000 to 2000/ },
  ],
};

const STATUSES = ['online', 'offline'];

describe('checkers of the outages', () => {
  it('find nothing wrong with a station that did all as it should', () => {
    const record = scriptRecord();
    for (const { claim, findFaults } of CHECKERS) assert.deepEqual(findFaults(record), [], claim);
    assert.deepEqual(findStatusFaults(record, STATUSES), []);
  });

  for (const { claim, findFaults } of CHECKERS) {
    const rows = Object.entries(ROWS).find(([beginning]) => claim.startsWith(beginning))?.[1] ?? [];
    it(`can fail: ${claim}`, () => assert.ok(rows.length > 0, 'no row shows that it can'));
    for (const { wrong, tamper, fault } of rows) {
      it(`finds that ${wrong}`, () => {
        const record = scriptRecord();
        assert.match(findFaults({ ...record, ...tamper(record) }).join('\n'), fault);
      });
    }
  }

  it('finds that the status does not go back to online', () => {
    const record = scriptRecord();
    assert.match(findStatusFaults(record, ['online', 'offline', 'online', 'offline']).join('\n'), /status was online, offline/);
  });

  it('finds that the status has QoS 0', () => {
    const record = scriptRecord();
    const tampered = { ...record, ...alterHeard('status', 0, { qos: 0 })(record) };
    assert.match(findStatusFaults(tampered, STATUSES).join('\n'), /QoS 0/);
  });
});
