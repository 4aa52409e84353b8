// The few interfaces to the outside: everything that the pure core cannot do itself. They have the shape of ECMA-419
// (3rd edition), so that the device hands its own classes over as they are and the simulator imitates them.

/** Milliseconds since the station started. Never goes back, never wraps; the zero is arbitrary. */
export type Uptime = () => number;

/** UTC in seconds since 1970, or `undefined` while this machine does not know the time. */
export type WallClock = () => number | undefined;

/** 32 uniformly random bits, as an integer from 0 to 4,294,967,295. */
export type Random = () => number;

/** One-shot timers (the `Timer` of the Moddable SDK). The handle is opaque. */
export interface TimerPort<Handle = unknown> {
  /** Calls `callback` once, `delayMs` from now (0 or more). */
  set(callback: () => void, delayMs: number): Handle;
  /** Cancels a timer that has not fired yet. */
  clear(handle: Handle): void;
}

/**
 * ECMA-419 §10.5 TCP socket, and whatever else carries a stream of bytes in its manner: TLS, a WebSocket. Every implementation is
 * held to `test/conformance/tcp-port.ts`.
 */
export interface StreamSocket {
  /**
   * Fills all of `buffer` with received bytes.
   * Throws where `buffer` is longer than what is available.
   */
  read(buffer: Uint8Array): unknown;
  /**
   * Queues all of `buffer` for sending; the bytes are copied.
   * Throws where `buffer` is longer than the last announced writable count less what was written since.
   */
  write(buffer: Uint8Array): unknown;
  /** Closes at once. Output that is still pending is dropped, and no callback follows. */
  close(): void;
}

export interface StreamOptions {
  /** Dotted IPv4 address: names are the resolver's. */
  readonly address: string;
  readonly port: number;
  /** The name that was resolved to `address`, or the same: what a certificate must be for, and the Host of a WebSocket. */
  readonly host: string;
  /** Where a WebSocket is asked for; empty for the others. */
  readonly path: string;
  /** Switches Nagle's algorithm off. */
  readonly nodelay: boolean;
  /** `byteCount` bytes can be read now. */
  onReadable(byteCount: number): void;
  /** The connection is made (first call), or room has been freed: `byteCount` bytes can be written now. */
  onWritable(byteCount: number): void;
  /**
   * The connection could not be made, or has ended; called once, after all received bytes were read. Without `failure` nothing more
   * is known.
   */
  onError(failure?: StreamFailure): void;
}

export type StreamConstructor = new (options: StreamOptions) => StreamSocket;

/** Why a stream cannot be used, in words for people and programs. */
export type StreamFailure =
  /** The broker's certificate. */
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-wrong-host'
  /** Nobody whom this station trusts has signed it. */
  | 'certificate-unknown-ca'
  /** Anything else that is wrong with it. */
  | 'certificate-invalid'
  /** This station's certificate: the broker asks for one and there is none. */
  | 'client-certificate-required'
  /** The broker does not take it. */
  | 'client-certificate-refused'
  /** The other end does not speak TLS, or no version or cipher that this one knows. */
  | 'tls-failed'
  /** The other end serves no WebSocket there, or none for MQTT. */
  | 'websocket-refused'
  /** The other end does not keep to RFC 6455, or sent a text frame [MQTT-6.0.0-1]. */
  | 'websocket-malformed';

/** ECMA-419 §15 domain name resolver. Exactly one of the two callbacks is called, never from within `resolve`. */
export interface Resolver {
  resolve(options: { readonly host: string; onResolved(host: string, address: string): void; onError(host: string): void }): void;
}

/**
 * Records the line of a single-wire sensor: gives the host's start pulse, then stores when the line changed.
 * The machine is not blocked while edges come in.
 */
export interface EdgeCapture {
  /**
   * Starts one capture. Must not be called again before `onEdges` was.
   */
  start(): void;
  /** Ends a capture under way, if any; `onEdges` is not called for it. */
  close(): void;
}

