// What the page and its server say to each other: every request, answer and event of the HTTP API. Both import these types.
//
//   GET  /api/config                              Config
//   GET  /api/house                               House
//   GET  /api/history?from&to&rooms&points        History
//   GET  /api/export.csv, /api/export.json        ExportRow by room and period: from, to, rooms, decimal=point|comma
//   GET  /api/events?streams                      Server-Sent Events, see `EventData`
//   GET  /api/address.svg                         the page's address as a QR code; with --lan alone
//   POST /api/login            LoginRequest       where `needsLogin`; gives a cookie for everything else
//   POST /api/rooms/<room>/forget                 Empty; needs the key with --lan
//   POST /api/rooms/<room>/command/<name>         CommandRequest; needs the key with --lan
//   POST /api/lock             LockRequest        with --lan alone; needs the key
//   POST /api/rooms            AddRoomRequest     what follows breaks things: simulator only, from this computer only,
//   POST /api/rooms/<room>/wifi    WifiRequest    and with the key with --lan
//   POST /api/rooms/<room>/sensor  SensorRequest
//   POST /api/rooms/<room>/power                  Empty: pulls it, and puts it back
//   POST /api/broker           BrokerRequest
//   POST /api/weather          Weather
//
// Parameters are percent-encoded UTF-8; `rooms` repeats (`rooms=salon&rooms=cuisine`; none: all), `from` and `to` are epoch seconds.
// A POST has the type `application/json`, comes from the page's own origin, and is answered `{}`. The key goes in the header
// `KEY_HEADER`. What did not work is answered with a status of 400 or more and an `ApiError`.
// MQTT over WebSocket is at `/mqtt` of the same origin, whichever broker it is.

/** Request header that carries the printed key. */
export const KEY_HEADER = 'x-station-key';

/** What a page must know before anything else. Answered without login. */
export interface Config {
  /** Version of station-meteo. */
  readonly version: string;
  readonly mqtt: {
    /** Path of MQTT over WebSocket on the page's own origin: `ws://` or `wss://` as the page itself. */
    readonly path: string;
    /** The broker asks for a login. */
    readonly needsLogin: boolean;
    /** The broker in use, for people, without login: `mqtt://127.0.0.1:1883`. */
    readonly broker: string;
  };
  /** The HTTP API too answers this page only after `POST /api/login`; true until the page has logged in. */
  readonly needsLogin: boolean;
  /** First levels of every topic: `maison`. */
  readonly prefix: string;
  /** How topics are made: `{prefix}/{room}/{quantity}`. */
  readonly template: string;
  /** Topics of other publishers that count as a room: `/UPSSITECH/Weather_Station/{quantity}` is `station-upssitech`. */
  readonly maps: readonly TopicMap[];
  /** Seconds between readings of the virtual rooms; what a room says in its `info` goes before. */
  readonly intervalSeconds: number;
  /** Window of a room's mean. */
  readonly windowSeconds: number;
  /** Means are republished on `<prefix>/<room>/mean` and `<prefix>/mean`. */
  readonly publishesMeans: boolean;
  /** There are virtual rooms, and this page may break them: it is on the simulator's own computer. */
  readonly canBreak: boolean;
  /** The broker is the embedded one: `broker` and `clients` events come. */
  readonly hasBrokerEvents: boolean;
  /** Served to the network. */
  readonly isLan: boolean;
  /** What changes things needs the printed key. */
  readonly needsKey: boolean;
  /** Publishing is locked: see `LockRequest`. */
  readonly isLocked: boolean;
  /** Readings are kept over restarts. */
  readonly keepsData: boolean;
  /** Language of the computer that serves the page; the browser's goes before. */
  readonly language: 'en' | 'fr';
  /** The page's address in the network, for people; `null` where only this computer reaches it. */
  readonly address: string | null;
}

/** A topic with `{quantity}` in it, and the room that its values count for. */
export interface TopicMap {
  readonly template: string;
  readonly room: string;
}

/** Means in °C and %RH; `null` where that quantity was not heard. */
export interface Values {
  readonly temperature: number | null;
  readonly humidity: number | null;
}

/** The house at one moment. */
export interface House {
  /** Epoch seconds. */
  readonly time: number;
  /** Mean of the rooms' means; `null` where every room is silent. */
  readonly mean: Values | null;
  /** Rooms that are left out of it, because nothing of their last 3 intervals has arrived. */
  readonly silent: readonly string[];
  readonly rooms: readonly RoomState[];
  /** Rooms beyond the most that are followed. */
  readonly omittedRooms: number;
  readonly counts: RecorderCounts;
}

