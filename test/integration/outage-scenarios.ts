// What happens to each room, step by step, and what must be seen of it so that the proof is not empty.

import type { Chop } from './support/conduit.js';
import type { RoomRecord } from './support/record.js';
import type { Room } from './support/room.js';
import type { WireStory } from './support/wire-story.js';
import type { World } from './support/world.js';

export interface Scenario {
  readonly title: string;
  readonly room: string;
  readonly chop: Chop;
  /** Whether the broker is killed: then it serves this room alone. */
  readonly killsBroker: boolean;
  /** What the subscriber hears on `status`. */
  readonly statuses: readonly string[];
  /** Ends with the room calm. */
  run(room: Room, world: World): Promise<void>;
  /** What has to have happened, with the proof. */
  readonly events: readonly { readonly title: string; happened(record: RoomRecord, story: WireStory): boolean }[];
}

/** A reading makes one message on each of three topics. */
const MESSAGES_PER_READING = 3;
const WINDOW = 8;
const SILENCE_LIMIT_MS = 20_000;

/** An accepted connection that began with `count` messages in flight, or more. */
const resumed = ({ connections }: WireStory, sessionPresent: boolean, count: number) =>
  connections.some((connection) => connection.sessionPresent === sessionPresent && connection.inflightBefore >= count);

export const SCENARIOS: readonly Scenario[] = [
  {
    title: 'broker killed, back without its sessions, killed again, back with them',
    room: 'killed broker',
    chop: 'whole',
    killsBroker: true,
    // A broker that is killed publishes no will, and the station is online again before anybody asks.
    statuses: ['online', 'offline'],
    run: runKilledBroker,
    events: [
      {
        title: 'the first time messages were in flight and the session was lost',
        happened: (_record, { connections }) =>
          connections[1]?.sessionPresent === false && connections[1].inflightBefore >= MESSAGES_PER_READING,
      },
      {
        title: 'the second time messages were in flight and the session was kept',
        happened: (_record, { connections }) =>
          connections[2]?.sessionPresent === true && connections[2].inflightBefore >= MESSAGES_PER_READING,
      },
      {
        title: 'they were sent again in the kept session',
        happened: (_record, { sendings }) => sendings.filter(({ isRedelivery }) => isRedelivery).length >= MESSAGES_PER_READING,
      },
    ],
  },
  {
    title: 'Wi-Fi cut in the middle of a PUBLISH, before a PUBACK while the broker is unaware, and until it is aware',
    room: 'cut Wi-Fi',
    chop: 'joined',
    killsBroker: false,
    // Mosquitto publishes no will where the client takes its own kept session over: the second cut leaves no trace.
    statuses: ['online', 'offline', 'online', 'offline', 'online', 'offline'],
    run: runCutWifi,
    events: [
      {
        title: 'a PUBLISH was cut in two',
        happened: ({ wire }) => wire.some(({ packet, isForwarded }) => packet.cmd === 'publish' && !isForwarded),
      },
      {
        title: 'the first session, which began clean, was forgotten; in MQTT 5 it is kept',
        happened: ({ mqtt }, story) => resumed(story, mqtt === '5', 1),
      },
      { title: 'the second session was kept, and taken over', happened: (_record, story) => resumed(story, true, 1) },
      {
        title: 'the broker became aware when the keep-alive had passed, and a backlog followed',
        happened: (_record, { sendings }) => sendings.some(({ kind, seqs }) => kind === 'readings' && seqs.length > 2),
      },
    ],
  },
  {
    title: 'Wi-Fi cut again during the replay of a backlog',
    room: 'cut replay',
    chop: 'joined',
    killsBroker: false,
    statuses: ['online', 'offline', 'online', 'offline', 'online', 'offline'],
    run: runCutReplay,
    events: [
      { title: 'the window was full when the replay was cut', happened: (_record, story) => resumed(story, true, WINDOW) },
      {
        title: 'a backlog came in batches',
        happened: (_record, { sendings }) => sendings.some(({ kind, seqs }) => kind === 'readings' && seqs.length > 1),
      },
    ],
  },
  {
    title: 'connection reset in mid-publish, then a peer that goes silent',
    room: 'silent peer',
    chop: 'bytes',
    killsBroker: false,
    statuses: ['online', 'offline', 'online', 'offline', 'online', 'offline'],
    run: runSilentPeer,
    events: [
      {
        title: 'the reset came with messages in flight',
        happened: ({ mqtt }, story) => resumed(story, mqtt === '5', MESSAGES_PER_READING),
      },
      {
        title: 'messages were swallowed by the silence',
        happened: ({ wire }) =>
          wire.filter(({ packet, isForwarded }) => packet.cmd === 'publish' && !isForwarded).length >= MESSAGES_PER_READING,
      },
      {
        title: 'the station found the silence by itself, in time',
        happened: ({ links }) => links.some((link) => link.state === 'down' && link.failure === 'ping-timeout'),
      },
      { title: 'the session was kept', happened: (_record, story) => resumed(story, true, MESSAGES_PER_READING) },
    ],
  },
  {
    title: 'refused and reset before the first connection',
    room: 'closed door',
    chop: 'bytes',
    killsBroker: false,
    statuses: ['online', 'offline'],
    run: runClosedDoor,
    events: [
      {
        title: 'it was refused twice and reset twice',
        happened: ({ links }) => {
          const failures = links.flatMap((link) => (link.state === 'down' ? link.failure : []));
          return failures.filter((failure) => failure !== 'closed').length >= 4 && failures[0] === 'connect-failed';
        },
      },
    ],
  },
];

