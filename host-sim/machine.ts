// A virtual board as hardware: what survives a restart (flash, the air around it, why it started), and the firmware's Board, which
// is made anew at each start. Knows no Node: tests run it in virtual time.

import { MemoryFlash } from '../firmware/platform/simulated/flash.js';
import type { ResetCause, SerialConstructor, TimerPort, Uptime } from '../firmware/ports.js';
import { Board, type BoardObserver, type BoardPorts } from '../firmware/station/board.js';
import type { JsonObject } from '../firmware/station/json.js';
import type { Identity } from '../firmware/station/station.js';
import { Air } from './ports/simulated-wifi.js';

/** What a board's chip and its SDK take until the firmware runs. */
const BOOT_MS = 300;

/** Free native heap that a virtual board reports. */
const FREE_MEMORY_BYTES = 20_000;

export interface MachineOptions {
  /** Settings that are built into the image. */
  readonly builtIn: JsonObject;
  readonly identity: Identity;
  /** All of the board's ports but those that this machine is. */
  readonly ports: Omit<BoardPorts, 'uptime' | 'flash' | 'chip' | 'wifi' | 'led' | 'serial'>;
  /** The hardware's own timer: those of the firmware are among its ports. */
  readonly timer: TimerPort;
  /** The uptime, which counts from each start. */
  startUptime(): Uptime;
  readonly serial?: SerialConstructor | undefined;
  readonly flash?: MemoryFlash;
  readonly wifiStepMs: number;
  readonly address: string;
  readonly observer: BoardObserver;
  /** The board is about to be gone, with all that it has not delivered. */
  onGone(board: Board): void;
}

export class Machine {
  readonly flash: MemoryFlash;
  readonly air: Air;
  readonly #options: MachineOptions;
  readonly #timer: TimerPort;
  #board: Board;
  #resetCause: ResetCause = 'power-on';
  #ledIsLit = false;
  #bootTimer: unknown;
  #watchdogTimer: unknown;
  #isOn = false;

  constructor(options: MachineOptions) {
    this.#options = options;
    this.#timer = options.timer;
    this.flash = options.flash ?? new MemoryFlash();
    this.air = new Air({ timer: this.#timer, stepMs: options.wifiStepMs, address: options.address });
    this.#board = this.#createBoard();
  }

  /** The one that runs now, or ran last. */
  get board(): Board {
    return this.#board;
  }

  get ledIsLit(): boolean {
    return this.#ledIsLit;
  }

  /** Whether the firmware runs. */
  get isOn(): boolean {
    return this.#isOn;
  }

  start(): void {
    this.#isOn = true;
    this.#board.start();
  }

  /** Delivers, says good-bye and ends; the observer's `onClosed` tells when. */
  shutDown(): void {
    this.#disarm();
    if (this.#isOn) return this.#board.shutDown();
    // It was just about to start again, with nothing to deliver.
    this.stop();
    this.#options.observer.onClosed();
  }

  /** Pulls the power. */
  stop(): void {
    this.#isOn = false;
    this.#disarm();
    if (this.#bootTimer !== undefined) this.#timer.clear(this.#bootTimer);
    this.#bootTimer = undefined;
    this.#ledIsLit = false;
    this.#board.abort();
  }

  /** Pulls the power, and puts it back. */
  powerCycle(): void {
    this.#reset('power-on');
  }

  #reset(cause: ResetCause): void {
    this.stop();
    this.#options.onGone(this.#board);
    this.#resetCause = cause;
    this.#bootTimer = this.#timer.set(() => {
      this.#bootTimer = undefined;
      this.#board = this.#createBoard();
      this.start();
    }, BOOT_MS);
  }

  #createBoard(): Board {
    const { builtIn, identity, ports, observer, serial } = this.#options;
    const resetCause = this.#resetCause;
    return new Board({
      builtIn,
      identity,
      observer,
      ports: {
        ...ports,
        uptime: this.#options.startUptime(),
        flash: this.flash,
        wifi: this.air.wifi,
        serial,
        led: {
          write: (value) => {
            this.#ledIsLit = value === 1;
          },
        },
        chip: {
          resetCause,
          freeMemory: FREE_MEMORY_BYTES,
          restart: () => this.#reset('restart'),
          feedWatchdog: (timeoutMs) => this.#feedWatchdog(timeoutMs),
        },
      },
    });
  }

  #feedWatchdog(timeoutMs: number): void {
    this.#disarm();
    this.#watchdogTimer = this.#timer.set(() => this.#reset('watchdog'), timeoutMs);
  }

  #disarm(): void {
    if (this.#watchdogTimer !== undefined) this.#timer.clear(this.#watchdogTimer);
    this.#watchdogTimer = undefined;
  }
}
