// One run of one client: connects to a broker, has so many QoS 1 messages acknowledged with so many in flight, and tells how fast that
// went and what it allocated. In a worker of its own, so that no run inherits the heap of another.

import { connect, type Socket } from 'node:net';
import { PerformanceObserver } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { connectAsync } from 'mqtt';
import type { InboundMessage } from '../../firmware/mqtt/inbound-message.js';
import { MQTT_5, type OutboundMessage } from '../../firmware/mqtt/protocol.js';
import { Session } from '../../firmware/mqtt/session.js';
import type { SessionFailure, SessionHandler } from '../../firmware/mqtt/session-options.js';
import { MESSAGE_PAYLOAD, MESSAGE_TOPIC } from './mqtt-message.js';

/** Both are on a socket of Node: the simulator's TCP port has the manners of a board's, which MQTT.js has not. */
export type ClientName = 'station' | 'MQTT.js';

export interface RunTask {
  readonly client: ClientName;
  readonly port: number;
  /** Messages in flight. */
  readonly window: number;
  readonly messages: number;
}

export interface RunResult {
  readonly messagesPerSecond: number;
  /** Allocated on the JavaScript heap; not a number where it was collected meanwhile, so that it cannot be told. */
  readonly bytesPerMessage: number;
}

/** Before the clock starts, so that the engine has compiled what it runs. */
const WARM_UP_MESSAGES = 3_000;

const ADDRESS = '127.0.0.1';
const TIMEOUT_MS = 30_000;

/** A client that is connected; `publish` has `messages` acknowledged. */
interface Client {
  publish(messages: number): Promise<void>;
  end(): Promise<void>;
}

class StationClient implements Client, SessionHandler {
  readonly #session: Session;
  readonly #socket: Socket;
  #unsent = 0;
  #unacknowledged = 0;
  #onDone: () => void = () => {};
  #onFailure: (reason: string) => void = () => {};

  constructor(port: number, window: number) {
    this.#session = new Session({
      outputCapacity: 4_096,
      inputCapacity: 512,
      window,
      receiveMaximum: 8,
      connackTimeoutMs: TIMEOUT_MS,
      acknowledgementTimeoutMs: TIMEOUT_MS,
      pingTimeoutMs: TIMEOUT_MS,
      outbox: { compose: (_tag, message) => composeMessage(message) },
      handler: this,
    });
    this.#socket = connect({ host: ADDRESS, port, noDelay: true });
    this.#socket.once('connect', () => {
      const options = { level: MQTT_5, clientId: `bench-${process.pid}`, cleanStart: true, keepAliveSeconds: 60 } as const;
      this.#session.open(options, performance.now());
      this.#turn();
    });
    this.#socket.on('data', (bytes) => {
      this.#session.receive(bytes, performance.now());
      this.#turn();
    });
    this.#socket.on('error', (error) => this.#onFailure(error.message));
  }

  connected(): Promise<void> {
    return this.#done();
  }

  publish(messages: number): Promise<void> {
    this.#unsent = messages;
    this.#unacknowledged = messages;
    const done = this.#done();
    this.#turn();
    return done;
  }

  async end(): Promise<void> {
    this.#socket.destroy();
  }

  #done(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onDone = resolve;
      this.#onFailure = (reason) => reject(new Error(reason));
    });
  }

  /** As the station's link: publishes what can be published, and writes once. */
  #turn(): void {
    const nowMs = performance.now();
    while (this.#unsent > 0 && this.#session.publish(0, nowMs)) this.#unsent--;
    const bytes = this.#session.pending(Number.POSITIVE_INFINITY);
    if (bytes.length === 0) return;
    // Node may still hold the bytes when the session's buffer is written again.
    this.#socket.write(bytes.slice());
    this.#session.sent(bytes.length, nowMs);
  }

  onConnected(): void {
    this.#onDone();
  }

  onAcknowledged(): void {
    if (--this.#unacknowledged === 0) this.#onDone();
  }

  onRefused(): void {
    this.#onFailure('the broker refused a message');
  }

  onFailed(failure: SessionFailure): void {
    this.#onFailure(failure);
  }

  onSessionLost(): void {}
  onSubscribed(): void {}
  onUnsubscribed(): void {}
  onMessage(_message: InboundMessage): void {}
  onOversizedMessage(): void {}
}

const TOPIC = new TextEncoder().encode(MESSAGE_TOPIC);

function composeMessage(message: OutboundMessage): void {
  message.topic = TOPIC;
  message.payload = MESSAGE_PAYLOAD;
  message.payloadLength = MESSAGE_PAYLOAD.length;
}

async function connectStation({ port, window }: RunTask): Promise<Client> {
  const client = new StationClient(port, window);
  await client.connected();
  return client;
}

async function connectMqttJs({ port, window }: RunTask): Promise<Client> {
  const client = await connectAsync(`mqtt://${ADDRESS}:${port}`, { protocolVersion: MQTT_5, reconnectPeriod: 0 });
  const payload = Buffer.from(MESSAGE_PAYLOAD);
  return {
    publish: (messages) =>
      new Promise((resolve, reject) => {
        let unsent = messages;
        let unacknowledged = messages;
        const sendNext = () => {
          unsent--;
          client.publish(MESSAGE_TOPIC, payload, { qos: 1 }, (error) => {
            if (error) reject(error);
            else if (--unacknowledged === 0) resolve();
            else if (unsent > 0) sendNext();
          });
        };
        while (unsent > 0 && messages - unsent < window) sendNext();
      }),
    end: () => client.endAsync(true),
  };
}

async function run(task: RunTask): Promise<RunResult> {
  const client = await (task.client === 'station' ? connectStation(task) : connectMqttJs(task));
  await client.publish(WARM_UP_MESSAGES);
  globalThis.gc?.();
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().filter(({ startTime }) => startTime >= startedMs).length;
  });
  observer.observe({ entryTypes: ['gc'] });
  const usedBefore = process.memoryUsage().heapUsed;
  const startedMs = performance.now();
  await client.publish(task.messages);
  const seconds = (performance.now() - startedMs) / 1000;
  const allocated = process.memoryUsage().heapUsed - usedBefore;
  collections += observer.takeRecords().filter(({ startTime }) => startTime >= startedMs).length;
  observer.disconnect();
  await client.end();
  return {
    messagesPerSecond: task.messages / seconds,
    bytesPerMessage: collections > 0 ? Number.NaN : allocated / task.messages,
  };
}

parentPort?.postMessage(await run(workerData as RunTask));
