// The login that the embedded broker asks for.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AedesOptions } from 'aedes';

export interface Login {
  readonly user: string;
  readonly password: string;
}

type Authenticate = Required<Pick<AedesOptions, 'authenticate'>>['authenticate'];

/** MQTT 3.1.1 §3.2.2.3 */
const BAD_USER_NAME_OR_PASSWORD = 4;

/** Compares what somebody says with a login. How long it takes tells nothing about how much was right. */
export class LoginCheck {
  // Digests under a key that nobody knows have one length, and tell nothing of what they are made of.
  readonly #secret = randomBytes(32);
  readonly #user: Buffer;
  readonly #password: Buffer;

  constructor({ user, password }: Login) {
    this.#user = this.#digest(user);
    this.#password = this.#digest(password);
  }

  isRight(user: string | Buffer | undefined, password: string | Buffer | undefined): boolean {
    const isUser = timingSafeEqual(this.#digest(user ?? ''), this.#user);
    const isPassword = timingSafeEqual(this.#digest(password ?? ''), this.#password);
    return isUser && isPassword;
  }

  #digest(text: string | Buffer): Buffer {
    return createHmac('sha256', this.#secret).update(text).digest();
  }
}

/** The hook of Aedes that lets in whom `isRight` knows, and nobody else. */
export function asksFor(isRight: (...given: [client: Parameters<Authenticate>[0], user?: string, password?: Buffer]) => boolean): {
  authenticate: Authenticate;
} {
  return {
    authenticate: (client, user, password, done) => {
      if (isRight(client, user, password)) done(null, true);
      else done(Object.assign(new Error('bad user name or password'), { returnCode: BAD_USER_NAME_OR_PASSWORD }), false);
    },
  };
}
