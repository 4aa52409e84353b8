// The embedded broker: Aedes on TCP and WebSocket. It can be cut and restored with its sessions, as a switch
// that is pulled, or without them, as a memory that is lost.

import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { CatchUp } from './catch-up.js';
import { SessionQueues } from './session-queues.js';
import { UserError } from './user-error.js';
import { tapWire, type WireObserver } from './wire-tap.js';

export interface BrokerPorts {
  /** 0: any free port. */
  readonly mqttPort: number;
  /** 0: any free port. */
  readonly wsPort: number;
}

const LOOPBACK = '127.0.0.1';

/** Largest WebSocket message taken from a client. */
const WEBSOCKET_MESSAGE_MAXIMUM_BYTES = 1 << 20;

/**
 * No queue in Aedes' emitter. It drains by recursion, one level for each message that nobody subscribes to, and a thousand
 * rooms that end at once then overflow the stack (mqemitter 7.1). Without it, each message is handed on as it comes.
 */
const UNQUEUED = 0;

/** All that a broker remembers: sessions, retained messages, and what it keeps for clients that are away. */
interface BrokerMemory {
  readonly aedes: Aedes;
  readonly catchUp: CatchUp;
  readonly queues: SessionQueues;
}

export class EmbeddedBroker {
  readonly #servers: readonly [Server, Server];
  readonly #sockets = new Set<Socket>();
  readonly #observe: (() => WireObserver) | undefined;
  #memory: BrokerMemory;
  #ports: BrokerPorts = { mqttPort: 0, wsPort: 0 };
  #isUp = false;
  #keepsSessions = true;
  /** Dropped by a broker that has forgotten its sessions since. */
  #droppedEarlier = 0;

  private constructor(memory: BrokerMemory, observe: (() => WireObserver) | undefined) {
    this.#memory = memory;
    this.#observe = observe;
    const webServer = createHttpServer();
    const webSockets = new WebSocketServer({
      server: webServer,
      maxPayload: WEBSOCKET_MESSAGE_MAXIMUM_BYTES,
      // MQTT-6.0.0-3: the client offers "mqtt", and the server chooses it.
      handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
    });
    webSockets.on('connection', (webSocket, request) => {
      const stream: Duplex = createWebSocketStream(webSocket);
      // A client that vanishes is Aedes' to notice; the stream alone would end the process.
      stream.on('error', () => stream.destroy());
      this.#handle(stream, request);
    });
    // A port that is taken is reported where the server is told to listen.
    webSockets.on('error', () => {});
    this.#servers = [createServer((socket) => this.#handle(socket)), webServer];
    for (const server of this.#servers) {
      server.on('connection', (socket: Socket) => {
        this.#sockets.add(socket);
        socket.on('close', () => this.#sockets.delete(socket));
      });
    }
  }

  /**
   * Starts on loopback. Throws `UserError` where a port cannot be had.
   * @param observe asked for what watches each new connection
   */
  static async start(ports: BrokerPorts, observe?: () => WireObserver): Promise<EmbeddedBroker> {
    const broker = new EmbeddedBroker(await createMemory(), observe);
    try {
      await broker.#listen(ports);
    } catch (error) {
      await broker.close();
      throw error;
    }
    return broker;
  }

  /** The ports in use, also while the broker is cut. */
  get ports(): BrokerPorts {
    return this.#ports;
  }

  get url(): string {
    return `mqtt://${LOOPBACK}:${this.#ports.mqttPort}`;
  }

  /** Messages that were dropped because a subscriber with a kept session stayed away too long. */
  get droppedCount(): number {
    return this.#droppedEarlier + this.#memory.queues.droppedCount;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Drops all clients and refuses new ones; sessions and retained messages stay, or are lost. */
  async cut(keepsSessions = true): Promise<void> {
    this.#isUp = false;
    this.#keepsSessions &&= keepsSessions;
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** Takes clients again, on the same ports. */
  async restore(): Promise<void> {
    if (!this.#keepsSessions) {
      this.#droppedEarlier = this.droppedCount;
      await closeAedes(this.#memory.aedes);
      this.#memory = await createMemory();
      this.#keepsSessions = true;
    }
    await this.#listen(this.#ports);
  }

  /** Publishes the time for rooms that have no other (design §3). */
  publishClock(topic: string, epochSeconds: number): void {
    const packet = { cmd: 'publish', topic, payload: String(epochSeconds), qos: 0, retain: false, dup: false } as const;
    const { aedes, catchUp } = this.#memory;
    catchUp.whenCaughtUp(() => aedes.publish(packet, () => {}));
  }

  async close(): Promise<void> {
    await this.cut();
    await closeAedes(this.#memory.aedes);
  }

  #handle(stream: Duplex, request?: IncomingMessage): void {
    if (this.#observe) tapWire(stream, this.#observe());
    this.#memory.aedes.handle(stream, request);
  }

  async #listen({ mqttPort, wsPort }: BrokerPorts): Promise<void> {
    const [tcpServer, webServer] = this.#servers;
    this.#ports = {
      mqttPort: await listen(tcpServer, mqttPort, '--mqtt-port'),
      wsPort: await listen(webServer, wsPort, '--ws-port'),
    };
    this.#isUp = true;
  }
}

async function createMemory(): Promise<BrokerMemory> {
  const catchUp = new CatchUp();
  const aedes = await Aedes.createBroker({ concurrency: UNQUEUED, ...catchUp.hooks });
  aedes.on('clientReady', catchUp.ready);
  return { aedes, catchUp, queues: new SessionQueues(aedes) };
}

function closeAedes(aedes: Aedes): Promise<void> {
  return new Promise((resolve) => aedes.close(resolve));
}

/** Listens on `port`; returns the port. Throws `UserError`, which names the option that chooses another. */
function listen(server: Server, port: number, option: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(cannotListen(error, port, option));
    server.once('error', onError);
    server.listen(port, LOOPBACK, () => {
      server.off('error', onError);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function cannotListen(error: NodeJS.ErrnoException, port: number, option: string): UserError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'is taken by another program',
    EACCES: 'needs the rights of an administrator',
  };
  const reason = reasons[error.code ?? ''] ?? `cannot be opened (${error.code})`;
  return new UserError(`Port ${port} on ${LOOPBACK} ${reason}.`, `npm start -- ${option} 0 (any free port)`);
}
