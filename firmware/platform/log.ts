// Says in the debugger's log what happens to the station: a line when something changes, not one for each try.

import type { BoardObserver } from '../station/board.js';
import type { LinkFailure, Reading, SensorFaultClass } from '../station/station.js';
import type { WifiFailure } from '../station/wifi-supervisor.js';

export class Log implements BoardObserver {
  private wifiFailure: WifiFailure | undefined;
  private linkFailure: LinkFailure | undefined;
  private sensorFault: SensorFaultClass | undefined;
  private hasMeasured = false;

  onReading(_reading: Reading): void {
    if (this.hasMeasured && this.sensorFault === undefined) return;
    trace('sensor: measuring\n');
    this.hasMeasured = true;
    this.sensorFault = undefined;
  }

  onSensorFault(fault: SensorFaultClass, bit: number): void {
    if (fault === this.sensorFault) return;
    trace(`sensor: ${fault}${bit < 0 ? '' : ` ${bit}`}\n`);
    this.sensorFault = fault;
  }

  onLinkUp(): void {
    trace('broker: connected\n');
    this.linkFailure = undefined;
  }

  onLinkDown(failure: LinkFailure, reasonCode: number, explanation: string): void {
    if (failure === this.linkFailure) return;
    trace(
      `broker: ${failure}${reasonCode === 0 ? '' : `, reason code ${reasonCode}`}${explanation === '' ? '' : `: ${explanation}`}\n`,
    );
    this.linkFailure = failure;
  }

  onWifiUp(address: string): void {
    trace(`Wi-Fi: ${address}\n`);
    this.wifiFailure = undefined;
  }

  onWifiFailure(failure: WifiFailure): void {
    if (failure === this.wifiFailure) return;
    trace(`Wi-Fi: ${failure}\n`);
    this.wifiFailure = failure;
  }

  onSettingsConfirmed(): void {
    trace('settings: the broker is reached with them\n');
  }

  onSettingsRejected(): void {
    trace('settings: the broker is not reached with them; those before count again\n');
  }

  onSubscriptionRefused(reasonCode: number): void {
    trace(`broker: refused a subscription, reason code ${reasonCode}\n`);
  }

  onAcknowledged(): void {}

  onClosed(): void {}
}
