// Where in the page one is: the part of the address behind `#/`, so that the browser's back button works.

import { signal } from '@preact/signals';

export const VIEWS = ['rooms', 'chart', 'mqtt', 'break', 'data', 'class'] as const;

export type ViewName = (typeof VIEWS)[number];

export interface Route {
  readonly view: ViewName;
  readonly part: string | undefined;
}

export const route = signal(read());

addEventListener('hashchange', () => {
  route.value = read();
});

/** The address of a view, for a link. */
export function goTo(view: ViewName, part?: string): string {
  return part === undefined ? `#/${view}` : `#/${view}/${part}`;
}

function read(): Route {
  const [view, part] = location.hash.replace(/^#\//, '').split('/');
  return { view: VIEWS.find((known) => known === view) ?? 'rooms', part };
}
