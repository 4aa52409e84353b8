// A real Mosquitto on a loopback port of its own, which can be killed and come back with or without its sessions.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Identity } from '../../../host-sim/certificates/authority.js';
import type { BrokerUnderTest } from './broker-under-test.js';
import { freePort, LOOPBACK } from './port.js';
import { describeWithPrograms, findProgram, type Need, Program } from './program.js';
import { until } from './until.js';

const START_LIMIT_MS = 10_000;
const SUBACK_LIMIT_MS = 10_000;
const SAVE_LIMIT_MS = 10_000;
const START_TRIES = 5;

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** How the broker is reached; without any of it, over plain TCP. */
export interface Door {
  readonly isWebSocket?: boolean;
  readonly tls?: {
    readonly server: Identity;
    /** The authority of clients. */
    readonly ca: string;
    /** Who comes without a certificate of the authority is not let in. */
    readonly wantsClientCertificates?: boolean;
  };
}

const NEEDS: readonly Need[] = [
  ['mosquitto', 'mosquitto'],
  ['mosquitto_sub', 'mosquitto-clients'],
];

export function describeWithMosquitto(title: string, suite: () => void): void {
  describeWithPrograms(NEEDS, title, suite);
}

export class Mosquitto implements BrokerUnderTest {
  readonly #login: Login | undefined;
  readonly #door: Door;
  readonly #folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  readonly #sessions = join(this.#folder, 'mosquitto.db');
  #program: Program | undefined;
  #port = 0;

  /** @param login who may connect; without it, everybody */
  constructor(login?: Login, door: Door = {}) {
    this.#login = login;
    this.#door = door;
  }

  /** A broker that is started. */
  static async serve(login?: Login, door?: Door): Promise<Mosquitto> {
    const broker = new Mosquitto(login, door);
    try {
      await broker.start();
      return broker;
    } catch (error) {
      await broker.close();
      throw error;
    }
  }

  get url(): string {
    return this.urlFor(LOOPBACK);
  }

  /** @param host a name of this computer */
  urlFor(host: string): string {
    const scheme = `${this.#door.isWebSocket ? 'ws' : 'mqtt'}${this.#door.tls ? 's' : ''}`;
    return `${scheme}://${host}:${this.#port}`;
  }

  /** Where it listens; each start takes another port. */
  get port(): number {
    return this.#port;
  }

  /** Starts the broker with the sessions that it last saved; resolves when it takes connections. */
  async start(): Promise<void> {
    for (let tries = 1; ; tries++) {
      this.#port = await freePort();
      const program = new Program('mosquitto', ['-c', this.#writeConfiguration()]);
      this.#program = program;
      const isUp = () => program.lines.some((line) => line.endsWith(' running'));
      await until(() => isUp() || !program.isRunning, 'mosquitto starts', START_LIMIT_MS);
      if (isUp()) return;
      // Another program may have been quicker to take the port.
      if (tries === START_TRIES) throw new Error(`mosquitto does not start:\n${program.lines.join('\n')}`);
    }
  }

  /** Resolves when this run of the broker has sent its SUBACK to `client`. */
  async acknowledgesSubscription(client: string): Promise<void> {
    const suback = `Sending SUBACK to ${client}`;
    const isSent = () => this.#program?.lines.some((line) => line.endsWith(suback)) ?? false;
    await until(isSent, `mosquitto: ${suback}`, SUBACK_LIMIT_MS);
  }

  /** Writes sessions and retained messages to disk, from where the next `start` takes them. */
  async saveSessions(): Promise<void> {
    const before = this.#savedAs();
    this.#program?.signal('SIGUSR1');
    await until(() => this.#savedAs() !== before, 'mosquitto saves its sessions', SAVE_LIMIT_MS);
  }

  /** The next `start` knows no session and no retained message. */
  forgetSessions(): void {
    rmSync(this.#sessions, { force: true });
  }

  /** As when the power fails: nothing is said and nothing is saved. */
  async kill(): Promise<void> {
    await this.#program?.end('SIGKILL');
  }

  /** Ends the broker and leaves nothing behind. */
  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Mosquitto writes a new file and renames it, so its number and time tell one save from the next. */
  #savedAs(): string {
    const saved = statSync(this.#sessions, { throwIfNoEntry: false });
    return saved ? `${saved.ino} ${saved.mtimeMs}` : 'nowhere';
  }

  #writeConfiguration(): string {
    const lines = [
      `listener ${this.#port} ${LOOPBACK}`,
      ...this.#doorLines(),
      ...this.#accessLines(),
      'persistence true',
      `persistence_location ${this.#folder}/`,
      // Saves only when it is told to, so that a test knows what a kill leaves.
      'autosave_interval 0',
      // Each packet, so that a SUBACK is seen: mosquitto_sub keeps its own debug output back until it prints a message.
      'log_type all',
      'log_dest stderr',
      // Started by root it would become another user, who cannot write to the folder.
      `user ${userInfo().username}`,
    ];
    return this.#write('mosquitto.conf', `${lines.join('\n')}\n`);
  }

  #doorLines(): string[] {
    const { isWebSocket, tls } = this.#door;
    return [
      ...(isWebSocket ? ['protocol websockets'] : []),
      ...(tls
        ? [
            `certfile ${this.#write('server.crt', tls.server.certificate)}`,
            `keyfile ${this.#write('server.key', tls.server.key)}`,
            `cafile ${this.#write('ca.crt', tls.ca)}`,
            `require_certificate ${tls.wantsClientCertificates ?? false}`,
          ]
        : []),
      // Mosquitto 2.0 does not start with WebSockets alone.
      ...(isWebSocket ? [`listener 0 ${join(this.#folder, 'socket')}`] : []),
    ];
  }

  #write(name: string, content: string): string {
    const file = join(this.#folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  #accessLines(): string[] {
    if (!this.#login) return ['allow_anonymous true'];
    const passwords = this.#write('passwords', `${this.#login.user}:${this.#login.password}\n`);
    // Hashes the file in place.
    execFileSync(findProgram('mosquitto_passwd') ?? 'mosquitto_passwd', ['-U', passwords]);
    return ['allow_anonymous false', `password_file ${passwords}`];
  }
}
