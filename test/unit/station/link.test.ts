// The link over a fake network, in virtual time: deadlines, backoff, how much is written when, and the clean shutdown.

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { Session } from '../../../firmware/mqtt/session.js';
import { Link, UNACKNOWLEDGED_WRITES_MAXIMUM } from '../../../firmware/station/link.js';
import { hex, toHex } from '../../vectors/hex.js';
import { FakeNetwork } from './fake-network.js';

const RESOLVE_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 15_000;
const LINGER_TIMEOUT_MS = 2_000;
const CONNACK_TIMEOUT_MS = 10_000;
const STABLE_AFTER_MS = 30_000;
const NEVER = Number.POSITIVE_INFINITY;

/** The lowest delay is always drawn, unless a test says otherwise. */
const RETRY_MS = 1_000;

const ROOM = 1_000;
const CONNECT = '100d00044d5154540402003c000163';
const CONNACK = hex('20 02 00 00');
const DISCONNECT = 'e000';

class Bench {
  readonly network = new FakeNetwork();
  readonly events: string[] = [];
  readonly session: Session;
  readonly link: Link;
  nowMs = 5_000;
  drawn = 0;
  turns = 0;
  /** What the station does in a turn, before the link's output goes. */
  work: () => void = () => {};

  constructor(host = '10.0.0.7') {
    const fail = () => assert.fail('not part of this test');
    this.session = new Session({
      outputCapacity: 1_024,
      inputCapacity: 64,
      window: 1,
      receiveMaximum: 8,
      connackTimeoutMs: CONNACK_TIMEOUT_MS,
      acknowledgementTimeoutMs: 20_000,
      pingTimeoutMs: 10_000,
      outbox: { compose: fail },
      handler: {
        onConnected: () => this.events.push('connected'),
        onFailed: (failure, returnCode) => this.link.restart(failure, returnCode, this.nowMs),
        onMessage: ({ payload }) => this.events.push(`message ${toHex(payload)}`),
        onOversizedMessage: fail,
        onSessionLost: fail,
        onAcknowledged: fail,
        onSubscribed: fail,
        onRefused: fail,
        onUnsubscribed: fail,
      },
    });
    this.link = new Link({
      route: { scheme: 'mqtt', host, port: 1_883, path: '', io: this.network.Tcp },
      resolver: this.network.resolver,
      random: () => this.drawn,
      uptime: () => this.nowMs,
      session: this.session,
      handler: {
        connectOptions: () => ({ level: 4, clientId: 'c', cleanStart: true, keepAliveSeconds: 60 }),
        onActivity: () => this.turn(),
        onDown: (failure, returnCode) => this.events.push(returnCode === 0 ? `down: ${failure}` : `down: ${failure} ${returnCode}`),
        onClosed: () => this.events.push('closed'),
      },
    });
  }

  turn(): void {
    this.turns++;
    this.link.tick(this.nowMs);
    this.work();
    this.link.flush(this.nowMs);
  }

  turnAfter(durationMs: number): void {
    this.nowMs += durationMs;
    this.turn();
  }

  /** Turns at the link's own deadline, which must be `durationMs` away; nothing may happen a millisecond before. */
  turnAtDeadline(durationMs: number): void {
    assert.equal(this.link.deadlineMs, this.nowMs + durationMs);
    const { length } = this.events;
    this.turnAfter(durationMs - 1);
    assert.equal(this.events.length, length);
    this.turnAfter(1);
  }

  up(): this {
    this.link.networkUp(this.nowMs);
    this.turn();
    return this;
  }

  /** Up to the session: the server has accepted, and all was acknowledged. */
  online(): this {
    this.network.socket.announce(ROOM);
    this.network.socket.announce(ROOM);
    this.network.socket.deliver(CONNACK);
    assert.ok(this.takeEvents().includes('connected'));
    return this;
  }

  takeEvents(): string[] {
    return this.events.splice(0);
  }

