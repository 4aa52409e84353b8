// One virtual station with a broker of the test's choice: what became of its connection, and of its first reading.

import { Climate } from '../../../firmware/platform/simulated/climate.js';
import { parseSettings } from '../../../firmware/station/settings.js';
import type { LinkFailure } from '../../../firmware/station/station.js';
import { VirtualDevice } from '../../../host-sim/device.js';
import type { Credentials } from '../../../host-sim/ports/node-tls.js';
import { nodeTransports } from '../../../host-sim/ports/node-transports.js';

export interface LoneStationOptions {
  readonly broker: string;
  readonly credentials?: Credentials;
  readonly user?: string;
  readonly password?: string;
}

const STATION = 'a4cf12f0a1b2';
const SEED = 1;

/**
 * Starts a station; resolves to `delivered` as soon as the broker has acknowledged a reading of it, and it has taken its leave, or to why
 * its first connection ended.
 */
export function deliverOneReading({ broker, credentials = {}, ...login }: LoneStationOptions): Promise<'delivered' | LinkFailure> {
  const settings = parseSettings({ room: 'salon', interval: 2, broker, ...login });
  return new Promise((resolve) => {
    const observer = {
      onReading: () => {},
      onLinkUp: () => {},
      onAcknowledged: () =>
        void device.shutDown().then(() => {
          device.abort();
          resolve('delivered');
        }),
      onLinkDown: (_device: VirtualDevice, failure: LinkFailure) => {
        if (failure === 'closed') return;
        // Not from within the turn that reports it.
        setImmediate(() => device.abort());
        resolve(failure);
      },
    };
    const device = new VirtualDevice(settings, STATION, new Climate(SEED, settings.room), observer, nodeTransports(credentials));
    device.start();
  });
}
