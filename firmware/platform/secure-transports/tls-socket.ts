// TLS 1.2 over the device's TCP, by the SDK's session: a stream port like any other. What the session throws at what the other end
// sends is a failure of the connection, and ends here.

import TCP from 'embedded:io/socket/tcp';
import type { StreamFailure, StreamOptions, StreamSocket } from '../../ports.js';
import { timer } from '../timer.js';
import { type Carrier, Session } from './sdk.js';
import { CertificateError, ServerCertificate } from './server-certificate.js';

/** What a station trusts, and how it proves who it is; all as DER, the key as PKCS #8. */
export interface Credentials {
  readonly ca: Uint8Array | undefined;
  readonly certificate: Uint8Array | undefined;
  readonly key: Uint8Array | undefined;
}

const TLS_1_2 = 0x303;

/** What a record adds to the bytes in it, with the longest of the ciphers: header, IV, MAC, padding. */
const RECORD_OVERHEAD_BYTES = 96;

/** Alerts about the certificate of this end (RFC 5246 §7.2): bad, unsupported, revoked, expired, unknown, of an unknown authority. */
const CLIENT_CERTIFICATE_ALERTS = Object.freeze([42, 43, 44, 45, 46, 48]);
const HANDSHAKE_FAILURE = 40;

export class TlsSocket implements StreamSocket {
  private readonly options: StreamOptions;
  private readonly tcp: TCP;
  private readonly carrier: Carrier;
  private readonly session: Session;
  private readonly certificate: ServerCertificate;
  private readonly hasOwnCertificate: boolean;
  private isOpen = false;
  private isClosed = false;
  private hasEnded = false;
  /** What was received and decrypted, and how much of it was read. */
  private received: Uint8Array | undefined;
  private position = 0;

  constructor(options: StreamOptions, { ca, certificate, key }: Credentials) {
    this.options = options;
    this.hasOwnCertificate = certificate !== undefined;
    const sessionOptions = {
      serverName: options.host,
      protocolVersion: TLS_1_2,
      // A resumed session shows no certificate.
      cache: false,
      clientCertificates: certificate ? [certificate] : [],
      clientKey: key,
    };
    this.session = new Session(sessionOptions);
    this.certificate = new ServerCertificate(sessionOptions, ca);
    this.session.certificateManager = this.certificate;
    this.session.initiateHandshake();
    const { address, port, nodelay } = options;
    const tcp = new TCP({
      address,
      port,
      nodelay,
      onReadable: (byteCount) => this.onReadable(byteCount),
      onWritable: (byteCount) => this.onWritable(byteCount),
      onError: () => this.onError(),
    });
    this.tcp = tcp;
    this.carrier = {
      readable: 0,
      writable: 0,
      read: (buffer) => tcp.read(buffer),
      write(packet) {
        tcp.write(packet);
        return this.writable - packet.byteLength;
      },
    };
  }

  /** Fills `buffer`. Without one, returns the next byte: the SDK's WebSocket reads its headers so. */
  read(buffer?: Uint8Array): number {
    const received = this.received;
    const byteCount = buffer?.length ?? 1;
    if (!received || byteCount > received.length - this.position) throw new RangeError('read of more than is available');
    const from = this.position;
    this.position += byteCount;
    if (this.position === received.length) {
      this.received = undefined;
      // What came meanwhile is announced later, not from within the read.
      if (this.carrier.readable > 0 || this.hasEnded) timer.set(() => this.receive(), 0);
    }
    if (!buffer) return received[from] as number;
    buffer.set(received.subarray(from, this.position));
    return byteCount;
  }

  /** Returns how much can be written then. */
  write(buffer: Uint8Array): number {
    if (!this.isOpen || this.isClosed || buffer.byteLength > this.room)
      throw new RangeError('write of more than there is room for');
    this.session.write(this.carrier, buffer);
    return this.room;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.tcp.close();
  }

  private get room(): number {
    return Math.max(0, this.carrier.writable - RECORD_OVERHEAD_BYTES);
  }

  private onWritable(byteCount: number): void {
    this.carrier.writable = byteCount;
    if (!this.isOpen) this.shakeHands();
    else if (this.room > 0) this.options.onWritable(this.room);
  }

  private onReadable(byteCount: number): void {
    this.carrier.readable = byteCount;
    if (!this.isOpen) this.shakeHands();
    if (this.isOpen) this.receive();
  }

  /** The TCP connection is over; the reader learns it when it has read everything. */
  private onError(): void {
    if (this.received) this.hasEnded = true;
    else this.fail(undefined);
  }

  /** Takes the handshake as far as what was received allows. */
  private shakeHands(): void {
    const session = this.session;
    do {
      if (!this.attempt(() => session.handshake(this.carrier))) continue;
      // The session would also be content with a peer that leaves these steps out.
      if (session.alert || !this.certificate.isVerified || !session.clientCipher || !session.serverCipher) {
        return this.fail('tls-failed');
      }
      this.isOpen = true;
      return this.options.onWritable(this.room);
    } while (!this.isClosed && (this.carrier.readable > 0 || session.handshakeProcess !== -1));
  }

  private receive(): void {
    while (!this.isClosed && !this.received) {
      const bytes = this.attempt(() => this.session.read(this.carrier));
      // The other end has closed the session, or the connection below.
      if (bytes === null || (bytes === undefined && this.hasEnded)) return this.fail(undefined);
      if (bytes === undefined) return;
      if (bytes.length === 0) continue;
      this.received = bytes;
      this.position = 0;
      this.options.onReadable(bytes.length);
    }
  }

  /** What the session says, or `undefined` where it throws: then the connection has failed. */
  private attempt<Result>(act: () => Result): Result | undefined {
    try {
      return act();
    } catch (error) {
      this.fail(this.explain(error));
      return undefined;
    }
  }

  /** The word for what the session has thrown. */
  private explain(error: unknown): StreamFailure {
    if (error instanceof CertificateError) return error.failure;
    const [, alert] = /^alert: \d+, (\d+)$/.exec(String((error as Error).message)) ?? [];
    if (CLIENT_CERTIFICATE_ALERTS.includes(Number(alert))) return 'client-certificate-refused';
    // TLS 1.2 has no alert of its own for a certificate that is missing.
    const isAskedFor = this.session.clientCerts !== undefined;
    if (Number(alert) === HANDSHAKE_FAILURE && isAskedFor && !this.hasOwnCertificate) return 'client-certificate-required';
    return 'tls-failed';
  }

  private fail(failure: StreamFailure | undefined): void {
    if (this.isClosed) return;
    this.close();
    this.options.onError(failure);
  }
}
