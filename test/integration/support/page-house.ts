// A page over an embedded broker, both in this process: what comes in by MQTT, and what the page answers.

import { EmbeddedBroker } from '../../../host-sim/broker.js';
import type { EventName } from '../../../host-sim/page/api.js';
import type { ClassAccess } from '../../../host-sim/page/class-access.js';
import { Flow } from '../../../host-sim/page/flow.js';
import { Page, type PageOptions, type PageSubject } from '../../../host-sim/page/page.js';
import { EventReader } from './event-reader.js';
import { Listener } from './listener.js';

const WAIT_LIMIT_MS = 10_000;

export const STATION = 'a4cf12f0a1b2';
export const BOOT = 2_781_932_331;

const OPTIONS: PageOptions = {
  httpPort: 0,
  isLan: false,
  dataDirectory: undefined,
  windowSeconds: 60,
  publishesMeans: false,
  maps: [],
};

export class PageHouse {
  readonly broker: EmbeddedBroker;
  page: Page;
  readonly publisher: Listener;
  readonly #readers: EventReader[] = [];

  private constructor(broker: EmbeddedBroker, page: Page, publisher: Listener) {
    this.broker = broker;
    this.page = page;
    this.publisher = publisher;
  }

  static async start(options: Partial<PageOptions> = {}, access?: ClassAccess): Promise<PageHouse> {
    const flow = new Flow();
    const rights = access?.rights;
    const broker = await EmbeddedBroker.start({ mqttPort: 0, wsPort: 0, observe: flow.observe, ...(rights && { rights }) });
    const page = await openPage(broker, options, flow, access);
    const login = access && { username: CLASS_LOGIN.user, password: CLASS_LOGIN.password };
    return new PageHouse(broker, page, await Listener.connect(broker.url, login));
  }

  /** Another page over the same broker, in place of the first one. */
  async reopen(): Promise<void> {
    await this.page.close();
    this.page = await openPage(this.broker, {}, new Flow(), undefined);
  }

  get url(): string {
    return `http://127.0.0.1:${this.page.port}`;
  }

  async get<Answer>(path: string): Promise<Answer> {
    return (await (await fetch(`${this.url}${path}`)).json()) as Answer;
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  publish(topic: string, payload: string | Buffer, retain = false) {
    return this.publisher.client.publishAsync(topic, payload, { qos: 1, retain });
  }

  /** Publishes readings as a station does: each as `[seq, secondsAgo]`, with a temperature that tells the seq. */
  publishReadings(room: string, seqs: readonly (readonly [seq: number, secondsAgo: number])[], boot = BOOT, station = STATION) {
    const now = Math.floor(Date.now() / 1000);
    const readings = seqs.map(([seq, secondsAgo]) => ({ seq, time: now - secondsAgo, temperature: 20 + seq / 10, humidity: 45.2 }));
    return this.publish(`maison/${room}/readings`, JSON.stringify({ station, boot, readings }));
  }

  /** Resolves as soon as `isEnough` holds for the answer to `path`, asked again and again. */
  async untilAnswer<Answer>(path: string, isEnough: (answer: Answer) => boolean, what: string): Promise<Answer> {
    const deadlineMs = performance.now() + WAIT_LIMIT_MS;
    for (;;) {
      const answer = await this.get<Answer>(path);
      if (isEnough(answer)) return answer;
      if (performance.now() > deadlineMs)
        throw new Error(`not seen: ${what}; the last answer: ${JSON.stringify(answer).slice(-1_000)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async listen<Name extends EventName>(query: string): Promise<EventReader<Name>> {
    const reader = await EventReader.open<Name>(`${this.url}/api/events${query}`);
    this.#readers.push(reader);
    return reader;
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) reader.close();
    await this.publisher.client.endAsync(true);
    await this.page.close();
    await this.broker.close();
  }
}

/** Nothing on this computer has it by chance. */
export const CLASS_LOGIN = { user: 'classe', password: 'Zwölf Boxkämpfer 4711' };

async function openPage(
  broker: EmbeddedBroker,
  options: Partial<PageOptions>,
  flow: Flow,
  access: ClassAccess | undefined,
): Promise<Page> {
  const subject: PageSubject = {
    version: '0.0.0',
    prefix: 'maison',
    template: '{prefix}/{room}/{quantity}',
    intervalSeconds: 10,
    language: 'en',
    broker: { url: broker.url, shownUrl: broker.url, credentials: {}, login: access && CLASS_LOGIN },
    access,
    flow,
    controls: undefined,
  };
  const page = await Page.start({ ...OPTIONS, ...options }, subject);
  // What is published before the recorder has subscribed goes unheard.
  await page.listening;
  return page;
}
