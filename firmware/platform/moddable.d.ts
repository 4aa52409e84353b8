// What the firmware uses of the Moddable SDK's modules, for type checks without the SDK. `mcconfig` reads the SDK's own typings.

/** Writes to the debugger's log. */
declare function trace(...items: unknown[]): void;

declare module 'mc/config' {
  const config: Readonly<Record<string, unknown>>;
  export default config;
}

declare module 'timer' {
  export default class Timer {
    static set(callback: () => void, delayMs: number): Timer;
    static clear(timer: Timer): void;
    private readonly brand;
  }
}

declare module 'time' {
  const Time: {
    /** Milliseconds: on boards a signed 32-bit counter. */
    readonly ticks: number;
    /** Sets the clock, in seconds since 1970. */
    set(epochSeconds: number): void;
  };
  export default Time;
}

declare module 'net' {
  const Net: {
    get(what: 'IP'): string | undefined;
    resolve(host: string, callback: (host: string, address?: string) => void): void;
  };
  export default Net;
}

declare module 'sntp' {
  export default class SNTP {
    static readonly time: number;
    static readonly error: number;
    constructor(options: { host: string }, callback: (message: number, value?: number | string) => void);
  }
}

declare module 'embedded:io/socket/tcp' {
  export default class TCP {
    constructor(options: {
      address: string;
      port: number;
      nodelay?: boolean;
      onReadable?(byteCount: number): void;
      onWritable?(byteCount: number): void;
      onError?(): void;
    });
    read(buffer: Uint8Array): void;
    write(buffer: Uint8Array): void;
    close(): void;
  }
}

declare module 'embedded:network/websocket/client' {
  export default class WebSocketClient {
    constructor(options: {
      host: string;
      port: number;
      path: string;
      protocol: string;
      dns: { io: new () => object };
      socket: {
        io: new (options: { onReadable(byteCount: number): void; onWritable(byteCount: number): void; onError(): void }) => object;
      };
      onReadable(byteCount: number, options: { more: boolean; binary?: boolean }): void;
      onWritable(byteCount: number): void;
      onClose(): void;
      onError(): void;
    });
    read(buffer: Uint8Array): number;
    write(buffer: Uint8Array): number;
    close(): void;
  }
}

/** Of ES2026, which XS has. */
interface Uint8ArrayConstructor {
  fromBase64(text: string): Uint8Array<ArrayBuffer>;
}

declare module 'embedded:network/interface/wifi' {
  export default class WiFi {
    constructor(options: { onChanged?(): void });
    connect(options: { SSID: string; password?: string }): void;
    disconnect(): void;
    close(): void;
    readonly connection: number;
    readonly address: string | undefined;
    readonly MAC: string | undefined;
    readonly RSSI: number | undefined;
  }
}