  get writes(): string[] {
    return this.network.socket.writes.map(toHex);
  }

  /** Puts a message of QoS 0 into the session, `byteCount` long in all. */
  publish(byteCount: number): void {
    const payload = new Uint8Array(byteCount - 5).fill(0x61);
    const message = { topic: Uint8Array.of(0x74), payload, payloadLength: payload.length, qos: 0, retain: false } as const;
    assert.ok(byteCount < 128 && this.session.publishOnce(message));
  }
}

describe('link: making a connection', () => {
  it('does nothing without a network', () => {
    const bench = new Bench();
    bench.turnAfter(1e9);
    assert.equal(bench.link.deadlineMs, NEVER);
    assert.equal(bench.network.sockets.length, 0);
  });

  it('connects at once to an address, without asking for a name', () => {
    const { network } = new Bench('192.168.1.10').up();
    const { address, port, nodelay } = network.socket.options;
    assert.deepEqual({ address, port, nodelay }, { address: '192.168.1.10', port: 1_883, nodelay: true });
    assert.equal(network.queries.length, 0);
  });

  it('asks for a name first', () => {
    const { network } = new Bench('broker.local').up();
    assert.equal(network.query.host, 'broker.local');
    assert.equal(network.sockets.length, 0);
    network.query.onResolved('broker.local', '10.0.0.9');
    assert.equal(network.socket.options.address, '10.0.0.9');
  });

  it('sends CONNECT as soon as there is room', () => {
    const bench = new Bench().up();
    bench.network.socket.announce(ROOM);
    assert.deepEqual(bench.writes, [CONNECT]);
    bench.network.socket.deliver(CONNACK);
    assert.deepEqual(bench.takeEvents(), ['connected']);
  });

  it('takes a second "network up" for the first', () => {
    const bench = new Bench().up().up();
    assert.equal(bench.network.sockets.length, 1);
  });
});

describe('link: what fails, and the next try', () => {
  const failures: readonly (readonly [reason: string, failure: string, fail: (bench: Bench) => void, host?: string])[] = [
    ['a name that is not found', 'name-not-found', ({ network }) => network.query.onError('broker'), 'broker'],
    ['no answer to a name', 'name-timeout', (bench) => bench.turnAtDeadline(RESOLVE_TIMEOUT_MS), 'broker'],
    ['a peer that refuses', 'connect-failed', ({ network }) => network.socket.fail()],
    ['a peer that does not answer', 'connect-timeout', (bench) => bench.turnAtDeadline(CONNECT_TIMEOUT_MS)],
    [
      'a server that does not answer CONNECT',
      'connack-timeout',
      (bench) => {
        bench.network.socket.announce(ROOM);
        bench.turnAtDeadline(CONNACK_TIMEOUT_MS);
      },
    ],
    [
      'a server that refuses',
      'connection-refused 5',
      ({ network }) => {
        network.socket.announce(ROOM);
        network.socket.deliver(hex('20 02 00 05'));
      },
    ],
    [
      'a peer that speaks something else',
      'reserved-flags',
      ({ network }) => {
        network.socket.announce(ROOM);
        network.socket.deliver(new Uint8Array(Buffer.from('HTTP/1.1 400 Bad Request\r\n')));
      },
    ],
    ['a connection that ends', 'connection-lost', (bench) => bench.online().network.socket.fail()],
    [
      'a write that throws',
      'connection-lost',
      (bench) => {
        bench.online();
        bench.network.socket.isBroken = true;
        bench.publish(10);
        bench.turn();
      },
    ],
  ];
  for (const [reason, failure, fail, host] of failures) {
    it(`${failure}: ${reason}`, () => {
      const bench = new Bench(host).up();
      fail(bench);
      assert.deepEqual(bench.takeEvents(), [`down: ${failure}`]);
      assert.ok(bench.network.sockets.every((socket) => socket.isClosed));
      assert.equal(bench.session.isConnected, false);
      // It tries again after the backoff, from the beginning.
      const tries = host ? bench.network.queries : bench.network.sockets;
      assert.equal(tries.length, 1);
      bench.turnAtDeadline(RETRY_MS);
      assert.equal(tries.length, 2);
    });
  }

  it('connect-failed: no memory for a socket', () => {
    const bench = new Bench();
    bench.network.isExhausted = true;
    bench.up();
    assert.deepEqual(bench.takeEvents(), ['down: connect-failed']);
    bench.network.isExhausted = false;
    bench.turnAtDeadline(RETRY_MS);
    bench.online();
  });

  it('gives up as it is told, and tries again', () => {
    const bench = new Bench().up().online();
    bench.link.restart('spool-overflow', 0, bench.nowMs);
    assert.deepEqual(bench.takeEvents(), ['down: spool-overflow']);
    bench.turnAtDeadline(RETRY_MS);
    bench.online();
  });

  it('hears nothing of a restart while it waits', () => {
    const bench = new Bench().up();
    bench.network.socket.fail();
    bench.takeEvents();
    bench.link.restart('spool-overflow', 0, bench.nowMs);
    assert.deepEqual(bench.takeEvents(), []);
  });
});

