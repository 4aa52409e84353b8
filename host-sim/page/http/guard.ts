// Who may ask for what: names and origins that are ours, logins, the key, and how often.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { type Login, LoginCheck } from '../../broker/login.js';
import { KEY_HEADER } from '../api.js';
import { HttpError } from './http-error.js';

export interface GuardOptions {
  /** Names by which this computer is called, besides its addresses and `localhost`: a name of others may point here too (DNS rebinding). */
  readonly names: readonly string[];
  /** Asked for before anything but the page itself; `undefined`: nobody is asked. */
  readonly login: Login | undefined;
  /** Asked for before anything is changed; `undefined`: nobody is asked. */
  readonly key: string | undefined;
}

/** For a page that only this computer reaches. */
export const OPEN_HERE: GuardOptions = { names: [], login: undefined, key: undefined };

const COOKIE = 'station-meteo';

/** Pages that are logged in at the same time; beyond it, who logged in first must do so again. */
const SESSIONS_MAXIMUM = 500;

/** Requests of one address: a page that is opened asks a dozen things. */
const REQUESTS = { points: 300, duration: 10 };

/** Tries at a login or a key: who guesses a key of 8 characters at this pace needs longer than the universe is old. */
const TRIES = { points: 20, duration: 60 };

export class Guard {
  readonly #options: GuardOptions;
  readonly #login: LoginCheck | undefined;
  readonly #sessions = new Set<string>();
  readonly #requests = new RateLimiterMemory(REQUESTS);
  readonly #tries = new RateLimiterMemory(TRIES);

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#login = options.login && new LoginCheck(options.login);
  }

  get needsKey(): boolean {
    return this.#options.key !== undefined;
  }

  /** Throws `HttpError` where the request is for another host, or comes from a page of another origin. */
  checkOrigin(request: IncomingMessage): void {
    const { host = '', origin } = request.headers;
    if (!this.#isOurs(host)) throw new HttpError('forbidden', 'This server has another name.');
    const isForeign = origin !== undefined && origin !== `http://${host}`;
    if (isForeign || request.headers['sec-fetch-site'] === 'cross-site') {
      throw new HttpError('forbidden', 'Pages of other origins are not served.');
    }
  }

  async checkPace(request: IncomingMessage): Promise<void> {
    await consume(this.#requests, request);
  }

  isLoggedIn(request: IncomingMessage): boolean {
    if (this.#options.login === undefined) return true;
    const [, token = ''] = new RegExp(`(?:^|; )${COOKIE}=([0-9a-f]{32})(?:;|$)`).exec(request.headers.cookie ?? '') ?? [];
    return this.#sessions.has(token);
  }

  checkLogin(request: IncomingMessage): void {
    if (!this.isLoggedIn(request)) throw new HttpError('login-needed', 'Log in first.');
  }

  /** Returns the header that sets the cookie. Throws `HttpError` where the login is wrong, or is tried too often. */
  async logIn(request: IncomingMessage, { user, password }: Login): Promise<string> {
    await consume(this.#tries, request);
    if (this.#login && !this.#login.isRight(user, password)) throw new HttpError('wrong-login', 'User or password is wrong.');
    const token = randomBytes(16).toString('hex');
    this.#sessions.add(token);
    if (this.#sessions.size > SESSIONS_MAXIMUM) this.#sessions.delete(this.#sessions.keys().next().value as string);
    return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict`;
  }

  async checkKey(request: IncomingMessage): Promise<void> {
    const { key } = this.#options;
    if (key === undefined) return;
    const given = request.headers[KEY_HEADER];
    if (typeof given === 'string' && equals(given, key)) return;
    await consume(this.#tries, request);
    throw new HttpError('key-needed', 'This needs the key that was printed at the start.');
  }

  /** Throws `HttpError` where the request comes from another computer. */
  checkIsHere(request: IncomingMessage): void {
    if (!isHere(request)) throw new HttpError('forbidden', 'This can be done only on the computer of the simulator.');
  }

  #isOurs(host: string): boolean {
    const name = host.replace(/:\d+$/, '').toLowerCase();
    if (name === 'localhost' || isIPv4(name) || isIPv6(name.replace(/^\[|\]$/g, ''))) return true;
    return this.#options.names.includes(name);
  }
}

/** Whether the request comes from this very computer. */
export function isHere(request: IncomingMessage): boolean {
  const { remoteAddress = '' } = request.socket;
  return /^(?:::ffff:)?127\.|^::1$/.test(remoteAddress);
}

async function consume(limiter: RateLimiterMemory, request: IncomingMessage): Promise<void> {
  try {
    await limiter.consume(request.socket.remoteAddress ?? '');
  } catch {
    throw new HttpError('too-many', 'Too many requests; wait a moment.');
  }
}

function equals(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
