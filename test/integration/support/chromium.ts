// A real Chromium for tests of the page: one browser for all of them, started when the first test asks for it.

import { after } from 'mocha';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { describeWithPrograms, findProgram } from './program.js';

/** The names under which distributions install it; `CHROMIUM` names another one. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A test waits for conditions; this is how long one of them may take on a busy machine. */
export const PATIENCE_MS = 40_000;

/** Of one test or hook: a few conditions, each within its patience. */
const TEST_LIMIT_MS = 90_000;

let browser: Promise<Browser> | undefined;

/** A suite in Chromium: pending with the package's name where it is not installed. */
export function describeInChromium(title: string, suite: () => void): void {
  describeWithPrograms([[findBrowser() ?? 'chromium', 'chromium']], title, function (this: Mocha.Suite) {
    this.timeout(TEST_LIMIT_MS);
    suite();
  });
  after(closeChromium);
}

export async function closeChromium(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

function findBrowser(): string | undefined {
  return process.env['CHROMIUM'] ?? NAMES.find((name) => findProgram(name) !== undefined);
}

/** A fresh visitor, who remembers nothing. Close it at the end. */
export async function visitor(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  browser ??= launch();
  const context = await (await browser).newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

function launch(): Promise<Browser> {
  const name = findBrowser() ?? 'chromium';
  // The sandbox needs rights that containers do not give; the only pages are the project's own.
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ executablePath: findProgram(name) ?? name, args });
}

/** What a page complained of: errors of its program, and what its content security policy forbade. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) complaints.push(message.text());
  });
  return complaints;
}

/** A server or broker that is away is news of the network, not a fault of the page. */
function isExpected(text: string): boolean {
  return /WebSocket connection|net::ERR_|Failed to load resource/.test(text);
}
