// A wire with an ear: passes bytes between clients and a broker, and remembers the packets that clients send.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import mqttPacket, { type IConnectPacket, type IPublishPacket, type Packet } from 'mqtt-packet';

export class Wiretap {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What clients sent, in order; over all connections. */
  readonly packets: Packet[] = [];

  private constructor(brokerPort: number) {
    this.#server = createServer((client) => this.#connect(client, brokerPort));
  }

  static async start(brokerPort: number): Promise<Wiretap> {
    const tap = new Wiretap(brokerPort);
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get connects(): IConnectPacket[] {
    return this.packets.filter((packet) => packet.cmd === 'connect');
  }

  get publishes(): IPublishPacket[] {
    return this.packets.filter((packet) => packet.cmd === 'publish');
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #connect(client: Socket, brokerPort: number): void {
    const parser = mqttPacket.parser({ protocolVersion: 4 });
    parser.on('packet', (packet) => this.packets.push(packet));
    const broker = connect(brokerPort, '127.0.0.1');
    client.on('data', (bytes) => parser.parse(bytes));
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
