// Follows what the proxy saw, as a broker would: which message each PUBLISH carries, what was in flight, and what was sent again.

import type { IPublishPacket } from 'mqtt-packet';
import { kindOf, type RoomRecord, type WirePacket } from './record.js';

const DUP_BIT = 0x08;

/** One PUBLISH with QoS 1. */
export interface Sending {
  readonly kind: string;
  readonly payload: string;
  /** The readings that it carries; none in `status` and `info`. */
  readonly seqs: readonly number[];
  readonly packetId: number;
  /** Sent again in a session that the broker had kept. */
  readonly isRedelivery: boolean;
  readonly retain: boolean;
  readonly wire: WirePacket;
}

export interface ConnectionStory {
  readonly number: number;
  readonly sessionPresent: boolean;
  /** Messages in flight when it began. */
  readonly inflightBefore: number;
}

export interface WireStory {
  readonly sendings: readonly Sending[];
  /** The connections that the broker accepted. */
  readonly connections: readonly ConnectionStory[];
  /** What is in flight at the end. */
  readonly inflight: readonly Sending[];
  /** The first reading that was never sent, of each value topic. */
  readonly next: Readonly<Record<string, number>>;
  readonly redeliveryFaults: readonly string[];
  readonly packetIdFaults: readonly string[];
}

export function readWire({ wire, window }: Pick<RoomRecord, 'wire' | 'window'>): WireStory {
  const reader = new WireReader(window);
  for (const packet of wire) reader.read(packet);
  return reader;
}

class WireReader implements WireStory {
  readonly sendings: Sending[] = [];
  readonly connections: ConnectionStory[] = [];
  inflight: Sending[] = [];
  readonly next: Record<string, number> = { temperature: 0, humidity: 0 };
  readonly redeliveryFaults: string[] = [];
  readonly packetIdFaults: string[] = [];
  readonly #window: number;
  /** What must be sent again before anything new. */
  #toRedeliver: Sending[] = [];
  /** Packet id of the SUBSCRIBE under way; 0 where there is none. */
  #subscribeId = 0;

  constructor(window: number) {
    this.#window = window;
  }

  read(wire: WirePacket): void {
    if (wire.direction === 'to-station') this.#readAnswer(wire);
    else if (wire.packet.cmd === 'publish') this.#onPublish(wire, wire.packet);
    else if (wire.packet.cmd === 'subscribe') this.#onSubscribe(wire.connection, wire.packet.messageId ?? 0);
  }

  #readAnswer({ packet, connection }: WirePacket): void {
    if (packet.cmd === 'connack') this.#onConnack(connection, packet.sessionPresent);
    else if (packet.cmd === 'suback') this.#subscribeId = 0;
    else if (packet.cmd === 'puback') this.inflight = this.inflight.filter(({ packetId }) => packetId !== packet.messageId);
  }

  #onSubscribe(connection: number, packetId: number): void {
    this.#checkPacketId(`connection ${connection}, SUBSCRIBE ${packetId}`, packetId);
    this.#subscribeId = packetId;
  }

  #onConnack(number: number, sessionPresent: boolean): void {
    this.#subscribeId = 0;
    this.connections.push({ number, sessionPresent, inflightBefore: this.inflight.length });
    this.#toRedeliver = sessionPresent ? [...this.inflight] : [];
    if (sessionPresent) return;
    for (const sending of [...this.inflight].reverse()) {
      if (sending.kind in this.next) this.next[sending.kind] = sending.seqs[0] as number;
    }
    this.inflight = [];
  }

  #onPublish(wire: WirePacket, publish: IPublishPacket): void {
    if (publish.qos !== 1) {
      if (publish.dup) this.redeliveryFaults.push(`${describe(wire, publish)} has QoS 0 and DUP 1 [MQTT-3.3.1-2]`);
      return;
    }
    const due = this.#toRedeliver.shift();
    if (due) this.#redeliver(wire, publish, due);
    else this.#send(wire, publish);
  }

  #redeliver(wire: WirePacket, publish: IPublishPacket, due: Sending): void {
    const again = `${describe(wire, publish)} in a session that was kept, where packet ${due.packetId} (${due.kind}) is due`;
    if (publish.messageId !== due.packetId) this.redeliveryFaults.push(`${again}: wrong packet id or order`);
    else if (!publish.dup) this.redeliveryFaults.push(`${again}: DUP is 0`);
    else if (!equalButDup(wire.bytes, due.wire.bytes)) this.redeliveryFaults.push(`${again}: its bytes are not the same`);
    this.sendings.push({ ...due, isRedelivery: true, retain: publish.retain, payload: publish.payload.toString(), wire });
  }

  #send(wire: WirePacket, publish: IPublishPacket): void {
    const packetId = publish.messageId ?? 0;
    if (publish.dup) this.redeliveryFaults.push(`${describe(wire, publish)}: DUP is 1, but it is sent for the first time`);
    this.#checkPacketId(describe(wire, publish), packetId);
    if (this.inflight.length >= this.#window) {
      this.packetIdFaults.push(
        `${describe(wire, publish)}: ${this.inflight.length} are in flight, and the window is ${this.#window}`,
      );
    }
    const kind = kindOf(publish.topic);
    const payload = publish.payload.toString();
    const sending = {
      kind,
      payload,
      seqs: this.#seqsOf(kind, payload),
      packetId,
      isRedelivery: false,
      retain: publish.retain,
      wire,
    };
    this.sendings.push(sending);
    this.inflight.push(sending);
  }

  #checkPacketId(sender: string, packetId: number): void {
    if (packetId === 0) this.packetIdFaults.push(`${sender}: packet id 0 [MQTT-2.3.1-1]`);
    else if (packetId === this.#subscribeId || this.inflight.some((sending) => sending.packetId === packetId)) {
      this.packetIdFaults.push(`${sender}: its packet id is in flight [MQTT-2.3.1-2]`);
    }
  }

  /** A batch says what it carries; a bare value is the next of its topic. */
  #seqsOf(kind: string, payload: string): readonly number[] {
    const next = this.next[kind];
    if (next !== undefined) {
      this.next[kind] = next + 1;
      return [next];
    }
    return kind === 'readings' ? readBatch(payload).readings.map(({ seq }) => seq) : [];
  }
}

/** The payload of a message on `readings`. */
export interface Batch {
  readonly station: string;
  readonly boot: number;
  readonly readings: readonly {
    readonly seq: number;
    readonly time: number | null;
    readonly temperature: number;
    readonly humidity: number;
  }[];
}

export function readBatch(payload: string): Batch {
  return JSON.parse(payload) as Batch;
}

function equalButDup(again: Buffer, first: Buffer): boolean {
  const [againHeader = 0] = again;
  const [firstHeader = 0] = first;
  return (againHeader & ~DUP_BIT) === (firstHeader & ~DUP_BIT) && again.subarray(1).equals(first.subarray(1));
}

function describe({ connection }: WirePacket, { topic, messageId }: IPublishPacket): string {
  return `connection ${connection}, packet ${messageId} on ${topic}`;
}
