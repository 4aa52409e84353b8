// The ESP8266's edge capture as an ECMA-419 style class over edge_capture.c.

import { ContractError } from '../../../../errors.js';
import type { EdgeCapture, EdgeCaptureOptions } from '../../../../ports.js';
import { timer } from '../../../timer.js';

// XS binds these by name to the functions of edge_capture_xs.c.
declare function Native(destructor: string): new () => object;
// biome-ignore lint/suspicious/noExplicitAny: what it returns is what the C function sets.
declare function native(name: string): (...args: number[]) => any;

/** Past the native deadline of 10 ms: a timer of n ms may fire up to 1 ms early, because the clock under it counts whole ones. */
const END_MS = 11;

/** Methods that are nothing but a native function: XS then calls it directly. */
class NativeCapture extends Native('xs_edge_capture_destructor') {
  /** Throws where `pin` cannot have a sensor, or is in use. */
  constructor(pin: number) {
    super();
    native('xs_edge_capture').call(this, pin);
  }

  start(startPulseUs: number, maxEdges: number): void {
    return native('xs_edge_capture_start').call(this, startPulseUs, maxEdges);
  }

  /** Leaves the pin as it was found; returns how many edges there are. */
  finish(): number {
    return native('xs_edge_capture_finish').call(this);
  }

  /** When edge `index` came, in µs since the first. */
  edgeUs(index: number): number {
    return native('xs_edge_capture_edge').call(this, index);
  }
}

export class Capture implements EdgeCapture {
  private readonly options: EdgeCaptureOptions;
  private readonly native: NativeCapture;
  // One closure serves for all captures: nothing but the timer is allocated in the steady state.
  private readonly onEnd = () => this.end();
  private isCapturing = false;
  private timer: unknown;

  constructor(options: EdgeCaptureOptions) {
    this.options = options;
    this.native = new NativeCapture(options.pin);
  }

  start(): void {
    if (this.isCapturing) throw new ContractError('start while a capture is under way');
    const { startPulseUs, edgesUs } = this.options;
    this.native.start(startPulseUs, edgesUs.length);
    this.isCapturing = true;
    // The interrupt cannot tell XS of the end: the SDK's message queue is code in flash. Nobody waits for the few ms.
    this.timer = timer.set(this.onEnd, END_MS);
  }

  close(): void {
    if (!this.isCapturing) return;
    this.isCapturing = false;
    timer.clear(this.timer);
    this.native.finish();
  }

  private end(): void {
    this.isCapturing = false;
    const { edgesUs, onEdges } = this.options;
    const edgeCount = this.native.finish();
    for (let edge = 0; edge < edgeCount; edge++) edgesUs[edge] = this.native.edgeUs(edge);
    onEdges(edgeCount);
  }
}
