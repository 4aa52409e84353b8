// Keeps a board's clock right by the internet, where there is one. Where there is none, the station hears `<prefix>/clock`.

import SNTP from 'sntp';
import Time from 'time';
import { timer } from '../timer.js';

/** A classroom without internet asks in vain: seldom enough to disturb nobody. */
const RETRY_MS = 60_000;

/** The clock of an ESP8266 may be wrong by some seconds after this time. */
const REFRESH_MS = 6 * 3_600_000;

/** Asks the time server `host`, again and again. Called once, when the network is up. */
export function keepTime(host: string): void {
  const askIn = (delayMs: number) => timer.set(() => keepTime(host), delayMs);
  try {
    new SNTP({ host }, (message, value) => {
      if (message === SNTP.time) {
        Time.set(value as number);
        askIn(REFRESH_MS);
      } else if (message === SNTP.error) askIn(RETRY_MS);
    });
  } catch {
    // No socket is free.
    askIn(RETRY_MS);
  }
}
