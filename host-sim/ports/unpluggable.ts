// A sensor that can be pulled off its wire: then nothing answers the start pulse.

import type { EdgeCaptureConstructor } from '../../firmware/ports.js';

/** The class `io`, whose captures see no edges while `isPlugged` says no. */
export function unpluggable(io: EdgeCaptureConstructor, isPlugged: () => boolean): EdgeCaptureConstructor {
  return class UnpluggableCapture extends io {
    constructor(options: ConstructorParameters<EdgeCaptureConstructor>[0]) {
      super({ ...options, onEdges: (edgeCount) => options.onEdges(isPlugged() ? edgeCount : 0) });
    }
  };
}
