// Takes the pictures of the page that the README shows, docs/page-*.png: `npm run picture`. What is on them is the simulator's own
// page, of a house that has run for some minutes, with one room that was cut off and came back.

import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { closeChromium } from '../integration/support/chromium.js';
import { card, go, open, serve } from '../integration/support/page.js';
import { TemporaryHome } from '../integration/support/simulator.js';
import { until } from '../integration/support/until.js';

/** Readings each room has before the first picture is taken: enough for a curve. */
const READINGS = 60;

const READINGS_LIMIT_MS = 300_000;

/** The four rooms of the house side by side. */
const VIEWPORT = { width: 1680, height: 640 };

async function pictureOf(page: Page, name: string): Promise<void> {
  // Nothing is under the mouse.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join('docs', `page-${name}.png`), animations: 'disabled' });
}

const home = new TemporaryHome();
try {
  const { simulator, url, mqttUrl } = await serve(home, [
    '--rooms',
    'salon,cuisine,chambre,bureau',
    '--interval',
    '2',
    '--seed',
    '7',
  ]);
  process.stdout.write(`The house of ${mqttUrl} runs until each room has ${READINGS} readings…\n`);
  const measured = (room: string) => simulator.eventsOf('reading').filter((reading) => reading.room === room).length;
  const { page, close } = await open(url, 'break', { viewport: VIEWPORT, locale: 'en' });
  const wifi = page.locator('[data-break="cuisine"]').getByRole('switch', { name: 'Wi-Fi' });
  await until(() => measured('cuisine') >= READINGS / 3, 'a third of the readings', READINGS_LIMIT_MS);
  await wifi.click();
  await until(() => measured('cuisine') >= (2 * READINGS) / 3, 'two thirds of the readings', READINGS_LIMIT_MS);
  await wifi.click();
  await until(() => measured('salon') >= READINGS, 'all readings', READINGS_LIMIT_MS);
  await go(page, 'rooms');
  await card(page, 'cuisine', 'online').waitFor();
  await pictureOf(page, 'rooms');
  await go(page, 'chart');
  await page.locator('.chart-view .note', { hasText: 'delivered later' }).waitFor();
  await pictureOf(page, 'chart');
  await go(page, 'mqtt');
  await page.locator('.journal tbody tr').nth(8).waitFor();
  // The picture of the messages itself: what stands above it would leave it no room.
  await page.locator('.flow').screenshot({ path: join('docs', 'page-mqtt.png') });
  await close();
  process.stdout.write('docs/page-rooms.png, docs/page-chart.png and docs/page-mqtt.png are new.\n');
} finally {
  await home.remove();
  await closeChromium();
}
