// For chips that have no capture in native code yet: there is no line to listen to, and so no edge.

import type { EdgeCapture, EdgeCaptureOptions } from '../../../../ports.js';
import { timer } from '../../../timer.js';

export class LineCapture implements EdgeCapture {
  readonly #options: EdgeCaptureOptions;
  #isCapturing = false;
  #timer: unknown;

  constructor(options: EdgeCaptureOptions) {
    trace('this image has no DHT22 capture for its chip yet: nothing will be measured\n');
    this.#options = options;
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
