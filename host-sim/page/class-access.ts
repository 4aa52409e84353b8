// Who may do what where a page serves a class: the key that is made at each start, and the rights at the embedded broker.

import { randomBytes } from 'node:crypto';
import type { Login } from '../broker/login.js';
import { Rights } from '../broker/rights.js';
import { KEY_USER, makeSecret } from './lan.js';
import { type HouseTopics, RoomTopics } from './record/topics.js';

export interface ClassAccess {
  /** Printed, and asked for before anything is changed. */
  readonly key: string;
  /** At the embedded broker; `undefined` with one elsewhere, which has rights of its own. */
  readonly rights: Rights | undefined;
  /** With which the page itself logs in to the broker. */
  readonly pageLogin: Login | undefined;
}

/**
 * @param login of the class; with the embedded broker there is always one
 * @param isVirtual whether a client id is that of a virtual room
 */
export function createClassAccess(
  login: Login | undefined,
  isEmbedded: boolean,
  topics: HouseTopics,
  isVirtual: (clientId: string) => boolean,
): ClassAccess {
  const key = makeSecret();
  if (!isEmbedded || !login) return { key, rights: undefined, pageLogin: login };
  const pageLogin = { user: 'page', password: randomBytes(16).toString('hex') };
  const roomTopics = new RoomTopics(topics);
  const rights = new Rights({
    login,
    trusted: [pageLogin, { user: KEY_USER, password: key }],
    isReserved: (topic) => roomTopics.isReserved(topic),
    isVirtual,
  });
  return { key, rights, pageLogin };
}
