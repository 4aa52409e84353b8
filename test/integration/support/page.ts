// The page of a simulator, as its user finds it: started with `--json`, opened in Chromium.

import type { BrowserContextOptions, Page } from 'playwright-core';
import { complaintsOf, visitor } from './chromium.js';
import { Simulator, type TemporaryHome } from './simulator.js';

export interface Served {
  readonly simulator: Simulator;
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly mqttUrl: string;
}

const ANY_PORTS = ['--mqtt-port', '0', '--ws-port', '0', '--http-port', '0'];

export async function serve(home: TemporaryHome, args: readonly string[] = []): Promise<Served> {
  const simulator = Simulator.start(home, ['--json', ...ANY_PORTS, ...args]);
  const { httpPort, broker } = await simulator.ready();
  return { simulator, url: `http://127.0.0.1:${httpPort}`, mqttUrl: broker };
}

export interface Opened {
  readonly page: Page;
  /** What the page complained of; empty where all is well. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** @param view part of the address behind `#/` */
export async function open(url: string, view = 'rooms', options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await visitor(options);
  const page = await context.newPage();
  const complaints = complaintsOf(page);
  await page.goto(`${url}/#/${view}`);
  return { page, complaints, close: () => context.close() };
}

/** Goes to another view as a user does: by its link. */
export async function go(page: Page, view: string): Promise<void> {
  await page.locator(`nav.ways a[href="#/${view}"]`).click();
}

/** The card of a room in one of `states`. */
export function card(page: Page, room: string, ...states: readonly string[]) {
  const ofRoom = `.card[data-room="${room}"]`;
  return page.locator(states.length === 0 ? ofRoom : states.map((state) => `${ofRoom}[data-state="${state}"]`).join(', '));
}
