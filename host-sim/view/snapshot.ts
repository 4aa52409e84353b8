// What a view shows: the state of the house at one moment, as plain data. The simulation makes it, views only read it.

/** How a room reaches the broker. */
export type RoomLink = 'online' | 'connecting' | 'wifi-cut';

export interface RoomSnapshot {
  readonly room: string;
  readonly link: RoomLink;
  /** The newest reading that the broker has acknowledged; `undefined` before the first. */
  readonly newest: { readonly temperature: number; readonly humidity: number; readonly ageSeconds: number } | undefined;
  /** Mean of the readings measured in the last 60 s and acknowledged; `undefined` where there is none. */
  readonly mean: Mean | undefined;
  /** No reading of the last 3 intervals has arrived: the room is left out of the mean of the house. */
  readonly isSilent: boolean;
  /** Readings that wait for an acknowledgement. */
  readonly buffered: number;
  readonly acknowledged: number;
  /** Readings lost because the buffer was full. */
  readonly dropped: number;
  /** Failed reads of the sensor. */
  readonly sensorFaults: number;
  readonly reconnects: number;
}

/** Means in °C and %RH. */
export interface Mean {
  readonly temperature: number;
  readonly humidity: number;
}

export interface Snapshot {
  readonly broker: {
    /** For people: without login. */
    readonly url: string;
    /** Port of MQTT over WebSocket, where the embedded broker serves it. */
    readonly wsPort: number | undefined;
    readonly isEmbedded: boolean;
    /** False while the embedded broker is cut. */
    readonly isUp: boolean;
    /** Messages that the embedded broker dropped because a subscriber with a kept session stayed away too long. */
    readonly droppedForAbsent: number;
  };
  /** URL of the page; `undefined` without one. */
  readonly page?: string | undefined;
  readonly elapsedSeconds: number;
  readonly intervalSeconds: number;
  readonly rooms: readonly RoomSnapshot[];
  /** Mean of the rooms' means; `undefined` where every room is silent. */
  readonly house: Mean | undefined;
  /** The simulation has been asked to end, and delivers what is buffered. */
  readonly isEnding: boolean;
}

/** What keys can do to the house. */
export interface HouseControls {
  /** Cuts the Wi-Fi of the room, or restores it. */
  toggleWifi(room: string): void;
  /** Cuts the embedded broker, or restores it; there is no such thing with a broker elsewhere. */
  toggleBroker(): void;
  /** Ends the simulation: the first time cleanly, the second time at once. */
  end(): void;
}
