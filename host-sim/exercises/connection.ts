// A connection to the broker as every client of MQTT needs one: says how it fares, tries again when it is lost, and ends on Ctrl-C.

import { randomBytes } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import type { Broker } from './command-line.js';

/** Pause between two tries to connect. */
const RETRY_MS = 2_000;

/** A silence of one and a half times this long makes each side believe that the other is gone. */
const KEEP_ALIVE_SECONDS = 15;

const CONNECT_LIMIT_MS = 10_000;

/** How long the end may wait for a broker that does not answer. */
const END_LIMIT_MS = 2_000;

const EXIT_FAILURE = 1;

/** @param program what the client's name at the broker begins with */
export function connect(broker: Broker, program: string): MqttClient {
  const { url, username, password, ca, cert, key } = broker;
  const client = mqtt.connect(url, {
    // Two clients of one name would throw each other out, for ever: chance makes them different.
    clientId: `${program}-${randomBytes(4).toString('hex')}`,
    // "Clean": the broker keeps nothing for us while we are away. Hence we subscribe after each connection (`subscribe` below).
    clean: true,
    resubscribe: false,
    keepalive: KEEP_ALIVE_SECONDS,
    reconnectPeriod: RETRY_MS,
    connectTimeout: CONNECT_LIMIT_MS,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  });
  reportConnection(client, url);
  endOnSignals(client);
  return client;
}

/** Subscribes to `filters` now and after each reconnection. The broker may grant less than `qos`, and may refuse. */
export function subscribe(client: MqttClient, filters: readonly string[], qos: 0 | 1 | 2): void {
  client.on('connect', () => {
    client.subscribe([...filters], { qos }, (error) => {
      // When the connection is lost before the answer, the next one asks again.
      if (error && client.connected) fail(client, `The broker does not let us subscribe to ${filters.join(' ')}: ${error.message}`);
    });
  });
}

/** What is told of the connection goes to stderr: stdout is for the data. */
function reportConnection(client: MqttClient, url: string): void {
  let isAway = false;
  let reason = 'it closed the connection';
  client.on('connect', () => {
    isAway = false;
    reason = 'it closed the connection';
    console.error(`Connected to ${url}.`);
  });
  client.on('error', (error) => {
    // A code that is a number is the broker's answer, such as 5 for a wrong login: to ask again would not change it.
    if ('code' in error && typeof error.code === 'number') fail(client, `The broker ${url} refuses us: ${error.message}`);
    else reason = reasonOf(error);
  });
  client.on('close', () => {
    if (isAway || client.disconnecting) return;
    isAway = true;
    console.error(`The broker ${url} is away (${reason}). Trying again every ${RETRY_MS / 1000} s.`);
  });
}

/** TLS says the reason in a property of its own, and a connection that failed on several addresses has a code and no message. */
function reasonOf(error: Error & { readonly code?: unknown; readonly reason?: string }): string {
  return error.reason ?? (error.message || String(error.code));
}

/** Leaves with DISCONNECT, so that the broker knows it for no accident and does not publish our will. */
function endOnSignals(client: MqttClient): void {
  const end = () => {
    client.end(!client.connected);
    setTimeout(() => process.exit(), END_LIMIT_MS).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // Whoever read our output has gone, as in `npm run spy -- "#" | head`.
  process.stdout.on('error', end);
}

function fail(client: MqttClient, problem: string): void {
  console.error(problem);
  process.exitCode = EXIT_FAILURE;
  client.end(true);
}
