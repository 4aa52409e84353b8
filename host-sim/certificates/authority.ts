// Makes X.509 certificates: an authority of one's own, and what it signs for a broker and its clients.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

/** A certificate and its private key, both as PEM (the key as PKCS #8). */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

/** RSA, because the TLS of the Moddable SDK knows no other certificate of a server. */
const RSA_BITS = 2048;

/** Random, positive, and shorter than the 20 octets of RFC 5280 §4.1.2.2. */
const SERIAL_BYTES = 16;

/** SubjectAltName: RFC 5280 §4.2.1.6. */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

/** An authority that signs itself. */
export function createAuthority(name: string, validity: Validity): Identity {
  const { certificate, key, keyPem } = blank(name, validity);
  certificate.setIssuer(certificate.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
    // A root need not say who signed it, but the SDK looks here for the authority of a chain.
    authorityKeyIdentifier(certificate),
  ]);
  return sign(certificate, key, keyPem);
}

/** A broker's certificate for `hosts`: names and IP addresses, at least one. */
export function issueServer(authority: Identity, hosts: readonly string[], validity: Validity): Identity {
  const altNames = hosts.map((host) => (isIP(host) ? { type: IP_ADDRESS, ip: host } : { type: DNS_NAME, value: host }));
  return issue(authority, hosts[0] as string, validity, [
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames },
  ]);
}

/** A client's certificate. */
export function issueClient(authority: Identity, name: string, validity: Validity): Identity {
  return issue(authority, name, validity, [{ name: 'extKeyUsage', clientAuth: true }]);
}

function issue(authority: Identity, name: string, validity: Validity, purpose: readonly object[]): Identity {
  const { certificate, keyPem } = blank(name, validity);
  const issuer = forge.pki.certificateFromPem(authority.certificate);
  certificate.setIssuer(issuer.subject.attributes);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'subjectKeyIdentifier' },
    authorityKeyIdentifier(issuer),
    ...purpose,
  ]);
  return sign(certificate, forge.pki.privateKeyFromPem(authority.key), keyPem);
}

/** A certificate with a key of its own that nobody has signed yet. */
function blank(name: string, { from, to }: Validity) {
  // Node makes the key: forge would take seconds.
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: RSA_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = from;
  certificate.validity.notAfter = to;
  certificate.setSubject([{ name: 'commonName', value: name }]);
  return { certificate, key: forge.pki.privateKeyFromPem(privateKey), keyPem: privateKey };
}

function serialNumber(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  // Neither negative nor with a leading zero octet.
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

/** Names the key of `issuer`. */
function authorityKeyIdentifier(issuer: forge.pki.Certificate) {
  return { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() };
}

function sign(certificate: forge.pki.Certificate, key: forge.pki.PrivateKey, keyPem: string): Identity {
  certificate.sign(key as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
  return { certificate: withNewlines(forge.pki.certificateToPem(certificate)), key: keyPem };
}

/** forge ends lines as in a mail. */
function withNewlines(pem: string): string {
  return pem.replaceAll('\r\n', '\n');
}
