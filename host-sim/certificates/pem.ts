// What is wrong with a certificate or a key that somebody brings: said before anything is started with it.

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Identity } from './authority.js';

/** Completes "FILE …"; `undefined` where `pem` holds a certificate that is still valid. */
export function problemOfCertificate(pem: string): string | undefined {
  const certificate = parseCertificate(pem);
  if (!certificate) return 'holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)';
  const expiry = new Date(certificate.validTo);
  return expiry.getTime() < Date.now() ? `has expired on ${expiry.toISOString().slice(0, 10)}` : undefined;
}

/** Completes "FILE …"; `undefined` where `pem` holds a private key. */
export function problemOfKey(pem: string): string | undefined {
  const key = parseKey(pem);
  if (key === 'encrypted')
    return 'holds a key with a passphrase, which nobody could type for a station; take it off with openssl pkey';
  if (!key) return 'holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)';
  return undefined;
}

/** Whether certificate and key, which are both without problem, belong together. */
export function isPair({ certificate, key }: Identity): boolean {
  return (parseCertificate(certificate) as X509Certificate).checkPrivateKey(parseKey(key) as KeyObject);
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function parseKey(pem: string): KeyObject | 'encrypted' | undefined {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE' ? 'encrypted' : undefined;
  }
}
