// Certificates for tests, made when they run: an authority, and folders such as `npm run certificates` fills.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, type Identity, issueClient, issueServer } from '../../../host-sim/certificates/authority.js';
import { createCertificates } from '../../../host-sim/certificates/directory.js';

const HOUR_MS = 3_600_000;

export const VALID = validity(-1, 1);
export const EXPIRED = validity(-2, -1);
export const NOT_YET_VALID = validity(1, 2);

/** The names by which tests reach a broker. */
export const LOOPBACK_HOSTS = ['localhost', '127.0.0.1'];

function validity(fromHours: number, toHours: number) {
  const nowMs = Date.now();
  return { from: new Date(nowMs + fromHours * HOUR_MS), to: new Date(nowMs + toHours * HOUR_MS) };
}

/** A folder of files that ends with the suite. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'station-meteo-tls-'));

  write(name: string, content: string): string {
    const file = join(this.path, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  }

  /** Certificates for a broker on this computer. */
  fillWithCertificates(): this {
    createCertificates(this.path, LOOPBACK_HOSTS, VALID);
    return this;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** An authority with whatever it signs. */
export class TestAuthority {
  readonly identity: Identity;

  constructor(name: string) {
    this.identity = createAuthority(name, VALID);
  }

  get certificate(): string {
    return this.identity.certificate;
  }

  server(hosts: readonly string[] = LOOPBACK_HOSTS, when = VALID): Identity {
    return issueServer(this.identity, hosts, when);
  }

  client(when = VALID): Identity {
    return issueClient(this.identity, 'test client', when);
  }
}
