// An edge capture that the test ends by hand.

import { encodeFrame, writeEdges } from '../../../firmware/platform/simulated/capture.js';
import type { EdgeCapture, EdgeCaptureConstructor, EdgeCaptureOptions } from '../../../firmware/ports.js';

export class FakeCapture implements EdgeCapture {
  readonly options: EdgeCaptureOptions;
  starts = 0;
  closes = 0;

  constructor(options: EdgeCaptureOptions) {
    this.options = options;
  }

  start(): void {
    this.starts++;
  }

  close(): void {
    this.closes++;
  }

  /** The sensor answers with a reading. */
  answer(temperatureTenths: number, humidityTenths: number): void {
    this.answerFrame(encodeFrame(temperatureTenths, humidityTenths));
  }

  answerFrame(frame: Uint8Array): void {
    this.options.onEdges(writeEdges(frame, this.options.edgesUs));
  }

  /** The sensor answers, but one edge is served `lateUs` late. */
  answerLate(temperatureTenths: number, humidityTenths: number, edge: number, lateUs: number): void {
    const { edgesUs, onEdges } = this.options;
    const edgeCount = writeEdges(encodeFrame(temperatureTenths, humidityTenths), edgesUs);
    edgesUs[edge] = (edgesUs[edge] as number) + lateUs;
    onEdges(edgeCount);
  }

  /** The sensor answers, but the line breaks after `edgeCount` edges. */
  breakOff(edgeCount: number): void {
    writeEdges(encodeFrame(0, 0), this.options.edgesUs);
    this.options.onEdges(edgeCount);
  }

  /** The sensor does not answer. */
  stayQuiet(): void {
    this.options.onEdges(0);
  }
}

/** A constructor to hand to a sensor, and the captures made with it. */
export function fakeCaptures(): { Capture: EdgeCaptureConstructor; made: FakeCapture[] } {
  const made: FakeCapture[] = [];
  class Capture extends FakeCapture {
    constructor(options: EdgeCaptureOptions) {
      super(options);
      made.push(this);
    }
  }
  return { Capture, made };
}
