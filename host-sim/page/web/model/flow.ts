// What travels through the broker, as a picture: who sends on the left, topics in the middle, who listens on the right. Bounded.

import type { BrokerEvent, ClientState } from '../../api.js';

/** What a travelling dot stands for. */
export type TravelKind = 'publish' | 'delivery' | 'ack' | 'duplicate' | 'retained' | 'will';

export interface Travel {
  readonly kind: TravelKind;
  /** Nodes of the picture. */
  readonly from: string;
  readonly to: string;
  /** What it carries, short; empty for an acknowledgement. */
  readonly label: string;
  /** It starts after so many hops: what is delivered was published before. */
  readonly afterHops: 0 | 1 | 2;
}

export interface FlowClient {
  readonly client: string;
  protocol: string;
  isConnected: boolean;
  filters: readonly string[];
  sent: number;
  received: number;
}

/** Nodes that the picture has room for; all the others are one more. */
export const SENDERS_SHOWN = 7;
export const LISTENERS_SHOWN = 6;
export const TOPICS_SHOWN = 9;

export const OTHER_SENDERS = 'senders/others';
export const OTHER_LISTENERS = 'listeners/others';
export const OTHER_TOPICS = 'topics/others';

const CLIENTS_MAXIMUM = 300;
const JOURNAL_LENGTH = 200;
const LABEL_LENGTH = 12;

/** Topics whose acknowledgement is awaited. */
const UNACKNOWLEDGED_MAXIMUM = 2_000;

