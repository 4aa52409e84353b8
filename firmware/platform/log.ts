// Says in the debugger's log what happens to the station: a line when something changes, not one for each try.

import type { LinkFailure, Reading, SensorFaultClass, StationObserver } from '../station/station.js';

export class Log implements StationObserver {
  #linkFailure: LinkFailure | undefined;
  #sensorFault: SensorFaultClass | undefined;
  #hasMeasured = false;

  onReading(_reading: Reading): void {
    if (this.#hasMeasured && this.#sensorFault === undefined) return;
    trace('sensor: measuring\n');
    this.#hasMeasured = true;
    this.#sensorFault = undefined;
  }

  onSensorFault(fault: SensorFaultClass, bit: number): void {
    if (fault === this.#sensorFault) return;
    trace(`sensor: ${fault}${bit < 0 ? '' : ` ${bit}`}\n`);
    this.#sensorFault = fault;
  }

  onLinkUp(): void {
    trace('broker: connected\n');
    this.#linkFailure = undefined;
  }

  onLinkDown(failure: LinkFailure, reasonCode: number, explanation: string): void {
    if (failure === this.#linkFailure) return;
    trace(
      `broker: ${failure}${reasonCode === 0 ? '' : `, reason code ${reasonCode}`}${explanation === '' ? '' : `: ${explanation}`}\n`,
    );
    this.#linkFailure = failure;
  }

  onSubscriptionRefused(reasonCode: number): void {
    trace(`broker: refused a subscription, reason code ${reasonCode}\n`);
  }

  onAcknowledged(): void {}

  onClosed(): void {}
}
