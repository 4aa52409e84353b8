// A board's life around its station: settings out of its flash, Wi-Fi, commands, the serial line, the LED, and its restarts.
// The station measures and delivers all the while, and knows nothing of these.

import { EMPTY } from '../mqtt/protocol.js';
import { encodeUtf8 } from '../mqtt/utf8.js';
import type { Chip, Flash, Led, ResetCause, SerialConstructor, TimerPort, WifiConstructor } from '../ports.js';
import { Alarm, type AlarmOwner } from './alarm.js';
import type { Command } from './command-stream.js';
import { Commands, type CommandTarget, encodeTrialAnswer } from './commands.js';
import { Configuration } from './configuration.js';
import { discoveryTopic, encodeDiscovery } from './home-assistant.js';
import type { JsonObject } from './json.js';
import { type Notice, Notices } from './notices.js';
import { SerialLine, type SerialTarget } from './serial-line.js';
import type { Settings } from './settings.js';
import {
  type Identity,
  type LinkFailure,
  type Ports,
  type Reading,
  type SensorFaultClass,
  Station,
  type StationHome,
  type StationObserver,
} from './station.js';
import { type LedPattern, StatusLed } from './status-led.js';
import { topicBase, topicOf } from './topics.js';
import { type WifiFailure, type WifiHandler, WifiSupervisor } from './wifi-supervisor.js';

/** What a board has beside the ports of its station. */
export interface BoardPorts extends Ports {
  readonly timer: TimerPort;
  readonly flash: Flash;
  readonly chip: Chip;
  /** None: the machine is in its network already. */
  readonly wifi?: WifiConstructor | undefined;
  readonly serial?: SerialConstructor | undefined;
  readonly led?: Led | undefined;
  /** Sets the machine's clock by the time server `host`, again and again. Called once, when there is a network. */
  keepTime?(host: string): void;
  /** The machine's own network address, where there is no `wifi`. */
  address?(): string;
}

/** Who watches a board is told this; the same holds as for the station's observer. */
export interface BoardObserver extends StationObserver {
  onWifiUp(address: string): void;
  onWifiFailure(failure: WifiFailure): void;
  /** The settings on trial worked. */
  onSettingsConfirmed(): void;
  /** They did not, and those before count again, from the restart on that comes now. */
  onSettingsRejected(): void;
}

export interface BoardOptions {
  /** Settings by name that are built into the image. */
  readonly builtIn: JsonObject;
  readonly identity: Identity;
  readonly ports: BoardPorts;
  readonly observer: BoardObserver;
}

/** How long the broker may take to be reached with settings on trial. */
export const TRIAL_LIMIT_MS = 180_000;

/** How long a restart may wait for its answer, for what is buffered, and for the good-bye. */
export const RESTART_LIMIT_MS = 2_000;

/** A station makes progress with each read of its sensor, good or bad. Two are missing, and this has passed: it is restarted. */
export const WATCHDOG_MARGIN_MS = 60_000;

/** What is retained of a room that a station leaves. */
const LEFT_TOPICS = Object.freeze(['temperature', 'humidity', 'status', 'info'] as const);

/** What changes without a restart. */
const LIVE_SETTINGS: readonly string[] = Object.freeze(['interval', 'temperatureOffset', 'humidityOffset'] as const);

/** Commands that may come at once. */
const WAITING_MAXIMUM = 4;
const NEVER = Number.POSITIVE_INFINITY;

type Restart = 'no' | 'when-drained' | 'now' | 'closing' | 'closed' | 'over';

