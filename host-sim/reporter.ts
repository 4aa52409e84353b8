// What a run of the simulator tells its user, whoever shows it: the view, plain lines, or JSON.

/** The simulation is ready: stations start now. */
export interface ReadyEvent {
  /** MQTT port of the embedded broker; `null` with a broker elsewhere. */
  readonly mqttPort: number | null;
  /** WebSocket port of the embedded broker; `null` with a broker elsewhere. */
  readonly wsPort: number | null;
  /** The same with TLS; `null` without it. */
  readonly mqttsPort: number | null;
  readonly wssPort: number | null;
  /** TCP port of the first room's serial line; `null` without --serial. */
  readonly serialPort: number | null;
  /** URL of the broker in use, without login. */
  readonly broker: string;
  /** Port of the page on 127.0.0.1; `null` without a page. */
  readonly httpPort: number | null;
}

export interface LinkEvent {
  readonly room: string;
  readonly state: 'up' | 'down';
}

export interface ReadingEvent {
  readonly room: string;
  /** 12 hex digits. */
  readonly station: string;
  readonly boot: number;
  readonly seq: number;
  /** UTC epoch seconds, or `null` while the station does not know the time. */
  readonly time: number | null;
  /** °C. */
  readonly temperature: number;
  /** %RH. */
  readonly humidity: number;
}

/** The broker has acknowledged the reading on every stream in use. */
export interface AcknowledgedEvent {
  readonly room: string;
  readonly boot: number;
  readonly seq: number;
}

/** The end: `measured` is the sum of `acknowledged`, `dropped` and `buffered`. */
export interface Summary {
  readonly measured: number;
  readonly acknowledged: number;
  /** Lost because a buffer was full, or a board restarted. */
  readonly dropped: number;
  /** Not delivered in the time that there was. */
  readonly buffered: number;
  readonly reconnects: number;
}

export interface Reporter {
  ready(event: ReadyEvent): void;
  link(event: LinkEvent): void;
  reading(event: ReadingEvent): void;
  acknowledged(event: AcknowledgedEvent): void;
  /** Comes last, once. */
  summary(event: Summary): void;
}
