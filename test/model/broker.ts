// A small broker of MQTT 3.1.1 and 5 to test against, written from the standards on mqtt-packet, apart from all that the firmware
// does. It owns no socket and no clock. It takes QoS 0 and 1 and delivers with QoS 0, the least that a subscriber may be granted.

import mqttPacket, { type IConnectPacket, type IPublishPacket, type ISubscribePacket, type Packet } from 'mqtt-packet';

/** Where brokers differ, within the standard or beside it. */
export interface Quirks {
  /** What it does with a CONNECT of MQTT 5: accepts it, refuses it as MQTT 5 or 3.1.1 would, or closes without a word. */
  readonly mqtt5: 'accepted' | 'refused' | 'refused as in 3.1.1' | 'closed';
  /** Says "session present" only if the session has subscriptions (Aedes 1.2). */
  readonly needsSubscriptionsForSession: boolean;
  /** Acknowledges a message before anybody is given it (Aedes), not after (Mosquitto). */
  readonly acknowledgesFirst: boolean;
  /** Publishes the will of a connection that the same client takes over from (Mosquitto); one that does not is kinder. */
  readonly publishesWillOnTakeover: boolean;
}

export const MOSQUITTO: Quirks = {
  mqtt5: 'accepted',
  needsSubscriptionsForSession: false,
  acknowledgesFirst: false,
  publishesWillOnTakeover: true,
};
export const AEDES: Quirks = {
  mqtt5: 'refused as in 3.1.1',
  needsSubscriptionsForSession: true,
  acknowledgesFirst: true,
  publishesWillOnTakeover: true,
};

/** What a broker of MQTT 5 says of itself in its CONNACK. */
export interface Limits {
  readonly receiveMaximum?: number;
  readonly maximumPacketSize?: number;
  readonly maximumQoS?: number;
  readonly retainAvailable?: boolean;
  readonly serverKeepAlive?: number;
}

/** What the broker can do with a connection. */
export interface Wire {
  send(bytes: Uint8Array): void;
  /** Ends the connection. */
  close(): void;
}

/** What the broker needs of its machine. */
export interface Machine {
  readonly nowMs: () => number;
  /** Calls back once, `delayMs` from now; returns what takes that back. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

export interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

interface Session {
  readonly clientId: string;
  readonly subscriptions: Set<string>;
  connection: Connection | undefined;
}

/** What the broker tells of itself, for those who check. */
export interface BrokerLog {
  onConnect(connection: number, packet: IConnectPacket, sessionPresent: boolean): void;
  onPublish(connection: number, packet: IPublishPacket): void;
  /** `reasonCode` 0x80 or more: refused (MQTT 5). */
  onAcknowledge(connection: number, packetId: number, reasonCode: number): void;
  onClose(connection: number, isClean: boolean): void;
  /** A client broke the protocol. */
  onViolation(what: string): void;
}

export class ModelBroker {
  quirks: Quirks;
  readonly machine: Machine;
  readonly log: BrokerLog;
  readonly retained = new Map<string, string>();
  readonly #sessions = new Map<string, Session>();
  readonly #connections = new Set<Connection>();
  readonly #held: (() => void)[] = [];
  #accepted = 0;
  #holdsAcknowledgements = false;
  /** CONNACK return code of 3.1.1 for all that connect; 0 accepts. */
  refusal = 0;
  /** MQTT 5: what it says of itself from the next connection on. */
  limits: Limits = {};
  /** MQTT 5: reason code for a message that it takes (0) or not; asked for each. */
  judge: (packet: IPublishPacket) => number = () => 0;

  constructor(machine: Machine, quirks: Quirks, log: BrokerLog) {
    this.machine = machine;
    this.quirks = quirks;
    this.log = log;
  }

