// A message as the page receives it from the broker.

export type QoS = 0 | 1 | 2;

export interface Message {
  readonly topic: string;
  /** The whole payload, or where it is long its beginning: a view, valid during the call that hands it over. */
  readonly payload: Uint8Array;
  /** Length of the whole payload. */
  readonly bytes: number;
  readonly qos: QoS;
  readonly isRetained: boolean;
  readonly isDuplicate: boolean;
}