export class Board implements StationHome, StationObserver, CommandTarget, SerialTarget, WifiHandler, AlarmOwner {
  readonly station: Station;
  private readonly ports: BoardPorts;
  private readonly observer: BoardObserver;
  private readonly configuration: Configuration;
  private readonly notices = new Notices();
  private readonly commands: Commands;
  private readonly alarm: Alarm;
  private readonly wifi: WifiSupervisor | undefined;
  private readonly led: StatusLed | undefined;
  private readonly serial: SerialLine | undefined;
  private isInTurn = false;
  private isTimeKept = false;
  /** What the last change has left to be said and done: at the first connection, and until the broker has it. */
  private settling: 'due' | 'under-way' | 'done' = 'due';
  private trialDeadlineMs = NEVER;
  private _restart: Restart = 'no';
  private restartDeadlineMs = NEVER;
  private _ignoredCommands = 0;
  /** Commands that wait for the next turn, which begins at the bottom of the stack. */
  private readonly waiting: Command[] = [];

  /** Throws `SettingError` for what is built in and not allowed. */
  constructor({ builtIn, identity, ports, observer }: BoardOptions) {
    this.ports = ports;
    this.observer = observer;
    this.configuration = new Configuration({ builtIn, flash: ports.flash, station: identity.station, transports: ports });
    this.commands = new Commands(this);
    this.alarm = new Alarm(ports.timer, this);
    this.led = ports.led && new StatusLed(ports.led);
    const { settings } = this.configuration;
    this.station = new Station({ settings, identity, ports, home: this, notices: this.notices, observer: this });
    const { random, uptime, wifi } = ports;
    this.wifi = wifi && new WifiSupervisor({ io: wifi, random, uptime, settings, handler: this });
    this.serial = ports.serial && new SerialLine(ports.serial, this);
  }

  // --- For the home of the board ------------------------------------------------------------------------------------

  /** Begins to measure, and to look for the network. */
  start(): void {
    const nowMs = this.ports.uptime();
    this.feedWatchdog();
    if (this.configuration.store.isOnTrial) this.trialDeadlineMs = nowMs + TRIAL_LIMIT_MS;
    this.station.start();
    if (this.wifi) this.wifi.start(nowMs);
    else this.useNetwork();
    this.serial?.announce();
    this.turn();
  }

  /** As `Station.shutDown`; the network that is waited for is tried at once. A restart that is due does not come any more. */
  shutDown(): void {
    if (this._restart === 'closed') this.observer.onClosed();
    this._restart = 'no';
    this.restartDeadlineMs = NEVER;
    this.wifi?.retryNow(this.ports.uptime());
    this.station.shutDown();
    this.turn();
  }

  /** As `Station.abort`, but `onClosed` is not called. */
  abort(): void {
    this._restart = 'over';
    this.alarm.clear();
    this.station.abort();
  }

  get settings(): Settings {
    return this.configuration.settings;
  }

  // --- The loop -----------------------------------------------------------------------------------------------------

  onAlarm(): void {
    this.turn();
  }

  /** Something came in: what is due is done. */
  onActivity(): void {
    this.turn();
  }

  private turn(): void {
    if (this.isInTurn || this.isOver) return;
    this.isInTurn = true;
    this.wifi?.tick(this.ports.uptime());
    for (let command = this.waiting.shift(); command; command = this.waiting.shift()) this.carryOut(command);
    this.station.turn();
    this.isInTurn = false;
    this.onTurnOver(this.ports.uptime());
  }

  /** Behind each turn of the station, whatever set it off. */
  onTurnOver(nowMs: number): void {
    // What the following sets off in the station, it sees to itself.
    if (this.isInTurn || this.isOver) return;
    this.isInTurn = true;
    this.advanceTrial(nowMs);
    this.advanceRestart(nowMs);
    this.led?.show(this.pattern, nowMs);
    if (!this.isOver) this.alarm.set(this.deadlineMs(nowMs), nowMs);
    this.isInTurn = false;
  }

  private get isOver(): boolean {
    return this._restart === 'over';
  }

  private deadlineMs(nowMs: number): number {
    if (this.waiting.length > 0) return nowMs;
    return Math.min(
      this.station.deadlineMs(nowMs),
      this.wifi?.deadlineMs ?? NEVER,
      this.led?.deadlineMs ?? NEVER,
      this.trialDeadlineMs,
      this.restartDeadlineMs,
    );
  }

