// Stands in on a board that has no capture of the DHT22 in native code: there is no line to listen to, and so no edge.

import type { EdgeCapture, EdgeCaptureOptions } from '../../ports.js';
import { timer } from '../timer.js';

export class Capture implements EdgeCapture {
  readonly #options: EdgeCaptureOptions;
  #isCapturing = false;
  #timer: unknown;

  constructor(options: EdgeCaptureOptions) {
    this.#options = options;
    trace('this image has no DHT22 capture yet: nothing will be measured\n');
  }

  start(): void {
    this.#isCapturing = true;
    this.#timer = timer.set(() => {
      this.#isCapturing = false;
      this.#options.onEdges(0);
    }, 0);
  }

  close(): void {
    if (this.#isCapturing) timer.clear(this.#timer);
    this.#isCapturing = false;
  }
}
