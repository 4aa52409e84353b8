// The TCP port of the simulator, with a real server on loopback at the other end.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { NodeTcp } from '../../host-sim/ports/node-tcp.js';
import type { Bench, TestPeer } from './tcp-port.js';

const WAIT_LIMIT_MS = 10_000;

/** After so many turns of the loop without any byte moving, the kernel holds what it can hold. */
const QUIET_TURNS = 50;

class NodePeer implements TestPeer {
  readonly #socket: Socket;
  readonly #chunks: Uint8Array[] = [];
  hasEnded = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk));
    socket.on('end', () => socket.end());
    socket.on('error', () => {});
    socket.on('close', () => {
      this.hasEnded = true;
    });
  }

  get received(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  /** Grows with every byte that moves here. */
  get movedBytes(): number {
    return this.#socket.bytesRead + this.#socket.bytesWritten - this.#socket.writableLength;
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A server on any port of loopback that takes connections in. */
export async function openNodeBench(): Promise<Bench> {
  const peers: NodePeer[] = [];
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    peers.push(new NodePeer(socket));
  });
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
  const settle = async () => {
    let moved = -1;
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const now = peers.reduce((sum, peer) => sum + peer.movedBytes, 0);
      if (now !== moved) quiet = 0;
      moved = now;
      await nextTurn();
    }
  };
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    await once(server.close(), 'close');
  };
  return { tcp: NodeTcp, address: '127.0.0.1', port, refusingPort, peers, until, settle, close };
}
