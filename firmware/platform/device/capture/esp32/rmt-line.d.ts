// What rmt-line.js offers to TypeScript.

export interface RmtLineOptions {
  /** GPIO number of the data line. */
  readonly pin: number;
  /** The line has been idle for a while after it changed: `read` gives its edges. Not called once `stop` was. */
  onReadable(): void;
}

/** Holds its pin, released, and one receive channel of the RMT for as long as it lives. Throws where either is not to be had. */
export default class RmtLine {
  constructor(options: RmtLineOptions);
  /** Holds the line low for `startPulseUs`, which blocks, then releases it and records. Throws while it records. */
  start(startPulseUs: number): void;
  /** Writes the recorded edges to `edgesUs`, as `EdgeCaptureOptions` wants them; returns how many there are. */
  read(edgesUs: Uint16Array): number;
  /** Ends a recording under way, if any. */
  stop(): void;
}
