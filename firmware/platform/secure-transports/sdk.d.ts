// Types for what this folder takes of the SDK's TLS (modules/crypt, 8.2).

/** The connection below a session, with what can be read and written at once. */
export interface Carrier {
  readable: number;
  writable: number;
  read(buffer: Uint8Array): void;
  /** Returns how much can be written then. */
  write(packet: Uint8Array): number;
}

export class Session {
  constructor(options: object);
  certificateManager: CertificateManager;
  /** The last handshake message that was received, or -1. */
  readonly handshakeProcess: number;
  readonly alert: object | undefined;
  readonly clientCipher: object | null;
  readonly serverCipher: object | null;
  /** Set when the other end has asked for a certificate. */
  readonly clientCerts: object | undefined;
  initiateHandshake(): void;
  /** Does the next step; true when there is none. */
  handshake(carrier: Carrier): boolean;
  /** One record's data; `undefined` where there is no whole one, `null` at the end of the session. */
  read(carrier: Carrier): Uint8Array | undefined | null;
  write(carrier: Carrier, data: Uint8Array): number;
}

export class CertificateManager {
  constructor(options: object);
  verify(chain: readonly Uint8Array[], options: { readonly tls_server_name: string }): boolean | undefined;
  _verify(key: PublicKey, certificate: object): boolean;
}

export interface PublicKey {
  readonly exponent?: bigint;
}

/** Tags of RFC 5280 §4.2.1.6; names as text, addresses as bytes. */
export type Names = readonly { readonly tag: number; readonly value: string | ArrayBuffer }[];

export const X509: {
  decode(certificate: Uint8Array): { readonly tbs: Uint8Array };
  /** Times in milliseconds since 1970. */
  decodeTBS(tbs: Uint8Array): { readonly validity: { readonly from: number; readonly to: number } };
  decodeSPKI(certificate: Uint8Array): PublicKey;
  decodeSAN(certificate: Uint8Array): Names | undefined;
};