export interface EdgeCaptureOptions {
  /** GPIO number of the data line. */
  readonly pin: number;
  /** How long the host holds the line low to wake the sensor, in µs. */
  readonly startPulseUs: number;
  /** Receives the edge times: µs since the first edge, strictly alternating, the first one falling. */
  readonly edgesUs: Uint16Array;
  /** The capture ended: `edgesUs` holds `edgeCount` edges (0 where the sensor did not answer). */
  onEdges(edgeCount: number): void;
}

export type EdgeCaptureConstructor = new (options: EdgeCaptureOptions) => EdgeCapture;

// --- The board, where there is one: a computer has none of what follows ---------------------------------------------

/** ECMA-419 Wi-Fi `connection`: from here on there is an address. 400: associated, without an address yet. */
export const WIFI_HAS_ADDRESS = 500;
export const WIFI_ASSOCIATED = 400;

/** Why a Wi-Fi network could not be joined, as far as the chip tells. */
export type WifiRefusal = 'no-such-network' | 'wrong-password' | 'refused';

/** ECMA-419 §16 Wi-Fi interface, as a station. One at a time. */
export interface WifiInterface {
  /**
   * Begins to join a network; `password` is absent for an open one. Called only behind `disconnect`.
   * Throws where the chip refuses at once.
   */
  connect(options: { readonly SSID: string; readonly password?: string }): unknown;
  /** Leaves the network, or gives up joining it. What was already under way may still call `onChanged`. */
  disconnect(): unknown;
  readonly connection: number;
  /** Dotted IPv4 address, while there is one. */
  readonly address: string | undefined;
  /** dBm, while associated. */
  readonly RSSI: number | undefined;
  /** Why the last try failed, since the last `connect`; always `undefined` where the chip does not tell. No part of ECMA-419. */
  readonly refusal?: WifiRefusal | undefined;
}

export interface WifiOptions {
  /** `connection`, `address` or `refusal` changed. Never called from within a method. */
  onChanged(): void;
}

export type WifiConstructor = new (options: WifiOptions) => WifiInterface;

/** Bytes of a block of flash, the smallest part that can be erased. Both chips have this one. */
export const FLASH_BLOCK_BYTES = 4_096;

/**
 * ECMA-419 §18 flash: two blocks that nothing else uses. Erased bytes are 0xFF; a write can only clear bits, so a byte may be written
 * again where only bits are cleared. Offsets and lengths of writes are multiples of 4. All of it is synchronous, and throws where
 * the chip reports a failure.
 */
export interface Flash {
  /** Fills all of `buffer` with what is stored from `offset` on. */
  read(buffer: Uint8Array, offset: number): unknown;
  write(bytes: Uint8Array, offset: number): unknown;
  /** Erases block 0 or 1. */
  eraseBlock(block: number): unknown;
}

/** ECMA-419 §10.9 serial line, in the format `buffer`. */
export interface Serial {
  /** Fills `buffer` with received bytes, as many as there are; returns how many. */
  read(buffer: Uint8Array): unknown;
  /** Throws where `bytes` is longer than the last announced writable count less what was written since. */
  write(bytes: Uint8Array): unknown;
}

export interface SerialOptions {
  onReadable(byteCount: number): void;
  /** There is room for `byteCount` bytes. Also called once behind the construction. */
  onWritable(byteCount: number): void;
}

export type SerialConstructor = new (options: SerialOptions) => Serial;

/** ECMA-419 §10.2 digital output: 1 lights the LED, whichever way it is wired. */
export interface Led {
  write(value: 0 | 1): unknown;
}

/** Why a board started. `restart`: it was asked to. `watchdog`: it made no progress. */
export type ResetCause = 'power-on' | 'reset-button' | 'restart' | 'watchdog' | 'crash' | 'brown-out' | 'unknown';

/** The chip itself. */
export interface Chip {
  readonly resetCause: ResetCause;
  /** Starts the board again; all that is in RAM is lost. May return before that happens. */
  restart(): void;
  /** Restarts the board, with the cause `watchdog`, unless called again within `timeoutMs`. */
  feedWatchdog(timeoutMs: number): void;
  /** Free bytes of the native heap. */
  readonly freeMemory: number;
}