describe('link: backoff', () => {
  let bench: Bench;

  beforeEach(() => {
    bench = new Bench();
    bench.drawn = 0xffff_ffff;
    bench.up();
  });

  /** The connection fails; returns how many whole seconds the next try is away, and makes it. */
  function retryAfterFailure(): number {
    bench.network.socket.fail();
    const waitMs = bench.link.deadlineMs - bench.nowMs;
    bench.turnAfter(waitMs);
    return Math.ceil(waitMs / 1_000);
  }

  it('waits longer from one failure to the next', () => {
    assert.deepEqual(
      Array.from({ length: 7 }, () => retryAfterFailure()),
      [2, 4, 8, 16, 32, 60, 60],
    );
  });

  it('does not begin anew for a connection that was there, but did not stay', () => {
    retryAfterFailure();
    bench.online();
    bench.nowMs += STABLE_AFTER_MS - 1;
    assert.equal(retryAfterFailure(), 4);
  });

  it('begins anew after a connection that stayed up', () => {
    retryAfterFailure();
    bench.online();
    bench.nowMs += STABLE_AFTER_MS;
    assert.equal(retryAfterFailure(), 2);
  });

  it('begins anew when such a connection was lost with its network', () => {
    retryAfterFailure();
    bench.online();
    bench.nowMs += STABLE_AFTER_MS;
    bench.link.networkDown(bench.nowMs);
    bench.up();
    assert.equal(retryAfterFailure(), 2);
  });
});

describe('link: late callbacks of an earlier attempt', () => {
  it('an answer after its deadline connects nothing', () => {
    const bench = new Bench('broker').up();
    const [query] = bench.network.queries;
    bench.turnAfter(RESOLVE_TIMEOUT_MS);
    bench.takeEvents();
    query?.onResolved('broker', '10.0.0.1');
    query?.onError('broker');
    assert.equal(bench.network.sockets.length, 0);
    assert.deepEqual(bench.takeEvents(), []);
    // Nor does it once the next attempt waits for its own answer.
    bench.turnAfter(RETRY_MS);
    assert.equal(bench.network.queries.length, 2);
    query?.onResolved('broker', '10.0.0.1');
    query?.onError('broker');
    assert.equal(bench.network.sockets.length, 0);
    bench.network.query.onResolved('broker', '10.0.0.2');
    assert.equal(bench.network.socket.options.address, '10.0.0.2');
  });

  it('an old socket is not listened to', () => {
    const bench = new Bench().up().online();
    const old = bench.network.socket;
    old.fail();
    const isDeaf = () => {
      const { turns } = bench;
      old.announce(ROOM);
      old.deliver(CONNACK);
      old.fail();
      assert.equal(bench.turns, turns);
      assert.deepEqual(old.reads, [CONNACK.length]);
      assert.deepEqual(bench.takeEvents(), []);
    };
    bench.takeEvents();
    isDeaf();
    bench.turnAfter(RETRY_MS);
    isDeaf();
    bench.online();
    isDeaf();
    assert.equal(bench.session.isConnected, true);
  });

  it('an answer after the network went connects nothing', () => {
    const bench = new Bench('broker').up();
    bench.link.networkDown(bench.nowMs);
    bench.network.query.onResolved('broker', '10.0.0.1');
    assert.equal(bench.network.sockets.length, 0);
  });
});

