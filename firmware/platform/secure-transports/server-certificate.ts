// The check of the broker's certificate. That of the SDK (8.2) lets a certificate pass that its authority never signed, as long as the
// authority's own certificate follows it; so this one decides, with the SDK's decoder and arithmetic.

import type { StreamFailure } from '../../ports.js';
import { CertificateManager, type Names, X509 } from './sdk.js';

/** Why a certificate is not accepted. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly failure: StreamFailure;

  constructor(failure: StreamFailure) {
    super(failure);
    this.failure = failure;
  }
}

/** With smaller ones, forged signatures pass a decoder of padding that is as lenient as that of the SDK. */
const RSA_EXPONENT_MINIMUM = 65_537n;

/** SubjectAltName: RFC 5280 §4.2.1.6. */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** Stands in for the SDK's manager in one session. */
export class ServerCertificate extends CertificateManager {
  private readonly authority: Uint8Array | undefined;
  private _isVerified = false;

  /** @param authority the only one that is trusted (DER) */
  constructor(options: object, authority: Uint8Array | undefined) {
    super(options);
    this.authority = authority;
  }

  /** The broker's certificate was shown, and accepted. */
  get isVerified(): boolean {
    return this._isVerified;
  }

  /**
   * Called by the session with the chain that the broker shows. The first certificate must be for the host, valid now, and signed by
   * the authority itself: those between are not followed. Throws `CertificateError`.
   */
  override verify(chain: readonly Uint8Array[], { tls_server_name: host }: { readonly tls_server_name: string }): boolean {
    const [own] = chain;
    if (!own) throw new CertificateError('certificate-invalid');
    checkValidity(own);
    if (!X509.decodeSAN(own)?.some((name) => isFor(host.toLowerCase(), name))) throw new CertificateError('certificate-wrong-host');
    if (!this.authority || !this.isSignedBy(this.authority, own)) throw new CertificateError('certificate-unknown-ca');
    this._isVerified = true;
    return true;
  }

  private isSignedBy(authority: Uint8Array, certificate: Uint8Array): boolean {
    checkValidity(authority);
    const key = X509.decodeSPKI(authority);
    return key.exponent !== undefined && key.exponent >= RSA_EXPONENT_MINIMUM && this._verify(key, X509.decode(certificate));
  }
}

function checkValidity(certificate: Uint8Array): void {
  const { from, to } = X509.decodeTBS(X509.decode(certificate).tbs).validity;
  const now = Date.now();
  // A board that does not know the time believes in 1970.
  if (now < from) throw new CertificateError('certificate-not-yet-valid');
  if (now > to) throw new CertificateError('certificate-expired');
}

/** RFC 6125 §6.4: a wildcard stands for the whole first label. */
function isFor(host: string, { tag, value }: Names[number]): boolean {
  if (tag === IP_ADDRESS) return new Uint8Array(value as ArrayBuffer).join('.') === host;
  if (tag !== DNS_NAME) return false;
  const name = (value as string).toLowerCase();
  return name === host || (name.startsWith('*.') && host.includes('.') && name.slice(1) === host.slice(host.indexOf('.')));
}