  private get pattern(): LedPattern {
    if (this.wifi?.state === 'off') return 'set-up';
    if (this.station.hasSensorTrouble) return 'sensor-fault';
    return this.station.isOnline ? 'online' : 'connecting';
  }

  private feedWatchdog(): void {
    this.ports.chip.feedWatchdog(2_000 * this.settings.interval + WATCHDOG_MARGIN_MS);
  }

  // --- Network ------------------------------------------------------------------------------------------------------

  onNetworkUp(): void {
    this.observer.onWifiUp(this.address);
    this.useNetwork();
  }

  onNetworkDown(): void {
    this.station.networkDown();
  }

  onNetworkFailure(failure: WifiFailure): void {
    this.observer.onWifiFailure(failure);
  }

  private useNetwork(): void {
    const { sntp } = this.settings;
    if (!this.isTimeKept && sntp !== '') this.ports.keepTime?.(sntp);
    this.isTimeKept = true;
    this.station.networkUp();
  }

  // --- Restart ------------------------------------------------------------------------------------------------------

  private advanceRestart(nowMs: number): void {
    if (this._restart === 'now' || (this._restart === 'when-drained' && this.station.isDrained)) {
      this._restart = 'closing';
      this.restartDeadlineMs = nowMs + RESTART_LIMIT_MS;
      this.station.shutDown();
    }
    const isOver = this._restart === 'closed' && (this.serial?.isIdle ?? true);
    if (isOver || nowMs >= this.restartDeadlineMs) this.restartChip();
  }

  private restartChip(): void {
    this.abort();
    this.ports.chip.restart();
  }

  private advanceTrial(nowMs: number): void {
    if (nowMs < this.trialDeadlineMs) return;
    this.trialDeadlineMs = NEVER;
    this.station.interruptSensor();
    this.configuration.store.reject();
    this.observer.onSettingsRejected();
    this.restartChip();
  }

  // --- What a change leaves to be said and done ---------------------------------------------------------------------

  /** The broker is there: a trial has worked, and what the last change has left behind can be seen to. */
  private settle(): void {
    const { store } = this.configuration;
    if (this.trialDeadlineMs !== NEVER) {
      this.trialDeadlineMs = NEVER;
      this.station.interruptSensor();
      store.confirm();
      this.observer.onSettingsConfirmed();
    }
    if (this.settling !== 'due') return;
    this.settling = 'under-way';
    const { base } = this;
    const record = store.isSettled ? undefined : store.read();
    if (record?.leaves) for (const quantity of LEFT_TOPICS) this.say(record.leaves, quantity, EMPTY, true);
    if (record?.withdraws) this.notices.add(this.discovery(EMPTY));
    if (record?.isTrial) this.say(record.leaves || base, 'response', encodeTrialAnswer(record.id, undefined), false);
    const rejected = store.readRejected();
    if (rejected) this.say(base, 'response', encodeTrialAnswer(rejected.id, describeRejection()), false);
    if (this.notices.isEmpty) this.onNoticesDelivered();
  }

  onNoticesDelivered(): void {
    const { store } = this.configuration;
    if (this.settling === 'under-way' && (!store.isSettled || store.readRejected())) {
      this.station.interruptSensor();
      store.settle();
    }
    this.settling = 'done';
  }

  /** Tells Home Assistant, where that is wished, what is measured here: at each connection, and when it changes. */
  private announceDiscovery(): void {
    if (!this.settings.homeAssistant) return;
    const notice = this.discovery(encodeDiscovery(this.station.identity, this.settings));
    // What could not be said before the connection broke is not said twice.
    if (this.notices.hasRoomFor(1) && !this.notices.has(notice)) this.notices.add(notice);
  }

  private discovery(payload: Uint8Array): Notice {
    return { topic: discoveryTopic(this.station.identity.station), payload, retain: true };
  }

  /** The topics of the station, with `+` in the place of the quantity. */
  private get base(): string {
    return topicBase(this.settings, this.station.identity.station);
  }

