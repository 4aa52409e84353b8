// The API: which request does what, and who may send it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config, House, StreamName } from '../api.js';
import { ControlError, type SimulatorControls } from '../controls.js';
import { exportCsv, exportJson } from '../record/export.js';
import { readHistory } from '../record/history.js';
import type { HouseRecord } from '../record/house.js';
import type { Store } from '../record/store.js';
import { readBody, sendFile, sendJson } from './answer.js';
import type { EventHub } from './event-hub.js';
import { type Guard, isHere } from './guard.js';
import { HttpError } from './http-error.js';
import {
  booleanField,
  checkRoom,
  parseDecimal,
  parsePeriod,
  parsePoints,
  parseRoomList,
  parseStreams,
  parseWeather,
  textField,
} from './parameters.js';

/** What the API needs of the page around it. */
export interface ApiServices {
  readonly guard: Guard;
  readonly hub: EventHub;
  readonly store: Store;
  readonly house: HouseRecord;
  /** `undefined` where there are no virtual rooms. */
  readonly controls: SimulatorControls | undefined;
  /** `undefined` where nothing can be locked: the broker is elsewhere, or only this computer reaches it. */
  readonly setLock: ((isLocked: boolean) => void) | undefined;
  /** Epoch seconds. */
  now(): number;
  /** The QR code of the address in the network as SVG; `undefined` without one. */
  addressSvg(): string | undefined;
  describe(isLoggedIn: boolean, isHere: boolean): Config;
  /** What a listener is told first. */
  startEvents(streams: ReadonlySet<StreamName>): string[];
  houseState(): House;
  forget(room: string): Promise<void>;
  command(room: string, name: string, payload: string): Promise<void>;
}

/** Who may send a request that changes something. */
type Right = 'key-holder' | 'here';

interface Change {
  readonly right: Right;
  readonly path: RegExp;
  run(services: ApiServices, names: readonly string[], body: Readonly<Record<string, unknown>>): void | Promise<void>;
}

/** Histories and exports that are read at the same time. */
const READS_MAXIMUM = 8;

const COMMAND_MAXIMUM_CHARACTERS = 4_096;
const LOGIN_MAXIMUM_CHARACTERS = 128;

const CHANGES: readonly Change[] = [
  {
    right: 'key-holder',
    path: /^\/api\/rooms\/([^/]+)\/forget$/,
    run: ({ forget }, [room]) => forget(checkRoom(room)),
  },
  {
    right: 'key-holder',
    path: /^\/api\/rooms\/([^/]+)\/command\/([a-z-]{1,32})$/,
    run: ({ command }, [room, name], body) =>
      command(checkRoom(room), name as string, textField(body, 'payload', COMMAND_MAXIMUM_CHARACTERS)),
  },
  {
    right: 'key-holder',
    path: /^\/api\/lock$/,
    run: ({ setLock }, _, body) => {
      if (!setLock) throw new HttpError('not-possible', 'Only the broker inside can be locked, where it serves the network.');
      setLock(booleanField(body, 'isLocked'));
    },
  },
  {
    right: 'here',
    path: /^\/api\/rooms$/,
    run: (services, _, body) => controlsOf(services).addRoom({ room: checkRoom(body['room']) }),
  },
  {
    right: 'here',
    path: /^\/api\/rooms\/([^/]+)\/wifi$/,
    run: (services, [room], body) => controlsOf(services).setWifi(checkRoom(room), { isUp: booleanField(body, 'isUp') }),
  },
  {
    right: 'here',
    path: /^\/api\/rooms\/([^/]+)\/sensor$/,
    run: (services, [room], body) =>
      controlsOf(services).setSensor(checkRoom(room), { isPlugged: booleanField(body, 'isPlugged') }),
  },
  {
    right: 'here',
    path: /^\/api\/rooms\/([^/]+)\/power$/,
    run: (services, [room]) => controlsOf(services).pullPower(checkRoom(room)),
  },
  {
    right: 'here',
    path: /^\/api\/broker$/,
    run: (services, _, body) =>
      controlsOf(services).setBroker({
        isUp: booleanField(body, 'isUp'),
        keepsSessions: booleanField(body, 'keepsSessions', true),
      }),
  },
  {
    right: 'here',
    path: /^\/api\/weather$/,
    run: (services, _, body) => controlsOf(services).setWeather(parseWeather(body)),
  },
];

