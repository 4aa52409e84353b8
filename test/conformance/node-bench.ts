// A transport of the simulator, with a real server on loopback at the other end.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { StreamConstructor } from '../../firmware/ports.js';
import type { Bench, TestPeer } from './tcp-port.js';

const WAIT_LIMIT_MS = 10_000;

/** After so many turns of the loop without any byte moving, the kernel holds what it can hold. */
const QUIET_TURNS = 50;

/** What a transport needs of its other end. */
export interface NodeTransport {
  readonly io: StreamConstructor;
  /** The name of the server. */
  readonly host: string;
  /** A server that hands on whoever has come in, together with the TCP socket below. */
  serve(onPeer: (peer: TestPeer) => void): Server;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A server on any port of loopback that takes connections in. */
export async function openNodeBench({ io, host, serve }: NodeTransport): Promise<Bench> {
  const peers: TestPeer[] = [];
  const sockets: Socket[] = [];
  const server = serve((peer) => peers.push(peer));
  server.on('connection', (socket: Socket) => sockets.push(socket));
  const refusing = createServer();
  for (const each of [server, refusing]) await once(each.listen(0, '127.0.0.1'), 'listening');
  const [port, refusingPort] = [server, refusing].map((each) => (each.address() as AddressInfo).port) as [number, number];
  await once(refusing.close(), 'close');

  const until = async (condition: () => boolean) => {
    const endsAtMs = performance.now() + WAIT_LIMIT_MS;
    while (!condition()) {
      if (performance.now() > endsAtMs) throw new Error(`never: ${condition}`);
      await nextTurn();
    }
  };
  /** Grows with every byte that moves at this end. */
  const movedBytes = () => sockets.reduce((sum, each) => sum + each.bytesRead + each.bytesWritten - each.writableLength, 0);
  const settle = async () => {
    let moved = -1;
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const now = movedBytes();
      if (now !== moved) quiet = 0;
      moved = now;
      await nextTurn();
    }
  };
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await once(server.close(), 'close');
  };
  return { tcp: io, address: '127.0.0.1', host, port, refusingPort, peers, until, settle, close };
}
