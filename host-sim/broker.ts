// The embedded broker: Aedes on TCP and WebSocket. It can be cut and restored with its sessions, as a switch that is pulled.

import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { CatchUp } from './catch-up.js';
import { SessionQueues } from './session-queues.js';
import { UserError } from './user-error.js';

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

export class EmbeddedBroker {
  readonly #aedes: Aedes;
  readonly #catchUp: CatchUp;
  readonly #queues: SessionQueues;
  readonly #servers: readonly [Server, Server];
  readonly #sockets = new Set<Socket>();
  #ports: BrokerPorts = { mqttPort: 0, wsPort: 0 };
  #isUp = false;

  private constructor(aedes: Aedes, catchUp: CatchUp) {
    this.#aedes = aedes;
    this.#catchUp = catchUp;
    this.#queues = new SessionQueues(aedes);
    aedes.on('clientReady', catchUp.ready);
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
      aedes.handle(stream, request);
    });
    // A port that is taken is reported where the server is told to listen.
    webSockets.on('error', () => {});
    this.#servers = [createServer((socket) => aedes.handle(socket)), webServer];
    for (const server of this.#servers) {
      server.on('connection', (socket: Socket) => {
        this.#sockets.add(socket);
        socket.on('close', () => this.#sockets.delete(socket));
      });
    }
  }

  /** Starts on loopback. Throws `UserError` where a port cannot be had. */
  static async start(ports: BrokerPorts): Promise<EmbeddedBroker> {
    const catchUp = new CatchUp();
    const broker = new EmbeddedBroker(await Aedes.createBroker({ concurrency: UNQUEUED, ...catchUp.hooks }), catchUp);
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
    return this.#queues.droppedCount;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Drops all clients and refuses new ones; sessions and retained messages stay. */
  async cut(): Promise<void> {
    this.#isUp = false;
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** Takes clients again, on the same ports. */
  async restore(): Promise<void> {
    await this.#listen(this.#ports);
  }

  /** Publishes the time for rooms that have no other (design §3). */
  publishClock(topic: string, epochSeconds: number): void {
    const packet = { cmd: 'publish', topic, payload: String(epochSeconds), qos: 0, retain: false, dup: false } as const;
    this.#catchUp.whenCaughtUp(() => this.#aedes.publish(packet, () => {}));
  }

  async close(): Promise<void> {
    await this.cut();
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
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