  /** A client has connected; the caller hands its bytes to what is returned. */
  accept(wire: Wire): Connection {
    const connection = new Connection(this, wire, this.#accepted++);
    this.#connections.add(connection);
    return connection;
  }

  publish(message: Message): void {
    if (message.retain && message.payload === '') this.retained.delete(message.topic);
    else if (message.retain) this.retained.set(message.topic, message.payload);
    for (const { connection, subscriptions } of this.#sessions.values()) {
      // An established subscription gets it as a new message [MQTT-3.3.1-9].
      if (connection && isMeant(message.topic, subscriptions)) connection.deliver({ ...message, retain: false });
    }
  }

  // --- Faults -------------------------------------------------------------------------------------------------------

  holdAcknowledgements(): void {
    this.#holdsAcknowledgements = true;
  }

  releaseAcknowledgements(): void {
    this.#holdsAcknowledgements = false;
    for (const send of this.#held.splice(0)) send();
  }

  /** From the next connection on it is another one, with the same sessions. */
  replace(quirks: Quirks): void {
    this.quirks = quirks;
  }

  /** Ends the connection of a client: by default, because another one took its session over. */
  evict(clientId: string, reasonCode = TAKEN_OVER): void {
    this.#sessions.get(clientId)?.connection?.disconnect(reasonCode, true);
  }

  /** Stops and starts again; without `keepsSessions`, subscriptions and retained messages are gone. */
  restart(keepsSessions: boolean): void {
    this.#held.length = 0;
    for (const connection of [...this.#connections]) connection.drop();
    if (keepsSessions) return;
    this.#sessions.clear();
    this.retained.clear();
  }

  // --- For connections ----------------------------------------------------------------------------------------------

  acknowledge(send: () => void): void {
    if (this.#holdsAcknowledgements) this.#held.push(send);
    else send();
  }

  /** The session of a client that connects, and whether it was there before. Whoever had it loses the connection. */
  open(packet: IConnectPacket, connection: Connection): boolean {
    const known = this.#sessions.get(packet.clientId);
    // [MQTT-3.1.4-2]
    known?.connection?.takenOver();
    const isKept = known !== undefined && !packet.clean;
    const session = isKept ? known : { clientId: packet.clientId, subscriptions: new Set<string>(), connection: undefined };
    session.connection = connection;
    this.#sessions.set(packet.clientId, session);
    connection.session = session;
    return isKept && (session.subscriptions.size > 0 || !this.quirks.needsSubscriptionsForSession);
  }

  close(connection: Connection, isClean: boolean): void {
    this.#connections.delete(connection);
    const { session } = connection;
    if (session?.connection !== connection) return;
    session.connection = undefined;
    if (isClean) this.#sessions.delete(session.clientId);
  }
}

/** One client's connection. */
export class Connection {
  readonly #broker: ModelBroker;
  readonly #wire: Wire;
  readonly #number: number;
  readonly #parser = mqttPacket.parser({ protocolVersion: 4 });
  /** Protocol level of the CONNECT. */
  #level = 4;
  #connect: IConnectPacket | undefined;
  #isClosed = false;
  #cancelKeepAlive = () => {};
  session: Session | undefined;

  constructor(broker: ModelBroker, wire: Wire, number: number) {
    this.#broker = broker;
    this.#wire = wire;
    this.#number = number;
    this.#parser.on('packet', (packet) => this.#handle(packet));
    this.#parser.on('error', (error) => this.#violated(String(error)));
  }

  /** Bytes came from the client. */
  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#expectMore();
    this.#parser.parse(Buffer.from(bytes));
  }

  /** The transport has ended. */
  closed(): void {
    this.#end(true);
  }

  /** The broker ends the connection as it stops: wills are not published. */
  drop(): void {
    this.#end(false);
    this.#wire.close();
  }

  takenOver(): void {
    this.disconnect(TAKEN_OVER, this.#broker.quirks.publishesWillOnTakeover);
  }

  /** Ends the connection; in MQTT 5 with a reason. */
  disconnect(reasonCode: number, publishesWill: boolean): void {
    if (this.#level === 5) this.#send({ cmd: 'disconnect', reasonCode });
    this.#end(publishesWill);
    this.#wire.close();
  }

  deliver({ topic, payload, retain }: Message): void {
    this.#send({ cmd: 'publish', topic, payload, retain, qos: 0, dup: false });
  }

  #handle(packet: Packet): void {
    if (this.#isClosed) return;
    // [MQTT-3.1.0-1], [MQTT-3.1.0-2]
    if ((packet.cmd === 'connect') === (this.#connect !== undefined)) return this.#violated(`${packet.cmd} out of place`);
    switch (packet.cmd) {
      case 'connect':
        return this.#onConnect(packet);
      case 'publish':
        return this.#onPublish(packet);
      case 'subscribe':
        return this.#onSubscribe(packet);
      case 'pingreq':
        return this.#send({ cmd: 'pingresp' });
      case 'disconnect':
        // [MQTT-3.14.4-3]: with a reason, the will is published.
        this.#end((packet.reasonCode ?? 0) !== 0);
        return this.#wire.close();
      default:
        return this.#violated(`${packet.cmd} is nothing that a client sends here`);
    }
  }

  #onConnect(packet: IConnectPacket): void {
    this.#connect = packet;
    this.#level = packet.protocolVersion ?? 4;
    const { refusal, quirks, limits } = this.#broker;
    if (this.#level === 5 && quirks.mqtt5 !== 'accepted') return this.#refuseVersion(quirks.mqtt5);
    if (refusal !== 0) {
      const code = this.#level === 5 ? { reasonCode: REFUSALS[refusal] as number } : { returnCode: refusal };
      this.#send({ cmd: 'connack', ...code, sessionPresent: false });
      this.#end(false);
      return this.#wire.close();
    }
    const sessionPresent = this.#broker.open(packet, this);
    this.#broker.log.onConnect(this.#number, packet, sessionPresent);
    this.#expectMore();
    const accepted = this.#level === 5 ? { reasonCode: 0, properties: limits } : { returnCode: 0 };
    this.#send({ cmd: 'connack', ...accepted, sessionPresent });
  }

  #refuseVersion(how: Quirks['mqtt5']): void {
    if (how === 'refused') this.#send({ cmd: 'connack', reasonCode: 0x84, sessionPresent: false });
    // A broker that knows 3.1.1 alone answers in it (3.1.1 [MQTT-3.1.2-2]).
    this.#level = 4;
    if (how === 'refused as in 3.1.1') this.#send({ cmd: 'connack', returnCode: 1, sessionPresent: false });
    this.#end(false);
    this.#wire.close();
  }

  #onPublish(packet: IPublishPacket): void {
    if (packet.qos === 2) return this.#violated('QoS 2 is nothing that this client sends');
    this.#broker.log.onPublish(this.#number, packet);
    const { maximumPacketSize = Number.POSITIVE_INFINITY, retainAvailable = true } = this.#broker.limits;
    if (this.#level === 5 && lengthOf(packet) > maximumPacketSize) return this.#violated('a packet larger than was announced');
    if (this.#level === 5 && packet.retain && !retainAvailable) return this.#violated('retain, which is not available');
    const reasonCode = this.#level === 5 ? this.#broker.judge(packet) : 0;
    if (reasonCode !== 0) {
      if (packet.qos === 1) this.#broker.acknowledge(() => this.#acknowledge(packet.messageId as number, reasonCode));
      return;
    }
    const message = { topic: packet.topic, payload: packet.payload.toString(), retain: packet.retain };
    const acknowledge = () => {
      if (packet.qos === 1) this.#broker.acknowledge(() => this.#acknowledge(packet.messageId as number, 0));
    };
    if (this.#broker.quirks.acknowledgesFirst) acknowledge();
    this.#broker.publish(message);
    if (!this.#broker.quirks.acknowledgesFirst) acknowledge();
  }

  #acknowledge(packetId: number, reasonCode: number): void {
    if (this.#isClosed) return;
    this.#broker.log.onAcknowledge(this.#number, packetId, reasonCode);
    this.#send({ cmd: 'puback', messageId: packetId, ...(this.#level === 5 && { reasonCode }) });
  }

  #onSubscribe({ messageId, subscriptions }: ISubscribePacket): void {
    const filters = subscriptions.map(({ topic }) => topic);
    for (const filter of filters) this.session?.subscriptions.add(filter);
    this.#send({ cmd: 'suback', messageId: messageId as number, granted: filters.map(() => 0) });
    for (const [topic, payload] of this.#broker.retained) {
      if (isMeant(topic, filters)) this.deliver({ topic, payload, retain: true });
    }
  }

  /** Closes the connection after one and a half keep-alives without a packet [MQTT-3.1.2-24]. */
  #expectMore(): void {
    this.#cancelKeepAlive();
    const asked = this.#connect?.keepalive ?? 0;
    const keepAliveSeconds = this.#level === 5 ? (this.#broker.limits.serverKeepAlive ?? asked) : asked;
    if (keepAliveSeconds === 0) return;
    this.#cancelKeepAlive = this.#broker.machine.after(keepAliveSeconds * 1500, () => {
      this.#end(true);
      this.#wire.close();
    });
  }

  #violated(what: string): void {
    this.#broker.log.onViolation(what);
    this.#end(true);
    this.#wire.close();
  }

  #end(publishesWill: boolean): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelKeepAlive();
    const wasConnected = this.session !== undefined;
    this.#broker.close(this, this.#isForgotten);
    if (!wasConnected) return;
    this.#broker.log.onClose(this.#number, !publishesWill);
    const will = this.#connect?.will;
    if (publishesWill && will) {
      this.#broker.publish({ topic: will.topic, payload: will.payload.toString(), retain: will.retain === true });
    }
  }

  /** Whether the session ends with this connection: in MQTT 5 unless the client asked for longer (§3.1.2.11.2). Here it then lasts. */
  get #isForgotten(): boolean {
    if (this.#level === 5) return (this.#connect?.properties?.sessionExpiryInterval ?? 0) === 0;
    return this.#connect?.clean === true;
  }

  #send(packet: Packet): void {
    if (!this.#isClosed) this.#wire.send(mqttPacket.generate(packet, { protocolVersion: this.#level }));
  }
}

/** MQTT 5: the session was taken over (§3.14.2.1). */
const TAKEN_OVER = 0x8e;

/** What MQTT 5 says for each return code of 3.1.1. */
const REFUSALS = [0, 0x84, 0x85, 0x88, 0x86, 0x87];

/** Bytes of the whole packet; mqtt-packet tells those behind the fixed header. */
function lengthOf({ length = 0 }: IPublishPacket): number {
  return length + (length < 128 ? 2 : length < 16_384 ? 3 : 4);
}

function isMeant(topic: string, filters: Iterable<string>): boolean {
  for (const filter of filters) if (matches(filter, topic)) return true;
  return false;
}

/** Whether `topic` is among those that `filter` means (§4.7). */
export function matches(filter: string, topic: string): boolean {
  // Most filters have no wildcard: these are told apart without being taken to pieces.
  if (!filter.includes('+') && !filter.endsWith('#')) return filter === topic;
  const levels = topic.split('/');
  const parts = filter.split('/');
  for (let index = 0; index < parts.length; index++) {
    if (parts[index] === '#') return true;
    if (index >= levels.length || (parts[index] !== '+' && parts[index] !== levels[index])) return false;
  }
  return parts.length === levels.length;
}
