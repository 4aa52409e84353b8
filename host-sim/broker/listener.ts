// One port of the embedded broker: opened, closed together with everybody who came in by it, and opened again.

import type { AddressInfo, Server, Socket } from 'node:net';
import { UserError } from '../user-error.js';

export class Listener {
  readonly #server: Server;
  readonly #host: string;
  readonly #option: string;
  readonly #sockets = new Set<Socket>();
  #port: number;

  /**
   * @param port 0: any free one, and the same again later
   * @param option the option that chooses another port, for people
   */
  constructor(server: Server, host: string, port: number, option: string) {
    this.#server = server;
    this.#host = host;
    this.#port = port;
    this.#option = option;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  get port(): number {
    return this.#port;
  }

  /** Throws `UserError` where the port cannot be had. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException) => reject(this.#cannotListen(error));
      this.#server.once('error', onError);
      this.#server.listen(this.#port, this.#host, () => {
        this.#server.off('error', onError);
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  /** Drops everybody and takes nobody in. */
  close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    return closed;
  }

  #cannotListen(error: NodeJS.ErrnoException): UserError {
    const reasons: Record<string, string> = {
      EADDRINUSE: 'is taken by another program',
      EACCES: 'needs the rights of an administrator',
      EADDRNOTAVAIL: 'cannot be opened: this computer does not have that address',
    };
    const reason = reasons[error.code ?? ''] ?? `cannot be opened (${error.code})`;
    return new UserError(`Port ${this.#port} on ${this.#host} ${reason}.`, `npm start -- ${this.#option} 0 (any free port)`);
  }
}
