// What the page says in passing: one sentence at a time, gone after a while.

import { signal } from '@preact/signals';

const SHOWN_MS = 5_000;

export const toast = signal('');

let timer: number | undefined;

export function say(sentence: string): void {
  toast.value = sentence;
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    toast.value = '';
  }, SHOWN_MS);
}
