// The folder that `npm run certificates` fills and `npm start -- --tls` reads: an authority, a broker's certificate and a client's.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOption } from '../read-option.js';
import { EXIT_USAGE, UserError } from '../user-error.js';
import { createAuthority, type Identity, issueClient, issueServer, type Validity } from './authority.js';
import { isPair, problemOfCertificate, problemOfKey } from './pem.js';

/** All as PEM. */
export interface Certificates {
  /** The authority's certificate: what clients trust. */
  readonly ca: string;
  /** What the broker shows: its certificate and the authority's. */
  readonly server: Identity;
  readonly client: Identity;
}

const AUTHORITY_NAME = 'station-meteo CA';
const CLIENT_NAME = 'station-meteo client';

/** Readable by their owner alone. */
const KEY_MODE = 0o600;
const CERTIFICATE_MODE = 0o644;

/**
 * Makes a new authority and its certificates for a broker that is reached by `hosts`, and writes them to `directory`. Throws
 * `UserError` where one of the files is there already, and nothing is written then.
 */
export function createCertificates(directory: string, hosts: readonly string[], validity: Validity): void {
  const authority = createAuthority(AUTHORITY_NAME, validity);
  const server = issueServer(authority, hosts, validity);
  const client = issueClient(authority, CLIENT_NAME, validity);
  write(directory, [
    ['ca.key', authority.key, KEY_MODE],
    ['ca.crt', authority.certificate, CERTIFICATE_MODE],
    ['server.key', server.key, KEY_MODE],
    // With the authority's: a board finds its trusted authority by the chain.
    ['server.crt', server.certificate + authority.certificate, CERTIFICATE_MODE],
    ['client.key', client.key, KEY_MODE],
    ['client.crt', client.certificate, CERTIFICATE_MODE],
  ]);
}

/** What `createCertificates` wrote. Throws `UserError` where something is missing, does not belong together, or has expired. */
export function readCertificates(directory: string): Certificates {
  // What is there already is not overwritten.
  const command = `npm run certificates -- ${existsSync(directory) ? join(directory, 'new') : directory}`;
  const certificate = (name: string) => readOption('--tls', join(directory, `${name}.crt`), command, problemOfCertificate);
  const identity = (name: string): Identity => {
    const pair = {
      certificate: certificate(name),
      key: readOption('--tls', join(directory, `${name}.key`), command, problemOfKey),
    };
    if (isPair(pair)) return pair;
    throw new UserError(`Option --tls: ${name}.crt and ${name}.key in ${directory} do not belong together.`, command, EXIT_USAGE);
  };
  return { ca: certificate('ca'), server: identity('server'), client: identity('client') };
}

function write(directory: string, files: readonly (readonly [name: string, content: string, mode: number])[]): void {
  const taken = files.map(([name]) => join(directory, name)).find((file) => existsSync(file));
  if (taken !== undefined)
    throw cannotWrite(`${JSON.stringify(taken)} is there already and may be in use: nothing is overwritten.`);
  try {
    mkdirSync(directory, { recursive: true });
    for (const [name, content, mode] of files) writeFileSync(join(directory, name), content, { mode, flag: 'wx' });
  } catch (error) {
    throw cannotWrite(`${JSON.stringify(directory)} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function cannotWrite(problem: string): UserError {
  return new UserError(problem, 'npm run certificates -- ANOTHER-FOLDER');
}
