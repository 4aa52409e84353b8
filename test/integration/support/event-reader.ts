// Reads Server-Sent Events as a browser does, and waits for one that matters.

import type { EventData, EventName } from '../../../host-sim/page/api.js';

const WAIT_LIMIT_MS = 25_000;

export type ServerEvent<Name extends EventName = EventName> = {
  readonly [Each in Name]: { readonly name: Each; readonly data: EventData[Each] };
}[Name];

export class EventReader<Name extends EventName = EventName> {
  readonly events: ServerEvent<Name>[] = [];
  readonly #abort: AbortController;
  #onEvent = () => {};

  private constructor(body: AsyncIterable<Uint8Array>, abort: AbortController) {
    this.#abort = abort;
    void this.#read(body).catch(() => {});
  }

  static async open<Name extends EventName>(
    url: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<EventReader<Name>> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    if (!response.ok || !response.body) throw new Error(`${url}: ${response.status}`);
    return new EventReader(response.body as unknown as AsyncIterable<Uint8Array>, abort);
  }

  /** All data of the events of one name so far. */
  of<Each extends Name>(name: Each): EventData[Each][] {
    return this.events.flatMap((event) => (event.name === name ? [event.data as EventData[Each]] : []));
  }

  /** Resolves as soon as `isEnough` holds, asked again at each event. */
  until(isEnough: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => reject(new Error(`not told: ${what}; ${JSON.stringify(this.events.at(-1)).slice(0, 1_000)}`)),
        WAIT_LIMIT_MS,
      );
      this.#onEvent = () => {
        if (!isEnough()) return;
        clearTimeout(limit);
        this.#onEvent = () => {};
        resolve();
      };
      this.#onEvent();
    });
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of body) {
      const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = blocks.pop() as string;
      for (const block of blocks) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        if (name === undefined || data === undefined) continue;
        this.events.push({ name, data: JSON.parse(data) } as ServerEvent<Name>);
        this.#onEvent();
      }
    }
  }
}
