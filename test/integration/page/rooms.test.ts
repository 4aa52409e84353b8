// The page's rooms: first readings, an outage seen from the page with its backfill, a dead sensor, the broker away and back.

import assert from 'node:assert/strict';
import { after, before, it } from 'mocha';
import type { Page } from 'playwright-core';
import { describeInChromium, PATIENCE_MS } from '../support/chromium.js';
import { Listener } from '../support/listener.js';
import { card, go, type Opened, open, type Served, serve } from '../support/page.js';
import { TemporaryHome } from '../support/simulator.js';
import { until } from '../support/until.js';

/** An outage takes its time: three intervals until a room is silent, and a reconnection with backoff. */
const OUTAGE_LIMIT_MS = 120_000;

describeInChromium('page: rooms', () => {
  const home = new TemporaryHome();
  let served: Served;
  let opened: Opened;
  let page: Page;

  before(async () => {
    served = await serve(home, ['--rooms', 'salon,cuisine,bureau', '--interval', '2', '--seed', '7']);
    opened = await open(served.url);
    page = opened.page;
  });
  after(async () => {
    await opened?.close();
    await home.remove();
  });

  const text = (selector: string) => page.locator(selector).innerText();
  const breakRoom = (room: string) => page.locator(`[data-break="${room}"]`);
  const buffered = async (room: string) => Number(await breakRoom(room).locator('.buffer-count').innerText());

  async function untilAsync(isSo: () => Promise<boolean>, what: string): Promise<void> {
    let so = false;
    const look = async () => {
      while (!so) so = await isSo();
    };
    void look();
    await until(() => so, what, PATIENCE_MS);
  }

  it('shows what each room measured, as it was measured', async () => {
    await card(page, 'salon', 'online').waitFor();
    await card(page, 'bureau', 'online').waitFor();
    const shown = Number((await card(page, 'salon').locator('.card-temperature').innerText()).replace(/[^\d.-]/g, ''));
    const measured = served.simulator.eventsOf('reading').filter(({ room }) => room === 'salon');
    assert.ok(
      measured.some(({ temperature }) => temperature === shown),
      `${shown} is none of the measured temperatures`,
    );
    // The third room may still be about to measure.
    await page.locator('.house-note', { hasText: 'mean of 3 rooms, last 60 s' }).waitFor();
  });

  it('speaks French where it is asked to, and remembers', async () => {
    await page.getByRole('button', { name: 'Français' }).click();
    await page.getByText('en ligne').first().waitFor();
    await page.reload();
    await page.getByText('en ligne').first().waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
    assert.match(await card(page, 'salon').locator('.card-temperature').innerText(), /\d,\d/);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('online').first().waitFor();
  });

  it('turns dark and back', async () => {
    const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await colour();
    await page.getByRole('button', { name: 'Dark colours' }).click();
    assert.notEqual(await colour(), light);
    await page.getByRole('button', { name: 'Light colours' }).click();
    assert.equal(await colour(), light);
  });

  it('shows an outage: the room looks dead, its readings wait, then come late and marked', async () => {
    await go(page, 'break');
    const wifi = breakRoom('salon').getByRole('switch', { name: 'Wi-Fi' });
    await wifi.click();
    // Late is what comes 7 s after it was measured (an interval of 2 s and 5 s more): the first of six has waited 10 s.
    await untilAsync(async () => (await buffered('salon')) >= 6, 'readings wait in the buffer');
    await go(page, 'rooms');
    await card(page, 'salon', 'silent', 'offline').waitFor();
    const style = await card(page, 'salon')
      .locator('.card-temperature')
      .evaluate((element) => getComputedStyle(element).fontWeight);
    assert.equal(style, '400', 'a dead value looks dead');
    assert.match(await text('.house-silent'), /salon/);
    assert.match(await card(page, 'salon').innerText(), /readings buffered/);

    await go(page, 'break');
    await wifi.click();
    await untilAsync(async () => (await buffered('salon')) === 0, 'the buffer is empty again');
    await go(page, 'rooms');
    await card(page, 'salon', 'online').waitFor();
    await go(page, 'chart');
    await page.locator('.chart-view .note', { hasText: /[1-9]\d* readings? buffered, delivered later/ }).waitFor();
    assert.deepEqual(opened.complaints, []);
  }).timeout(OUTAGE_LIMIT_MS);

  it('never shows the last value of a dead sensor as fresh', async () => {
    await go(page, 'break');
    await breakRoom('bureau').getByRole('switch', { name: 'Sensor' }).click();
    await go(page, 'rooms');
    await card(page, 'bureau', 'sensor').waitFor();
    assert.match(await card(page, 'bureau').innerText(), /no-response/);
    assert.equal(await card(page, 'bureau', 'online').count(), 0);
    await go(page, 'break');
    await breakRoom('bureau').getByRole('switch', { name: 'Sensor' }).click();
    await go(page, 'rooms');
    await card(page, 'bureau', 'online').waitFor();
  }).timeout(OUTAGE_LIMIT_MS);

  it('says that the broker is away, and finds it again', async () => {
    await go(page, 'break');
    await page.getByRole('button', { name: 'Stop it', exact: true }).click();
    await page.locator('[data-connection="away"], [data-connection="connecting"]').waitFor();
    await page.getByRole('button', { name: 'Start it again' }).click();
    await page.locator('[data-connection="online"]').waitFor();
    await go(page, 'rooms');
    for (const room of ['salon', 'cuisine', 'bureau']) await card(page, room, 'online').waitFor();
  });

  it('stops the broker with its memory, or without', async () => {
    for (const [button, isKept] of [
      ['Stop it', true],
      ['Stop it and lose its memory', false],
    ] as const) {
      const absent = { clientId: `absent-${isKept}`, clean: false };
      await (await (await Listener.connect(served.mqttUrl, absent)).subscribe('maison/#')).leave();
      await go(page, 'break');
      await page.getByRole('button', { name: button, exact: true }).click();
      await page.locator('[data-connection="away"], [data-connection="connecting"]').waitFor();
      await page.getByRole('button', { name: 'Start it again' }).click();
      await page.locator('[data-connection="online"]').waitFor();
      const again = await Listener.connect(served.mqttUrl, absent);
      assert.equal(again.sessionPresent, isKept, button);
      await again.leave();
    }
    await go(page, 'rooms');
    for (const room of ['salon', 'cuisine', 'bureau']) await card(page, room, 'online').waitFor();
  }).timeout(OUTAGE_LIMIT_MS);

  it('pulls the power of a room: its will is heard, and it comes back by itself', async () => {
    const witness = await (await Listener.connect(served.mqttUrl)).subscribe('maison/bureau/status');
    const said = () => witness.heard.filter(({ retain }) => !retain).map(({ payload }) => payload);
    await go(page, 'break');
    await breakRoom('bureau').getByRole('button', { name: 'Power cut' }).click();
    await witness.until(() => said().length >= 2, 'offline and online');
    assert.deepEqual(said().slice(0, 2), ['offline', 'online']);
    await witness.leave();
    await go(page, 'rooms');
    await card(page, 'bureau', 'online').waitFor();
  }).timeout(OUTAGE_LIMIT_MS);

  it('sets the weather: the rooms follow', async () => {
    const temperatureOf = (room: string) => served.simulator.eventsOf('reading').findLast((reading) => reading.room === room);
    const before = temperatureOf('salon')?.temperature as number;
    await go(page, 'break');
    const slider = page.getByRole('slider', { name: 'Temperature' });
    await slider.focus();
    await page.keyboard.press('End');
    await page.locator('.chosen-value', { hasText: '+15.0 °C' }).waitFor();
    await until(() => (temperatureOf('salon')?.temperature as number) > before + 3, 'a warmer room', OUTAGE_LIMIT_MS);
    await go(page, 'rooms');
    await card(page, 'salon').locator('.trend.is-up').waitFor();
  }).timeout(OUTAGE_LIMIT_MS);

  it('adds a room', async () => {
    await go(page, 'break');
    await page.getByLabel('Name').fill('grenier');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await go(page, 'rooms');
    await card(page, 'grenier', 'online').waitFor();
  });

  it('shows other publishers too, and forgets a room that is gone', async () => {
    const emitter = await Listener.connect(served.mqttUrl);
    await emitter.client.publishAsync('maison/cave/temperature', '12.5', { qos: 1, retain: true });
    await emitter.client.publishAsync('maison/cave/status', 'offline', { qos: 1, retain: true });
    await card(page, 'cave', 'offline').waitFor();
    await card(page, 'cave').locator('.card-temperature', { hasText: '12.5' }).waitFor();
    await card(page, 'cave').getByRole('button', { name: 'Forget this room' }).click();
    await card(page, 'cave').waitFor({ state: 'detached' });
    await emitter.leave();
    const newcomer = await (await Listener.connect(served.mqttUrl)).subscribe('maison/+/status');
    await newcomer.until(() => newcomer.payloads('maison/salon/status').length > 0, 'retained statuses');
    assert.deepEqual(newcomer.payloads('maison/cave/status'), [], 'its retained topics are cleared');
    await newcomer.leave();
  });

  it('names two boards that feed one room', async () => {
    const twin = await Listener.connect(served.mqttUrl);
    const time = Math.floor(Date.now() / 1000);
    const readings = { station: 'ffeeddccbbaa', boot: 1, readings: [{ seq: 0, time, temperature: 20, humidity: 50 }] };
    await twin.client.publishAsync('maison/cuisine/readings', JSON.stringify(readings), { qos: 1 });
    await card(page, 'cuisine').getByText('two boards in this room').waitFor();
    await twin.leave();
  });

  it('complains of nothing', () => assert.deepEqual(opened.complaints, []));
});
