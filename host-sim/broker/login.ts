// The login that the embedded broker asks for.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AedesOptions } from 'aedes';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** MQTT 3.1.1 §3.2.2.3 */
const BAD_USER_NAME_OR_PASSWORD = 4;

/** The hook of Aedes that lets `login` in, and nobody else. How long it takes tells nothing about how much was right. */
export function asksFor(login: Login): Required<Pick<AedesOptions, 'authenticate'>> {
  // Digests under a key that nobody knows have one length, and tell nothing of what they are made of.
  const secret = randomBytes(32);
  const digest = (text: string | Buffer) => createHmac('sha256', secret).update(text).digest();
  const [user, password] = [digest(login.user), digest(login.password)];
  return {
    authenticate: (_client, givenUser, givenPassword, done) => {
      const isUser = timingSafeEqual(digest(givenUser ?? ''), user);
      const isPassword = timingSafeEqual(digest(givenPassword ?? ''), password);
      if (isUser && isPassword) done(null, true);
      else done(Object.assign(new Error('bad user name or password'), { returnCode: BAD_USER_NAME_OR_PASSWORD }), false);
    },
  };
}
