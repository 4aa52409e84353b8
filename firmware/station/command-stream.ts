// Takes commands that are longer than the input buffer, as whole settings are: such a one is collected in memory of its own, which
// is there only until it has been carried out.

import type { InboundMessage } from '../mqtt/inbound-message.js';
import type { MessageStream } from '../mqtt/session-options.js';
import { wildcardPart } from './topics.js';

/** Longest payload of a command. All settings at their longest take less. */
export const COMMAND_MAXIMUM_BYTES = 1_536;

/** What somebody says to the station. */
export interface Command {
  /** The last level of its topic, as UTF-8. */
  readonly name: Uint8Array;
  readonly payload: Uint8Array;
  /** MQTT 5: where the answer goes, and what it must carry; `undefined`: to the room's own topic, with nothing. */
  readonly responseTopic: Uint8Array | undefined;
  readonly correlationData: Uint8Array | undefined;
}

export interface CommandHandler {
  /** Called deep inside of what came in: a board's stack is short, so the command is kept, and carried out later. */
  onCommand(command: Command): void;
}

export class CommandStream implements MessageStream {
  private readonly filter: Uint8Array;
  private readonly handler: CommandHandler;
  private command: Command | undefined;
  private length = 0;

  /** @param filter that of the commands, with `+` for their name. */
  constructor(filter: Uint8Array, handler: CommandHandler) {
    this.filter = filter;
    this.handler = handler;
  }

  /** Hands a command that came whole on; anything else is of no interest. */
  take(message: InboundMessage): void {
    const name = this.nameOf(message);
    if (name) this.handler.onCommand(commandOf(name, message, message.payload.slice()));
  }

  begin(message: InboundMessage, payloadLength: number): boolean {
    const name = this.nameOf(message);
    if (!name || payloadLength > COMMAND_MAXIMUM_BYTES) return false;
    this.length = 0;
    this.command = commandOf(name, message, new Uint8Array(payloadLength));
    return true;
  }

  piece(bytes: Uint8Array): void {
    this.command?.payload.set(bytes, this.length);
    this.length += bytes.length;
  }

  end(): void {
    const command = this.command;
    this.command = undefined;
    if (command) this.handler.onCommand(command);
  }

  abort(): void {
    this.command = undefined;
  }

  /** A retained command is one of long ago: it is none. */
  private nameOf(message: InboundMessage): Uint8Array | undefined {
    return message.retain ? undefined : wildcardPart(message.topic, this.filter);
  }
}

/** A command that owns what it holds: the views of a message are valid only while it is handed over. */
function commandOf(name: Uint8Array, { responseTopic, correlationData }: InboundMessage, payload: Uint8Array): Command {
  return {
    name: name.slice(),
    payload,
    responseTopic: responseTopic?.slice(),
    correlationData: correlationData?.slice(),
  };
}
