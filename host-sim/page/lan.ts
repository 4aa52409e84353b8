// A page for the network: the addresses by which others reach it, the login and the key that are made, and the card that shows them.

import { randomInt } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { renderUnicodeCompact } from 'uqr';

/** Letters and digits that nobody takes for another, read from a projector. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const SECRET_CHARACTERS = 8;

/** User name of the login that is made where none was given. */
export const CLASS_USER = 'classe';

/** User name under which the key's holder logs in to the broker. */
export const KEY_USER = 'key';

/** 8 characters at random: 39 bits. */
export function makeSecret(): string {
  return Array.from({ length: SECRET_CHARACTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** IPv4 addresses of this computer in its networks, the likeliest first: a cable or a radio before what programs have made. */
export function networkAddresses(): string[] {
  const isHardware = (name: string) => /^(?:en|eth|wl|Wi-?Fi|Ethernet)/i.test(name);
  const entries = Object.entries(networkInterfaces()).toSorted(
    ([left], [right]) => Number(isHardware(right)) - Number(isHardware(left)),
  );
  return entries.flatMap(([, addresses = []]) => {
    return addresses.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
  });
}

/** Names by which this computer may be called in its network. */
export function networkNames(): string[] {
  const name = hostname().toLowerCase();
  return name.endsWith('.local') ? [name] : [name, `${name}.local`];
}

export interface LanCard {
  readonly language: 'en' | 'fr';
  /** `http://…` */
  readonly address: string;
  /** `mqtt://…` */
  readonly broker: string;
  readonly user: string | undefined;
  /** `undefined`: it was given, and is not shown. */
  readonly password: string | undefined;
  readonly key: string;
}

/** What a class needs to see, as lines, with the address as a QR code. */
export function lanCardLines({ language, address, broker, user, password, key }: LanCard): string[] {
  const isFrench = language === 'fr';
  const asGiven = isFrench ? '(comme donné)' : '(as given)';
  const login =
    user === undefined
      ? []
      : [
          `${isFrench ? 'Utilisateur ' : 'User        '} ${user}`,
          `${isFrench ? 'Mot de passe' : 'Password    '} ${password ?? asGiven}`,
        ];
  const use = isFrench
    ? '(pour l’enseignant : commandes, oubli de pièces, verrou ; à ne pas projeter)'
    : '(for the teacher: commands, forgetting rooms, the lock; not for the projector)';
  return [
    `Page         ${address}`,
    `MQTT         ${broker}`,
    ...login,
    `${isFrench ? 'Clé         ' : 'Key         '} ${key} ${use}`,
    ...renderUnicodeCompact(address).split('\n'),
  ];
}