  private say(base: string, quantity: string, payload: Uint8Array, retain: boolean): void {
    this.notices.add({ topic: encodeUtf8(topicOf(base, quantity)), payload, retain });
  }

  // --- StationHome --------------------------------------------------------------------------------------------------

  get address(): string {
    return this.wifi?.address ?? this.ports.address?.() ?? '';
  }

  get rssi(): number | undefined {
    return this.wifi?.rssi;
  }

  get freeMemory(): number {
    return this.ports.chip.freeMemory;
  }

  get resetCause(): ResetCause {
    return this.ports.chip.resetCause;
  }

  get wifiFailureCounts(): Uint32Array | undefined {
    return this.wifi?.failureCounts;
  }

  get ignoredCommands(): number {
    return this._ignoredCommands;
  }

  onProgress(): void {
    this.feedWatchdog();
    const nowMs = this.ports.uptime();
    if (!this.isInTurn && !this.isOver) this.alarm.set(nowMs, nowMs);
  }

  onCommand(command: Command): void {
    if (this.waiting.length < WAITING_MAXIMUM && this.notices.hasRoomFor(this.waiting.length + 1)) this.waiting.push(command);
    else this._ignoredCommands++;
  }

  private carryOut({ name, payload, responseTopic, correlationData }: Command): void {
    const topic = responseTopic ?? encodeUtf8(topicOf(this.base, 'response'));
    this.notices.add({ topic, payload: this.commands.handle(name, payload), retain: false, correlationData });
  }

  // --- CommandTarget and SerialTarget -------------------------------------------------------------------------------

  get isChanging(): boolean {
    return this._restart !== 'no' || this.settling === 'under-way';
  }

  identify(): boolean {
    this.led?.identify(this.ports.uptime());
    return this.led !== undefined;
  }

  restart(): void {
    if (this._restart === 'no' || this._restart === 'when-drained') this._restart = 'now';
  }

  change(changes: JsonObject, isTrial: boolean, id: string): boolean {
    this.station.interruptSensor();
    const settings = this.configuration.change(changes, isTrial, id);
    if (!settings) return false;
    if (isTrial || Object.keys(changes).some((name) => !LIVE_SETTINGS.includes(name))) {
      this._restart = 'when-drained';
      return true;
    }
    this.configuration.adopt(settings);
    this.announceDiscovery();
    this.station.adopt(settings);
    return true;
  }

  store(changes: JsonObject): void {
    this.station.interruptSensor();
    this.configuration.change(changes, false, '');
  }

  describeSettings(): JsonObject {
    return this.configuration.describe();
  }

  describeStation(): JsonObject {
    const { identity, room, isOnline, bufferedCount: buffered } = this.station;
    const { station, board, firmware } = identity;
    const network = this.wifi?.state ?? 'up';
    return { station, board, firmware, room, network, address: this.address, broker: isOnline ? 'online' : 'connecting', buffered };
  }

  // --- StationObserver ----------------------------------------------------------------------------------------------

  onReading(reading: Reading): void {
    this.observer.onReading(reading);
  }

  onAcknowledged(seq: number): void {
    this.observer.onAcknowledged(seq);
  }

  onLinkUp(): void {
    this.settle();
    this.announceDiscovery();
    this.observer.onLinkUp();
  }

  onLinkDown(failure: LinkFailure, reasonCode: number, explanation: string): void {
    this.observer.onLinkDown(failure, reasonCode, explanation);
  }

  onSensorFault(fault: SensorFaultClass, bit: number): void {
    this.observer.onSensorFault(fault, bit);
  }

  onSubscriptionRefused(reasonCode: number): void {
    this.observer.onSubscriptionRefused(reasonCode);
  }

  onClosed(): void {
    if (this._restart === 'no') this.observer.onClosed();
    else if (this._restart === 'closing') this._restart = 'closed';
  }
}

function describeRejection(): string {
  return `the broker was not reached with these settings within ${TRIAL_LIMIT_MS / 1000} s; those before are in effect again`;
}
