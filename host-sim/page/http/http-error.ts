// A request that is answered with an error: its status, its code for the page, and a sentence for people.

import type { ApiErrorCode } from '../api.js';

const STATUS: Readonly<Record<ApiErrorCode, number>> = {
  'bad-request': 400,
  'login-needed': 401,
  'wrong-login': 401,
  'key-needed': 403,
  forbidden: 403,
  'not-found': 404,
  'not-possible': 409,
  'too-many': 429,
};

export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  get status(): number {
    return STATUS[this.code];
  }
}