describe('link: writing', () => {
  it('writes once a turn, and at most what was announced', () => {
    const bench = new Bench().up();
    const { socket } = bench.network;
    socket.announce(6);
    assert.deepEqual(bench.writes, [CONNECT.slice(0, 12)]);
    bench.turn();
    assert.equal(socket.writes.length, 1);
    socket.announce(4);
    socket.announce(ROOM);
    assert.deepEqual(bench.writes, [CONNECT.slice(0, 12), CONNECT.slice(12, 20), CONNECT.slice(20)]);
  });

  it('puts what a turn has produced into one write', () => {
    const bench = new Bench().up().online();
    bench.publish(10);
    bench.publish(20);
    bench.turn();
    assert.deepEqual(
      bench.network.socket.writes.slice(1).map(({ length }) => length),
      [30],
    );
  });

  it('has at most 4 writes unacknowledged, however much room there is', () => {
    assert.equal(UNACKNOWLEDGED_WRITES_MAXIMUM, 4);
    const bench = new Bench().up().online();
    const { socket } = bench.network;
    const written = () => socket.writes.slice(1).map(({ length }) => length);
    for (let turn = 0; turn < 7; turn++) {
      bench.publish(10);
      bench.turn();
    }
    assert.deepEqual(written(), [10, 10, 10, 10]);
    // Half of the second write is acknowledged: the first one counts.
    socket.announce(ROOM - 25);
    assert.deepEqual(written(), [10, 10, 10, 10, 30]);
    // The announcement above came before the last write; now the first four are through.
    socket.announce(ROOM - 30);
    for (let turn = 0; turn < 5; turn++) {
      bench.publish(11);
      bench.turn();
    }
    assert.deepEqual(written(), [10, 10, 10, 10, 30, 11, 11, 11]);
  });

  it('begins with a clean slate on each connection', () => {
    const bench = new Bench().up().online();
    for (let turn = 0; turn < 5; turn++) {
      bench.publish(10);
      bench.turn();
    }
    bench.network.socket.fail();
    bench.turnAfter(RETRY_MS);
    bench.network.socket.announce(20);
    assert.deepEqual(bench.writes, [CONNECT]);
  });
});

describe('link: reading', () => {
  it('reads all that is there, in pieces', () => {
    const bench = new Bench().up().online();
    const message = hex('30 06 0001 74 616161');
    const count = 90;
    bench.network.socket.deliver(hex(toHex(message).repeat(count)));
    assert.deepEqual(bench.takeEvents(), new Array(count).fill('message 616161'));
    const [, ...reads] = bench.network.socket.reads;
    assert.ok(reads.every((length) => length <= 256));
    assert.equal(
      reads.reduce((sum, length) => sum + length, 0),
      count * message.length,
    );
  });

  it('reads no more when it has closed the socket', () => {
    const bench = new Bench().up().online();
    bench.network.socket.deliver(new Uint8Array(1_000).fill(0xf0));
    assert.deepEqual(bench.takeEvents(), ['down: unexpected-packet-type']);
    assert.deepEqual(bench.network.socket.reads, [CONNACK.length, 256]);
  });
});

