// The HTTP API from the page's side: one function for a question, one for a request that changes something.

import { type ApiError, type ApiErrorCode, type Config, type History, KEY_HEADER } from '../../api.js';

/** The server said no, or was not there: then the code is `unreachable`. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ApiErrorCode | 'unreachable';

  constructor(code: ApiErrorCode | 'unreachable', message: string) {
    super(message);
    this.code = code;
  }
}

export function getConfig(): Promise<Config> {
  return ask('/api/config') as Promise<Config>;
}

/** Readings from `from` to `to` (epoch seconds) of all rooms, thinned to about `points` of each. */
export function getHistory(from: number, to: number, points: number): Promise<History> {
  return ask(`/api/history?from=${Math.floor(from)}&to=${Math.ceil(to)}&points=${points}`) as Promise<History>;
}

/** Sends a request that changes something; `key` is the teacher's, where one is needed. */
export async function post(path: string, body: object, key = ''): Promise<void> {
  await ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key !== '' && { [KEY_HEADER]: key }) },
    body: JSON.stringify(body),
  });
}

export function roomPath(room: string, action: string): string {
  return `/api/rooms/${encodeURIComponent(room)}/${action}`;
}

async function ask(path: string, init?: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new RequestError('unreachable', 'the page’s server does not answer');
  }
  const answer: unknown = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { error } = answer as Partial<ApiError>;
  throw new RequestError(error?.code ?? 'not-possible', error?.message ?? `status ${response.status}`);
}
