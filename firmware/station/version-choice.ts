// Which version of MQTT to speak: 5 first, 3.1.1 where the broker refuses 5, and then what it has accepted.

import { MQTT_3_1_1, MQTT_5, type ProtocolLevel } from '../mqtt/protocol.js';
import { ConnectReturnCode, ReasonCode } from '../mqtt/reason.js';

/** The setting `mqtt`: one version, or what the broker accepts. */
export type MqttVersion = 'auto' | '5' | '3.1.1';

export class VersionChoice {
  private readonly isFree: boolean;
  private _level: ProtocolLevel;
  /** A broker has accepted `level` in this boot. */
  private isProved = false;
  /** How often the version was changed since a broker last accepted one. */
  private switches = 0;

  constructor(version: MqttVersion) {
    this.isFree = version === 'auto';
    this._level = version === '3.1.1' ? MQTT_3_1_1 : MQTT_5;
  }

  /** The level of the next attempt. */
  get level(): ProtocolLevel {
    return this._level;
  }

  /** Whether the next attempt is the first with the other version: the broker has not refused both. */
  get isFirstWithOther(): boolean {
    return this.switches === 1;
  }

  /** The broker has accepted the connection. */
  accepted(): void {
    this.isProved = true;
    this.switches = 0;
  }

  /** The broker refused with this code of its CONNACK. */
  refused(reasonCode: number): void {
    // The second is what 3.1.1 says, also to a CONNECT of MQTT 5.
    const isOfVersion =
      reasonCode === ReasonCode.unsupportedProtocolVersion || reasonCode === ConnectReturnCode.unacceptableProtocolVersion;
    if (isOfVersion) this.tryOther();
  }

  /** The broker closed the connection without a word: some that know 3.1.1 alone do that. Others are just out of order. */
  closedUnanswered(): void {
    if (!this.isProved) this.tryOther();
  }

  private tryOther(): void {
    if (!this.isFree) return;
    this._level = this._level === MQTT_5 ? MQTT_3_1_1 : MQTT_5;
    this.isProved = false;
    this.switches++;
  }
}
