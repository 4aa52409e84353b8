// The message that comes in pieces because it is longer than the input buffer: whose it is, and whether anybody wants it.

import type { InboundMessage } from './inbound-message.js';
import type { QoS } from './protocol.js';
import type { MessageStream } from './session-options.js';

type State = 'none' | 'wanted' | 'unwanted' | 'known';

export class IncomingStream {
  private readonly stream: MessageStream | undefined;
  private state: State = 'none';
  qos: QoS = 0;
  packetId = 0;

  constructor(stream: MessageStream | undefined) {
    this.stream = stream;
  }

  /** @param isKnown it was handed on before, and comes again. */
  begin(message: InboundMessage, payloadLength: number, isKnown: boolean): void {
    this.qos = message.qos;
    this.packetId = message.packetId;
    if (isKnown) this.state = 'known';
    else this.state = this.stream?.begin(message, payloadLength) ? 'wanted' : 'unwanted';
  }

  piece(bytes: Uint8Array): void {
    if (this.state === 'wanted') this.stream?.piece(bytes);
  }

  /** The message is complete. Returns false where it was skipped. */
  end(): boolean {
    const state = this.state;
    this.state = 'none';
    if (state === 'wanted') this.stream?.end();
    return state !== 'unwanted';
  }

  /** The connection ended; nothing more comes. */
  abort(): void {
    const wasWanted = this.state === 'wanted';
    this.state = 'none';
    if (wasWanted) this.stream?.abort();
  }
}