describe('link: the network goes', () => {
  it('closes the connection, and tries nothing until the network is back; then at once', () => {
    const bench = new Bench().up().online();
    bench.link.networkDown(bench.nowMs);
    assert.deepEqual(bench.takeEvents(), ['down: network-down']);
    assert.equal(bench.network.socket.isClosed, true);
    assert.equal(bench.link.deadlineMs, NEVER);
    bench.turnAfter(1e9);
    assert.equal(bench.network.sockets.length, 1);
    bench.up();
    assert.equal(bench.network.sockets.length, 2);
    bench.online();
  });

  it('ends a wait for the next try, too', () => {
    const bench = new Bench().up();
    bench.network.socket.fail();
    bench.link.networkDown(bench.nowMs);
    bench.turnAfter(1e9);
    assert.equal(bench.network.sockets.length, 1);
  });
});

describe('link: closing', () => {
  it('says DISCONNECT, and waits until the peer has it', () => {
    const bench = new Bench().up().online();
    const { socket } = bench.network;
    bench.link.close(bench.nowMs);
    bench.turn();
    assert.equal(bench.writes.at(-1), DISCONNECT);
    assert.equal(socket.isClosed, false);
    assert.deepEqual(bench.takeEvents(), []);
    socket.announce(ROOM);
    assert.equal(socket.isClosed, true);
    assert.deepEqual(bench.takeEvents(), ['down: closed', 'closed']);
  });

  it('sends what is pending before, in as many turns as that takes', () => {
    const bench = new Bench().up();
    const { socket } = bench.network;
    socket.announce(20);
    socket.announce(20);
    socket.deliver(CONNACK);
    bench.publish(30);
    bench.link.close(bench.nowMs);
    bench.turn();
    assert.equal(socket.isClosed, false);
    socket.announce(20);
    assert.equal(toHex(socket.writes.at(-1) as Uint8Array).slice(-4), DISCONNECT);
    assert.equal(socket.isClosed, false);
    socket.announce(20);
    assert.equal(socket.isClosed, true);
  });

  it('waits no longer than its deadline', () => {
    const bench = new Bench().up().online();
    bench.link.close(bench.nowMs);
    bench.turn();
    bench.turnAtDeadline(LINGER_TIMEOUT_MS);
    assert.equal(bench.network.socket.isClosed, true);
    assert.deepEqual(bench.takeEvents().slice(1), ['closed']);
  });

  const ends: readonly (readonly [reason: string, end: (bench: Bench) => void])[] = [
    ['the peer closes first, as it should ([MQTT-3.14.4-3])', ({ network }) => network.socket.fail()],
    ['the network goes', ({ link, nowMs }) => link.networkDown(nowMs)],
    ['the server breaks the protocol', ({ network }) => network.socket.deliver(hex('f0'))],
    ['it is told to stop at once', ({ link }) => link.abort()],
  ];
  for (const [reason, end] of ends) {
    it(`is over when ${reason}, and is not tried again`, () => {
      const bench = new Bench().up().online();
      bench.link.close(bench.nowMs);
      bench.turn();
      end(bench);
      assert.deepEqual(bench.takeEvents(), ['down: closed', 'closed']);
      assert.equal(bench.link.deadlineMs, NEVER);
      bench.up();
      bench.turnAfter(1e9);
      assert.equal(bench.network.sockets.length, 1);
      bench.link.close(bench.nowMs);
      bench.link.abort();
      bench.link.networkDown(bench.nowMs);
      assert.deepEqual(bench.takeEvents(), []);
    });
  }

  it('is over at once where there is no session to say good-bye to', () => {
    for (const bench of [new Bench(), new Bench().up(), new Bench('broker').up()]) {
      bench.link.close(bench.nowMs);
      assert.deepEqual(bench.takeEvents(), ['down: closed', 'closed']);
      assert.equal(bench.link.deadlineMs, NEVER);
    }
  });

  it('stops at once when told so, without DISCONNECT: the server then publishes the will (§3.1.2.5)', () => {
    const bench = new Bench().up().online();
    bench.link.abort();
    bench.turn();
    assert.deepEqual(bench.writes, [CONNECT]);
    assert.deepEqual(bench.takeEvents(), ['down: closed', 'closed']);
  });
});
