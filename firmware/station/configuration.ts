// What a board is set to: what is built into its image, and over it what was set on this board and lies in flash. Takes changes:
// merged, checked as a whole, and stored before they are acknowledged.

import type { Flash } from '../ports.js';
import type { JsonObject } from './json.js';
import { isSecret, parseSettings, SETTING_NAMES, SettingError, type Settings } from './settings.js';
import { SettingsStore } from './settings-store.js';
import { topicBase } from './topics.js';
import { routeTo, type Transports } from './transport.js';

export interface ConfigurationOptions {
  /** Settings by name, over the defaults. */
  readonly builtIn: JsonObject;
  readonly flash: Flash;
  /** 12 hex digits: names the room where none is set. */
  readonly station: string;
  /** What this machine can reach a broker by. */
  readonly transports: Transports;
}

export class Configuration {
  readonly store: SettingsStore;
  private readonly builtIn: JsonObject;
  private readonly station: string;
  private readonly transports: Transports;
  private _settings: Settings;

  /** Throws `SettingError` for what is built in; what is stored and not allowed (any more) is left out. */
  constructor({ builtIn, flash, station, transports }: ConfigurationOptions) {
    this.store = new SettingsStore(flash);
    this.store.begin();
    this.builtIn = builtIn;
    this.station = station;
    this.transports = transports;
    this._settings = this.parseStored();
  }

  /** What is in effect. */
  get settings(): Settings {
    return this._settings;
  }

  /**
   * Merges `changes` into what is stored and stores the result; `null` takes back what was set on this board. The change takes effect
   * with `adopt`, or at the next start.
   * Returns the settings that it makes, or `undefined` where they are the same as before. Throws `SettingError` for what is not allowed, and where the flash fails.
   */
  change(changes: JsonObject, isTrial: boolean, id: string): Settings | undefined {
    const stored = this.store.read();
    const overrides: Record<string, unknown> = { ...stored?.settings };
    for (const name of Object.keys(changes)) {
      // Also of a name that is none: it must not be kept, and must not be taken for a wish to forget.
      if (changes[name] === null && SETTING_NAMES.includes(name as keyof Settings)) delete overrides[name];
      else overrides[name] = changes[name];
    }
    const settings = this.parse(overrides);
    if (JSON.stringify(overrides) === JSON.stringify(stored?.settings ?? {})) return undefined;
    const withdraws = this.isWithdrawnBy(settings);
    if (!this.store.save({ settings: overrides, isTrial, leaves: this.leftBy(settings), withdraws, id })) {
      throw new SettingError('settings', undefined, 'what the flash of this board can keep');
    }
    return settings;
  }

  /** The topics that a station with `settings` leaves behind; empty where there are none. */
  private leftBy(settings: Settings): string {
    const base = topicBase(settings, this.station);
    const oldBase = topicBase(this._settings, this.station);
    if (oldBase !== base) return oldBase;
    // What an earlier change has left may not be cleared yet.
    const stillLeft = this.store.isSettled ? '' : (this.store.read()?.leaves ?? '');
    return stillLeft === base ? '' : stillLeft;
  }

  /** Whether a station with `settings` has to make Home Assistant forget it. */
  private isWithdrawnBy({ homeAssistant }: Settings): boolean {
    const isKnown = this._settings.homeAssistant || (!this.store.isSettled && this.store.read()?.withdraws === true);
    return isKnown && !homeAssistant;
  }

  /** Puts those of `settings` into effect that can change while the station runs. */
  adopt({ interval, temperatureOffset, humidityOffset }: Settings): void {
    this._settings = { ...this._settings, interval, temperatureOffset, humidityOffset };
  }

  /** What was set on this board and is built into it, for people: of a secret, only whether there is one. */
  describe(): JsonObject {
    const settings = this.parseStored();
    const described: Record<string, unknown> = {};
    for (const name of SETTING_NAMES) described[name] = isSecret(name) ? settings[name] !== '' : settings[name];
    return described;
  }

  private parse(overrides: JsonObject): Settings {
    const settings = parseSettings({ ...this.builtIn, ...overrides });
    routeTo(settings.broker, this.transports);
    return settings;
  }

  /** An image of another version may have stored what this one does not allow: the rest counts all the same. */
  private parseStored(): Settings {
    const overrides = { ...this.store.read()?.settings };
    for (;;) {
      try {
        return this.parse(overrides);
      } catch (error) {
        // Where the fault lies in what is built in, or in both together, that is what counts.
        if (!(error instanceof SettingError) || !Object.hasOwn(overrides, error.setting)) return this.parse({});
        delete overrides[error.setting];
      }
    }
  }
}
