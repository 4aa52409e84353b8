// The server's events: one connection for each choice of streams, opened again by the browser when it breaks.

import type { EventData, EventName, StreamName } from '../../api.js';

export type Listeners = { readonly [Name in EventName]?: (data: EventData[Name]) => void };

/** What the page waits before it asks again, where the browser has given up. */
const RETRY_MS = 2_000;

/** Listens until the returned function is called. `onState` tells whether the server is there. */
export function listen(
  streams: readonly StreamName[],
  listeners: Listeners,
  onState: (isUp: boolean) => void = () => {},
): () => void {
  let source: EventSource;
  let retry: number | undefined;
  const open = () => {
    source = new EventSource(`/api/events?${streams.map((stream) => `streams=${stream}`).join('&')}`);
    source.onopen = () => onState(true);
    source.onerror = () => {
      onState(false);
      // An answer that is no stream of events ends it: the server is starting, or asks for a login.
      if (source.readyState === EventSource.CLOSED) retry = window.setTimeout(open, RETRY_MS);
    };
    for (const [name, take] of Object.entries(listeners)) {
      source.addEventListener(name, (event) => (take as (data: unknown) => void)(JSON.parse(event.data as string)));
    }
  };
  open();
  return () => {
    clearTimeout(retry);
    source.close();
  };
}
