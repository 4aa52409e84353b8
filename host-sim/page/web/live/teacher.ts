// The teacher's rights: the printed key, and what needs it where the page is served to a class.

import { computed, signal } from '@preact/signals';
import { words } from '../words/words.js';
import { post, RequestError, roomPath } from './api.js';
import { config } from './store.js';
import { say } from './toast.js';

/** Kept while the browser's tab is open. */
const STORAGE_KEY = 'teacher-key';

export const key = signal(sessionStorage.getItem(STORAGE_KEY) ?? '');

export const needsKey = computed(() => config.value?.needsKey === true && key.value === '');

export const mayForget = computed(() => config.value !== undefined && !needsKey.value);

export function takeKey(text: string): void {
  key.value = text.trim();
  sessionStorage.setItem(STORAGE_KEY, key.value);
}

/** Sends a request with the teacher's key; what does not work is said. Returns whether it worked. */
export async function request(path: string, body: object): Promise<boolean> {
  try {
    await post(path, body, key.value);
    return true;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const { errors } = words.value;
    // Who holds the wrong key is asked again.
    if (error.code === 'key-needed') takeKey('');
    say(errors[error.code] ?? error.message);
    return false;
  }
}

export async function forgetRoom(room: string): Promise<void> {
  if (await request(roomPath(room, 'forget'), {})) say(words.value.rooms.forgotten(room));
}
