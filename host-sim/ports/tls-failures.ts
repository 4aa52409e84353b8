// Why TLS failed, in the words of the station: Node and OpenSSL have a code for each case.

import type { StreamFailure } from '../../firmware/ports.js';

/** X.509 verification errors, as `openssl verify` numbers and Node names them, and the host-name check of Node. */
const BROKER_CERTIFICATE: Readonly<Record<string, StreamFailure>> = {
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-wrong-host',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-unknown-ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-unknown-ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-unknown-ca',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-unknown-ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-unknown-ca',
  CERT_UNTRUSTED: 'certificate-unknown-ca',
  CERT_SIGNATURE_FAILURE: 'certificate-invalid',
  CERT_REVOKED: 'certificate-invalid',
  CERT_REJECTED: 'certificate-invalid',
  CERT_CHAIN_TOO_LONG: 'certificate-invalid',
  INVALID_CA: 'certificate-invalid',
  INVALID_PURPOSE: 'certificate-invalid',
  PATH_LENGTH_EXCEEDED: 'certificate-invalid',
};

/** Alerts of the broker about the station's certificate (RFC 8446 §6.2; OpenSSL puts the version in front). */
const CLIENT_CERTIFICATE: readonly (readonly [alert: RegExp, failure: StreamFailure])[] = [
  [/ALERT_CERTIFICATE_REQUIRED$/, 'client-certificate-required'],
  [
    /ALERT_(?:BAD_CERTIFICATE|CERTIFICATE_(?:EXPIRED|REVOKED|UNKNOWN)|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)$/,
    'client-certificate-refused',
  ],
];

/** The word for an error of a TLS socket; `undefined` for one that is not about TLS. */
export function explainTlsError(error: Error): StreamFailure | undefined {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const found = BROKER_CERTIFICATE[code] ?? CLIENT_CERTIFICATE.find(([alert]) => alert.test(code))?.[1];
  return found ?? (code.startsWith('ERR_SSL_') || code === 'EPROTO' ? 'tls-failed' : undefined);
}
