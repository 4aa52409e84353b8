// The simulated TCP port, with a server of the same virtual world at the other end.

import { type Peer, SimulatedNetwork } from '../sim/tcp.js';
import { World } from '../sim/world.js';
import type { Bench, TestPeer } from './tcp-port.js';

const PORT = 1883;
const WAIT_LIMIT_MS = 3_600_000;

class SimulatedPeer implements TestPeer {
  readonly #peer: Peer;
  readonly #chunks: Uint8Array[] = [];
  hasEnded = false;

  constructor(peer: Peer) {
    this.#peer = peer;
    peer.onBytes = (bytes) => this.#chunks.push(bytes);
    peer.onClose = () => {
      this.hasEnded = true;
    };
  }

  get received(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  get unsentBytes(): number {
    return this.#peer.unsentBytes;
  }

  send(bytes: Uint8Array): void {
    this.#peer.send(bytes);
  }

  end(): void {
    this.#peer.end();
  }

  reset(): void {
    this.#peer.reset();
  }

  pause(): void {
    this.#peer.pause();
  }

  resume(): void {
    this.#peer.resume();
  }
}

export async function openSimulatedBench(): Promise<Bench> {
  const world = new World(1);
  const network = new SimulatedNetwork(world);
  const peers: SimulatedPeer[] = [];
  network.listen(PORT, (peer) => peers.push(new SimulatedPeer(peer)));
  return {
    tcp: network.tcp,
    address: '192.0.2.1',
    host: 'broker.test',
    port: PORT,
    refusingPort: PORT + 1,
    peers,
    until: async (condition) => {
      if (!world.runUntil(condition, world.nowMs + WAIT_LIMIT_MS)) throw new Error(`never: ${condition}`);
    },
    settle: async () => world.run(world.nowMs + WAIT_LIMIT_MS),
    close: async () => {},
  };
}