export interface RoomState {
  readonly room: string;
  /** Stations that feed the room, 12 hex digits each; empty where values come without an identity. */
  readonly stations: readonly string[];
  /** The newest reading; `null` where none is recorded. */
  readonly newest: (Values & { readonly time: number }) | null;
  /** Mean of the window that ends now; `null` where nothing in it has arrived. */
  readonly mean: Values | null;
  readonly isSilent: boolean;
  /** Seconds between readings: as the room says, else as heard. */
  readonly intervalSeconds: number;
  /** Lowest and highest since local midnight; `null` where nothing was recorded today. */
  readonly day: {
    readonly temperature: MinMax | null;
    readonly humidity: MinMax | null;
  };
  readonly warnings: readonly RoomWarning[];
}

export interface MinMax {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * `two-stations`: two boards feed this room. `two-rooms`: one board feeds this room and `other`. `same-identity`: two boards run at the
 * same time under one station id.
 */
export interface RoomWarning {
  readonly kind: 'two-stations' | 'two-rooms' | 'same-identity';
  readonly station: string;
  /** The other station, the other room, or the two boots. */
  readonly other: string;
}

/** What the recorder has done since the start. */
export interface RecorderCounts {
  readonly recorded: number;
  /** Readings that had been recorded before: at-least-once came twice. */
  readonly duplicates: number;
  /** Messages on topics of readings that hold none. */
  readonly invalid: number;
  /** Readings that no room was left for: too many rooms, or too many at once. */
  readonly dropped: number;
  /** Readings that were deleted because they were older than what is kept. */
  readonly expired: number;
}

/** Readings of a period, down-sampled to `points` of each room. */
export interface History {
  readonly from: number;
  readonly to: number;
  /** Each point is the mean of this many seconds; 0: each point is a reading. */
  readonly bucketSeconds: number;
  readonly series: readonly HistorySeries[];
  /** Rooms beyond the most that one answer holds. */
  readonly omittedRooms: number;
}

/**
 * One room, column by column; all columns have the length of `times`. Where the room was silent for more than 3 intervals there is
 * one point with neither value: a gap, over which a chart must not draw. One value that is `null` beside the other was not sent
 * at that moment, and is no gap.
 */
export interface HistorySeries {
  readonly room: string;
  /** Epoch seconds of the measurements, rising. */
  readonly times: readonly number[];
  readonly temperature: readonly (number | null)[];
  readonly humidity: readonly (number | null)[];
  /** Lowest and highest of each bucket; absent where each point is a reading. */
  readonly spread?: {
    readonly temperatureMinimum: readonly (number | null)[];
    readonly temperatureMaximum: readonly (number | null)[];
    readonly humidityMinimum: readonly (number | null)[];
    readonly humidityMaximum: readonly (number | null)[];
  };
  /** 1: arrived later than the next reading was due, out of a buffer. */
  readonly backfilled: readonly (0 | 1)[];
}

/** A reading as it was recorded. */
export interface RecordedReading extends Values {
  readonly room: string;
  /** 12 hex digits; `null` where values came without an identity. */
  readonly station: string | null;
  readonly boot: number | null;
  readonly seq: number | null;
  /** Epoch seconds of the measurement. */
  readonly time: number;
  /** Arrived later than the next reading was due, out of a buffer. */
  readonly isBackfilled: boolean;
}

/** One row of an export. JSON: an array of these; CSV: these columns. */
export interface ExportRow extends Values {
  readonly room: string;
  /** UTC, ISO 8601. */
  readonly time: string;
  /** The same as `YYYY-MM-DD hh:mm:ss` in the time zone of the page's server, as spreadsheets read it. */
  readonly localTime: string;
  readonly station: string | null;
  readonly boot: number | null;
  readonly seq: number | null;
  readonly backfilled: boolean;
}

// --- Events ---------------------------------------------------------------------------------------------------------

/**
 * Server-Sent Events: the event's name, and its data as JSON. `streams` of the request chooses (`streams=house&streams=broker`); without
 * it, all come. A listener that reads too slowly loses events: `lost` says how many since the event before.
 */
export interface EventData {
  /** At the start, and every 2 s. */
  readonly house: House;
  /** What was recorded since the last event, also what was kept in a buffer until now. */
  readonly readings: { readonly readings: readonly RecordedReading[]; readonly lost: number };
  /** The virtual rooms: at the start, and when something has changed; at most each second. */
  readonly simulator: SimulatorState;
  /** Who is connected: at the start, with the stream `broker`. */
  readonly clients: { readonly clients: readonly ClientState[]; readonly omitted: number };
  /** What travels through the embedded broker, in order, a tenth of a second at a time. */
  readonly broker: { readonly events: readonly BrokerEvent[]; readonly lost: number };
  /** A room was forgotten: by this page or another. */
  readonly forgotten: { readonly room: string };
  /** Publishing was locked or unlocked. */
  readonly lock: { readonly isLocked: boolean };
}

export type EventName = keyof EventData;

/** What a request can choose; `forgotten` and `lock` always come. */
export type StreamName = 'house' | 'readings' | 'simulator' | 'broker';

export interface SimulatorState {
  readonly broker: { readonly isEmbedded: boolean; readonly isUp: boolean };
  readonly weather: Weather;
  readonly rooms: readonly VirtualRoom[];
}

export interface VirtualRoom {
  readonly room: string;
  /** 12 hex digits. */
  readonly station: string;
  readonly link: 'online' | 'connecting' | 'wifi-cut';
  readonly isSensorPlugged: boolean;
  /** Readings that wait for an acknowledgement. */
  readonly buffered: number;
  readonly acknowledged: number;
  /** Readings lost because the buffer was full. */
  readonly dropped: number;
  /** Failed reads of the sensor. */
  readonly sensorFaults: number;
  readonly reconnects: number;
}

export interface ClientState {
  readonly client: string;
  /** `3.1.1`, `5` … */
  readonly protocol: string;
  readonly subscriptions: readonly { readonly filter: string; readonly qos: number }[];
}

interface Message {
  readonly topic: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** Text; what is long or no text is cut and marked with `…`. */
  readonly payload: string;
  /** Whole length of the payload. */
  readonly bytes: number;
}

/**
 * One step of the protocol, as it was seen on the wire at the embedded broker. `id` is the packet identifier: it binds an
 * acknowledgement to its `publish` or `delivery`. `at`: epoch milliseconds.
 */
export type BrokerEvent = { readonly at: number; readonly client: string } & (
  | { readonly kind: 'connected'; readonly protocol: string; readonly isCleanStart: boolean; readonly sessionPresent: boolean }
  /** The broker said no, with this code. */
  | { readonly kind: 'refused'; readonly code: number }
  /** `lost`: without a DISCONNECT, so the will is published. */
  | { readonly kind: 'disconnected'; readonly how: 'taken-leave' | 'lost' }
  /** The broker publishes what the client left for this case. */
  | ({ readonly kind: 'will' } & Message)
  | { readonly kind: 'subscribed'; readonly filters: readonly { readonly filter: string; readonly qos: number }[] }
  | { readonly kind: 'unsubscribed'; readonly filters: readonly string[] }
  /** From the client to the broker. `dup`: it says that this is not the first try. */
  | ({ readonly kind: 'publish'; readonly id: number | null; readonly dup: boolean } & Message)
  /** From the broker to the client. `retain`: what the broker had kept on the topic. */
  | ({ readonly kind: 'delivery'; readonly id: number | null; readonly dup: boolean } & Message)
  /** `from`: who acknowledges. */
  | {
      readonly kind: 'ack';
      readonly packet: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';
      readonly from: 'client' | 'broker';
      readonly id: number;
    }
);

// --- Requests -------------------------------------------------------------------------------------------------------

export type Empty = Readonly<Record<string, never>>;

export interface LoginRequest {
  readonly user: string;
  readonly password: string;
}

export interface CommandRequest {
  /** Text of the message; empty where the command has no parameters. */
  readonly payload: string;
}

/** While locked, only stations that were known before and the virtual rooms may publish; the page's sandbox may not. */
export interface LockRequest {
  readonly isLocked: boolean;
}

export interface AddRoomRequest {
  /** One topic level of 1 to 64 bytes without `+ # /`, not starting with `$`. */
  readonly room: string;
}

export interface WifiRequest {
  readonly isUp: boolean;
}

export interface SensorRequest {
  readonly isPlugged: boolean;
}

export interface BrokerRequest {
  readonly isUp: boolean;
  /** With `isUp` false: what happens to sessions and retained messages. Default: true. */
  readonly keepsSessions?: boolean;
}

/** How much warmer and damper every virtual room becomes; reached within about a minute. */
export interface Weather {
  /** °C, -15 to 15. */
  readonly temperature: number;
  /** %RH, -40 to 40. */
  readonly humidity: number;
}

export interface ApiError {
  readonly error: {
    readonly code: ApiErrorCode;
    /** For people, in English. */
    readonly message: string;
  };
}

export type ApiErrorCode =
  | 'bad-request'
  | 'login-needed'
  | 'wrong-login'
  | 'key-needed'
  | 'forbidden'
  | 'not-found'
  | 'too-many'
  | 'not-possible';