export class Flow {
  readonly clients = new Map<string, FlowClient>();
  /** Groups of topics in the order in which they were first seen. */
  readonly topics: string[] = [];
  readonly counts: Record<TravelKind, number> = { publish: 0, delivery: 0, ack: 0, duplicate: 0, retained: 0, will: 0 };
  /** The newest last. */
  readonly journal: BrokerEvent[] = [];
  /** Events that the server did not send, because there were too many. */
  lostCount = 0;
  readonly #prefix: string;
  /** Topic of each publish or delivery that is not acknowledged yet, by client, direction and packet identifier. */
  readonly #unacknowledged = new Map<string, string>();
  /** The node of each client; made anew when clients come, go or change what they listen to. */
  #nodes: Map<string, string> | undefined;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  takeClients(states: readonly ClientState[]): void {
    this.#nodes = undefined;
    for (const client of this.clients.values()) client.isConnected = false;
    for (const { client, protocol, subscriptions } of states) {
      const known = this.#client(client);
      known.isConnected = true;
      known.protocol = protocol;
      known.filters = subscriptions.map(({ filter }) => filter);
    }
  }

  /** Takes events in their order; returns what travels because of them. `room`: only what concerns this room, if one is given. */
  take(events: readonly BrokerEvent[], lost: number, room?: string): Travel[] {
    this.lostCount += lost;
    return events.flatMap((event) => {
      const topic = 'topic' in event ? event.topic : event.kind === 'ack' ? this.#topicOf(event) : undefined;
      const travel = this.#take(event);
      if (room !== undefined && topic?.split('/').includes(room) !== true) return [];
      this.journal.push(event);
      if (this.journal.length > JOURNAL_LENGTH) this.journal.shift();
      return travel ?? [];
    });
  }

  /** Clients that send, or did: the left side. */
  senders(): FlowClient[] {
    return [...this.clients.values()].filter((client) => !isListener(client));
  }

  listeners(): FlowClient[] {
    return [...this.clients.values()].filter(isListener);
  }

  /** The node that stands for `client`. */
  nodeOf(client: string): string {
    this.#nodes ??= new Map([
      ...this.senders().map(({ client }, place) => [client, place < SENDERS_SHOWN ? `client/${client}` : OTHER_SENDERS] as const),
      ...this.listeners().map(
        ({ client }, place) => [client, place < LISTENERS_SHOWN ? `client/${client}` : OTHER_LISTENERS] as const,
      ),
    ]);
    return this.#nodes.get(client) ?? OTHER_SENDERS;
  }

  /** Topics of all rooms that differ in the room alone are one group, written as the filter that takes them. */
  groupOf(topic: string): string {
    const levels = topic.split('/');
    const depth = this.#prefix.split('/').length;
    if (levels.length > depth + 1 && topic.startsWith(`${this.#prefix}/`)) {
      return [this.#prefix, '+', ...levels.slice(depth + 1)].join('/');
    }
    return topic;
  }

  #take(event: BrokerEvent): Travel | undefined {
    const client = this.#client(event.client);
    if (event.kind === 'subscribed' || event.kind === 'unsubscribed') this.#nodes = undefined;
    if (event.kind === 'connected') {
      client.isConnected = true;
      client.protocol = event.protocol;
    } else if (event.kind === 'disconnected') client.isConnected = false;
    else if (event.kind === 'subscribed') {
      client.filters = [...new Set([...client.filters, ...event.filters.map(({ filter }) => filter)])].slice(0, 20);
    } else if (event.kind === 'unsubscribed') client.filters = client.filters.filter((filter) => !event.filters.includes(filter));
    return this.#travelOf(event, client);
  }

  #travelOf(event: BrokerEvent, client: FlowClient): Travel | undefined {
    if (event.kind === 'publish' || event.kind === 'will') {
      client.sent++;
      if (event.kind === 'publish') this.#await(event.client, 'broker', event.id, event.topic);
      const kind = event.kind === 'will' ? 'will' : event.dup ? 'duplicate' : 'publish';
      return this.#travel(kind, this.nodeOf(event.client), this.#topicNode(event.topic), event.payload, 0);
    }
    if (event.kind === 'delivery') {
      client.received++;
      this.#await(event.client, 'client', event.id, event.topic);
      const kind = event.dup ? 'duplicate' : event.retain ? 'retained' : 'delivery';
      return this.#travel(kind, this.#topicNode(event.topic), this.nodeOf(event.client), event.payload, 1);
    }
    if (event.kind !== 'ack' || event.packet === 'pubrec' || event.packet === 'pubrel') return undefined;
    const topic = this.#topicOf(event);
    this.#unacknowledged.delete(`${event.client} ${event.from} ${event.id}`);
    if (topic === undefined) return undefined;
    const [node, topicNode] = [this.nodeOf(event.client), this.#topicNode(topic)];
    return event.from === 'broker' ? this.#travel('ack', topicNode, node, '', 1) : this.#travel('ack', node, topicNode, '', 2);
  }

  #travel(kind: TravelKind, from: string, to: string, label: string, afterHops: 0 | 1 | 2): Travel {
    this.counts[kind]++;
    // What is long, or JSON, is for the journal.
    return { kind, from, to, label: label.length > LABEL_LENGTH || label.startsWith('{') ? '' : label, afterHops };
  }

  #topicOf({ client, from, id }: Extract<BrokerEvent, { kind: 'ack' }>): string | undefined {
    return this.#unacknowledged.get(`${client} ${from} ${id}`);
  }

  #await(client: string, acknowledgedBy: 'client' | 'broker', id: number | null, topic: string): void {
    if (id === null) return;
    this.#unacknowledged.set(`${client} ${acknowledgedBy} ${id}`, topic);
    if (this.#unacknowledged.size > UNACKNOWLEDGED_MAXIMUM) {
      this.#unacknowledged.delete(this.#unacknowledged.keys().next().value as string);
    }
  }

  #topicNode(topic: string): string {
    const group = this.groupOf(topic);
    if (!this.topics.includes(group) && this.topics.length < TOPICS_SHOWN) this.topics.push(group);
    return this.topics.includes(group) ? `topic/${group}` : OTHER_TOPICS;
  }

  #client(client: string): FlowClient {
    const known = this.clients.get(client);
    if (known) return known;
    if (this.clients.size >= CLIENTS_MAXIMUM) this.#forgetOne();
    const made = { client, protocol: '', isConnected: false, filters: [], sent: 0, received: 0 };
    this.clients.set(client, made);
    this.#nodes = undefined;
    return made;
  }

  /** A client that is gone, else the oldest. */
  #forgetOne(): void {
    const gone = [...this.clients.values()].find(({ isConnected }) => !isConnected);
    this.clients.delete(gone?.client ?? (this.clients.keys().next().value as string));
  }
}

/** Who listens to more than one room: a filter with a wildcard in its first two levels. */
function isListener({ filters }: FlowClient): boolean {
  return filters.some((filter) => /^[^/]*[+#]|^[^/]*\/[+#]/.test(filter));
}
