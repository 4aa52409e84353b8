// A WebSocket over the device's TCP or TLS, by the SDK's client: a stream port like any other. MQTT goes in binary frames
// (MQTT 3.1.1 §6, MQTT 5 §6).

import WebSocketClient from 'embedded:network/websocket/client';
import type { StreamConstructor, StreamFailure, StreamOptions, StreamSocket } from '../../ports.js';
import { timer } from '../timer.js';

/** [MQTT-6.0.0-3] */
const PROTOCOL = 'mqtt';

export class WebSocketStream implements StreamSocket {
  private readonly options: StreamOptions;
  private readonly webSocket: WebSocketClient;
  /** What the connection below said of its failure. */
  private failure: StreamFailure | undefined;
  private isConnected = false;
  private isOpen = false;
  private isClosed = false;
  /** Thrown by the station itself, and none of the client's business. */
  private bug: unknown;

  /** @param Carrier the class of the connection below */
  constructor(options: StreamOptions, Carrier: StreamConstructor) {
    this.options = options;
    const { address, host, port, path, nodelay } = options;
    const stream = this;
    this.webSocket = new WebSocketClient({
      host: `${host}:${port}`,
      port,
      path,
      protocol: PROTOCOL,
      // The link has resolved the name already.
      dns: {
        io: class {
          resolve({ onResolved }: { onResolved(host: string, address: string): void }): void {
            onResolved(host, address);
          }
        },
      },
      socket: {
        io: class {
          constructor(below: Pick<StreamOptions, 'onReadable' | 'onWritable' | 'onError'>) {
            // biome-ignore lint/correctness/noConstructorReturn: the client wants a class, and gets what Carrier makes
            return new Carrier({ address, host, port, path: '', nodelay, ...stream.watch(below) });
          }
        },
      },
      onReadable: (byteCount, { binary }) => {
        if (this.isClosed) return;
        if (binary === false) this.fail('websocket-malformed');
        else this.tell(() => options.onReadable(byteCount));
      },
      onWritable: (byteCount) => {
        this.isOpen = true;
        if (!this.isClosed && byteCount > 0) this.tell(() => options.onWritable(byteCount));
      },
      onClose: () => this.fail(undefined),
      onError: () => this.fail(this.failure ?? (this.isConnected && !this.isOpen ? 'websocket-refused' : undefined)),
    });
  }

  read(buffer: Uint8Array): unknown {
    return this.webSocket.read(buffer);
  }

  write(buffer: Uint8Array): unknown {
    return this.webSocket.write(buffer);
  }

  close(): void {
    this.isClosed = true;
    this.webSocket.close();
  }

  /** The callbacks of the client for the connection below, with an eye on what happens there. */
  private watch({ onReadable, onWritable, onError }: Pick<StreamOptions, 'onReadable' | 'onWritable' | 'onError'>) {
    return {
      onReadable: (byteCount: number) => this.attempt(() => onReadable(byteCount)),
      onWritable: (byteCount: number) => {
        this.isConnected = true;
        this.attempt(() => onWritable(byteCount));
      },
      onError: (failure?: StreamFailure) => {
        this.failure = failure;
        onError();
      },
    };
  }

  /** The client throws at some of what a broken peer may send. */
  private attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error === this.bug) throw error;
      this.fail('websocket-malformed');
    }
  }

  private tell(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.bug = error;
      throw error;
    }
  }

  /** Later, because the client may fail within its constructor. */
  private fail(failure: StreamFailure | undefined): void {
    timer.set(() => {
      if (this.isClosed) return;
      this.close();
      this.options.onError(failure);
    }, 0);
  }
}