export class Api {
  readonly #services: ApiServices;
  #reads = 0;

  constructor(services: ApiServices) {
    this.#services = services;
  }

  /** Answers a request. Throws `HttpError`. */
  async answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (request.method === 'POST') return this.#change(request, response, url);
    if (request.method !== 'GET') throw new HttpError('bad-request', 'Only GET and POST are known here.');
    const { guard, describe } = this.#services;
    if (url.pathname === '/api/config') return sendJson(request, response, describe(guard.isLoggedIn(request), isHere(request)));
    guard.checkLogin(request);
    return this.#read(request, response, url);
  }

  async #read(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { hub, houseState, startEvents, addressSvg } = this.#services;
    switch (url.pathname) {
      case '/api/house':
        return sendJson(request, response, houseState());
      case '/api/events': {
        const streams = parseStreams(url);
        return hub.listen(request, response, streams, startEvents(streams));
      }
      case '/api/history':
        return this.#inTurn(() => this.#sendHistory(request, response, url));
      case '/api/export.csv':
      case '/api/export.json':
        return this.#inTurn(() => this.#sendExport(request, response, url));
      case '/api/address.svg': {
        const svg = addressSvg();
        if (svg === undefined) break;
        response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(svg);
        return;
      }
    }
    throw new HttpError('not-found', 'There is no such request.');
  }

  async #sendHistory(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { store, house, now } = this.#services;
    const asked = { ...parsePeriod(url, now()), rooms: parseRoomList(url, store.rooms), points: parsePoints(url) };
    return sendJson(request, response, await readHistory(store, asked, (room) => house.intervalOf(room)));
  }

  async #sendExport(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { store, now } = this.#services;
    const asked = { ...parsePeriod(url, now()), rooms: parseRoomList(url, store.rooms) };
    const day = new Date(asked.to * 1000).toISOString().slice(0, 10);
    if (url.pathname.endsWith('.json')) {
      return sendFile(request, response, 'application/json', `station-meteo-${day}.json`, exportJson(store, asked));
    }
    const pieces = exportCsv(store, asked, parseDecimal(url));
    return sendFile(request, response, 'text/csv; charset=utf-8', `station-meteo-${day}.csv`, pieces);
  }

  /** Long answers take turns with the stations; a few at a time are enough. */
  async #inTurn(read: () => Promise<void>): Promise<void> {
    if (this.#reads >= READS_MAXIMUM) throw new HttpError('too-many', 'Too many long answers are under way; wait a moment.');
    this.#reads++;
    try {
      await read();
    } finally {
      this.#reads--;
    }
  }

  async #change(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { guard } = this.#services;
    if (url.pathname === '/api/login') return this.#logIn(request, response);
    guard.checkLogin(request);
    for (const { right, path, run } of CHANGES) {
      const names = path.exec(url.pathname)?.slice(1).map(decode);
      if (!names) continue;
      if (right === 'here') guard.checkIsHere(request);
      await guard.checkKey(request);
      const body = await readBody(request);
      await runControl(() => run(this.#services, names, body));
      return sendJson(request, response, {});
    }
    throw new HttpError('not-found', 'There is no such request.');
  }

  async #logIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const user = textField(body, 'user', LOGIN_MAXIMUM_CHARACTERS);
    const password = textField(body, 'password', LOGIN_MAXIMUM_CHARACTERS);
    response.setHeader('set-cookie', await this.#services.guard.logIn(request, { user, password }));
    return sendJson(request, response, {});
  }
}

function controlsOf({ controls }: ApiServices): SimulatorControls {
  if (!controls) throw new HttpError('not-possible', 'There are no virtual rooms here.');
  return controls;
}

async function runControl(run: () => void | Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw error instanceof ControlError ? new HttpError('not-possible', error.message) : error;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpError('bad-request', 'The address is not percent-encoded UTF-8.');
  }
}
