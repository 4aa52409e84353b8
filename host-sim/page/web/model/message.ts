// A message as the page receives it from the broker.

export type QoS = 0 | 1 | 2;

export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly isRetained: boolean;
  readonly isDuplicate: boolean;
}
