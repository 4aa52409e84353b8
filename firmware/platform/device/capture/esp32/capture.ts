// Captures the edges of a single-wire sensor on the ESP32 family: the RMT peripheral records them, without the processor.

import Timer from 'timer';
import type { EdgeCapture, EdgeCaptureOptions } from '../../../../ports.js';
import RmtLine from './rmt-line.js';

/** A sensor answers within 6 ms. Only a line that is stuck low, or never rests, is cut off. */
const DEADLINE_MS = 10;

export class Capture implements EdgeCapture {
  private readonly options: EdgeCaptureOptions;
  private readonly line: RmtLine;
  private deadline: Timer | undefined;

  constructor(options: EdgeCaptureOptions) {
    this.options = options;
    this.line = new RmtLine({ pin: options.pin, onReadable: () => this.end() });
  }

  start(): void {
    this.line.start(this.options.startPulseUs);
    this.deadline = Timer.set(() => {
      this.deadline = undefined;
      this.end();
    }, DEADLINE_MS);
  }

  close(): void {
    if (this.deadline) Timer.clear(this.deadline);
    this.deadline = undefined;
    this.line.stop();
  }

  private end(): void {
    this.close();
    const { edgesUs, onEdges } = this.options;
    onEdges(this.line.read(edgesUs));
  }
}
