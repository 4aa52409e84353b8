// Makes the events of the page out of the packets at the embedded broker: who is connected, what travels, and what was left as a will.

import type { IConnackPacket, IConnectPacket, IPublishPacket, ISubscribePacket, IUnsubscribePacket, Packet } from 'mqtt-packet';
import type { WireObserver } from '../broker/wire-tap.js';
import type { BrokerEvent, ClientState, EventData } from './api.js';

type EventBody = BrokerEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'at' | 'client'> : never) : never;

/** Characters of a payload that are shown. */
const PAYLOAD_SHOWN_CHARACTERS = 200;

/** Subscriptions of one client that are named. */
const SUBSCRIPTIONS_MAXIMUM = 50;

/** Clients that are named when a page begins to listen. */
const CLIENTS_SHOWN_MAXIMUM = 1_000;

export class Flow {
  readonly #clients = new Set<Connection>();
  #emit: (event: BrokerEvent) => void = () => {};

  /** From now on, `emit` is told of each event. */
  listen(emit: (event: BrokerEvent) => void): void {
    this.#emit = emit;
  }

  /** What watches one more connection. */
  readonly observe = (): WireObserver => {
    return new Connection((event) => this.#emit(event), this.#clients);
  };

  /** Who is connected now. */
  snapshot(): EventData['clients'] {
    const clients = [...this.#clients].slice(0, CLIENTS_SHOWN_MAXIMUM).map((connection) => connection.state);
    return { clients, omitted: this.#clients.size - clients.length };
  }
}

class Connection implements WireObserver {
  readonly #emitEvent: (event: BrokerEvent) => void;
  readonly #connected: Set<Connection>;
  readonly #subscriptions = new Map<string, number>();
  #connect: IConnectPacket | undefined;
  #client = '';
  #hasTakenLeave = false;

  constructor(emitEvent: (event: BrokerEvent) => void, connected: Set<Connection>) {
    this.#emitEvent = emitEvent;
    this.#connected = connected;
  }

  get state(): ClientState {
    const subscriptions = [...this.#subscriptions].map(([filter, qos]) => ({ filter, qos }));
    return { client: this.#client, protocol: protocolOf(this.#connect), subscriptions };
  }

  readonly onReceived = (packet: Packet): void => {
    switch (packet.cmd) {
      case 'connect':
        this.#connect = packet;
        this.#client = packet.clientId;
        break;
      case 'publish':
        this.#emit({ kind: 'publish', id: packet.messageId ?? null, dup: packet.dup, ...messageOf(packet) });
        break;
      case 'subscribe':
        this.#subscribe(packet);
        break;
      case 'unsubscribe':
        this.#unsubscribe(packet);
        break;
      case 'disconnect':
        // With MQTT 5, a client may ask for its will all the same (§3.14.2.1).
        this.#hasTakenLeave = packet.reasonCode !== 4;
        break;
      default:
        this.#acknowledge(packet, 'client');
    }
  };

  readonly onSent = (packet: Packet): void => {
    if (packet.cmd === 'connack') this.#answer(packet);
    else if (packet.cmd === 'publish') {
      this.#emit({ kind: 'delivery', id: packet.messageId ?? null, dup: packet.dup, ...messageOf(packet) });
    } else this.#acknowledge(packet, 'broker');
  };

  readonly onClosed = (): void => {
    if (!this.#connected.delete(this)) return;
    this.#emit({ kind: 'disconnected', how: this.#hasTakenLeave ? 'taken-leave' : 'lost' });
    const will = this.#connect?.will;
    if (will && !this.#hasTakenLeave) {
      const { topic, payload, qos = 0, retain = false } = will;
      this.#emit({ kind: 'will', topic, qos, retain, ...payloadOf(payload) });
    }
  };

  #answer({ returnCode = 0, reasonCode = returnCode, sessionPresent }: IConnackPacket): void {
    if (reasonCode !== 0) return this.#emit({ kind: 'refused', code: reasonCode });
    this.#connected.add(this);
    const isCleanStart = this.#connect?.clean ?? true;
    this.#emit({ kind: 'connected', protocol: protocolOf(this.#connect), isCleanStart, sessionPresent });
  }

  #subscribe({ subscriptions }: ISubscribePacket): void {
    const filters = subscriptions.slice(0, SUBSCRIPTIONS_MAXIMUM).map(({ topic, qos }) => ({ filter: topic, qos }));
    for (const { filter, qos } of filters) {
      if (this.#subscriptions.size < SUBSCRIPTIONS_MAXIMUM) this.#subscriptions.set(filter, qos);
    }
    this.#emit({ kind: 'subscribed', filters });
  }

  #unsubscribe({ unsubscriptions }: IUnsubscribePacket): void {
    for (const filter of unsubscriptions) this.#subscriptions.delete(filter);
    this.#emit({ kind: 'unsubscribed', filters: unsubscriptions.slice(0, SUBSCRIPTIONS_MAXIMUM) });
  }

  #acknowledge(packet: Packet, from: 'client' | 'broker'): void {
    const { cmd, messageId: id = 0 } = packet;
    if (cmd === 'puback' || cmd === 'pubrec' || cmd === 'pubrel' || cmd === 'pubcomp')
      this.#emit({ kind: 'ack', packet: cmd, from, id });
  }

  #emit(body: EventBody): void {
    this.#emitEvent({ at: Date.now(), client: this.#client, ...body } as BrokerEvent);
  }
}

function messageOf({ topic, payload, qos, retain }: IPublishPacket) {
  return { topic, qos, retain, ...payloadOf(payload) };
}

/** Text that can be shown: cut where it is long, and `…` alone where it is no text. */
function payloadOf(payload: string | Buffer): { payload: string; bytes: number } {
  const bytes = Buffer.from(payload);
  // A character has at most four bytes: what lies behind is not shown.
  const head = bytes.subarray(0, 4 * PAYLOAD_SHOWN_CHARACTERS).toString();
  const shown = [...head].slice(0, PAYLOAD_SHOWN_CHARACTERS).join('');
  if (shown.includes('\ufffd') || shown.includes('\0')) return { payload: '…', bytes: bytes.length };
  return { payload: Buffer.byteLength(shown) < bytes.length ? `${shown}…` : shown, bytes: bytes.length };
}

function protocolOf(connect: IConnectPacket | undefined): string {
  const names: Record<number, string> = { 3: '3.1', 4: '3.1.1', 5: '5' };
  return names[connect?.protocolVersion ?? 4] ?? '';
}