async function runKilledBroker(room: Room, world: World): Promise<void> {
  await room.proxy.open();
  await room.isCalm();
  room.proxy.holdAcknowledgements();
  await room.hasInFlight(MESSAGES_PER_READING);
  room.proxy.refuse();
  await world.kill();
  await room.measures(2);
  // The subscriber is there before the station, so it hears whatever the new broker gets.
  await world.restartWithoutSessions();
  room.proxy.releaseAcknowledgements();
  await room.proxy.open();
  await room.isCalm();

  room.proxy.holdAcknowledgements();
  await room.hasInFlight(MESSAGES_PER_READING);
  await world.saveSessions();
  room.proxy.refuse();
  await world.kill();
  await world.restart();
  room.proxy.releaseAcknowledgements();
  await room.proxy.open();
  await room.isCalm();
}

async function runCutWifi(room: Room): Promise<void> {
  await room.proxy.open();
  await room.isCalm();
  room.proxy.stallInPublish();
  await room.stalls();
  room.cutWifi();
  await room.measures(1);
  room.restoreWifi();
  await room.isCalm();

  room.proxy.holdAcknowledgements();
  await room.hasInFlight(1);
  room.proxy.keepBrokerSide();
  room.cutWifi();
  await room.measures(1);
  room.proxy.releaseAcknowledgements();
  room.restoreWifi();
  await room.isCalm();

  room.cutWifi();
  await room.isHeardAs('offline');
  room.restoreWifi();
  await room.isCalm();
}

async function runCutReplay(room: Room): Promise<void> {
  await room.proxy.open();
  await room.isCalm();
  room.cutWifi();
  await room.measures(9);
  // The replay is interrupted behind its first few acknowledgements.
  room.proxy.holdAcknowledgements(5);
  room.restoreWifi();
  await room.hasInFlight(WINDOW);
  room.cutWifi();
  await room.measures(1);
  room.proxy.releaseAcknowledgements();
  room.restoreWifi();
  await room.isCalm();
}

async function runSilentPeer(room: Room): Promise<void> {
  await room.proxy.open();
  await room.isCalm();
  room.proxy.holdAcknowledgements();
  await room.hasInFlight(MESSAGES_PER_READING);
  room.proxy.reset();
  room.proxy.releaseAcknowledgements();
  await room.losesLink();
  await room.isCalm();

  const silentSinceMs = performance.now();
  room.proxy.silence();
  await room.losesLink();
  const foundAfterMs = performance.now() - silentSinceMs;
  if (foundAfterMs > SILENCE_LIMIT_MS) throw new Error(`the silence was found after ${Math.round(foundAfterMs)} ms`);
  await room.isCalm();
}

async function runClosedDoor(room: Room): Promise<void> {
  await room.losesLink(2);
  await room.proxy.resetArrivals();
  await room.losesLink(2);
  await room.proxy.open();
  await room.isCalm();
}
