// What this folder takes of the SDK's TLS, which has no types of its own: they are in sdk.d.ts.

export { default as CertificateManager } from 'ssl/cert';
export { default as Session } from 'ssl/session';
export { default as X509 } from 'x509';
