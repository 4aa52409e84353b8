// The page over a broker that is not the simulator's: Mosquitto, which listens to WebSocket alone. No picture of messages on their
// way, nothing to break; rooms, topics and the sandbox as ever.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, it } from 'mocha';
import type { Page } from 'playwright-core';
import { describeInChromium } from '../support/chromium.js';
import { Listener } from '../support/listener.js';
import { describeWithMosquitto, Mosquitto } from '../support/mosquitto.js';
import { card, go, type Opened, open } from '../support/page.js';
import { Simulator, TemporaryHome } from '../support/simulator.js';

const PROGRAM = fileURLToPath(new URL('../../../host-sim/page/main.js', import.meta.url));

const LOGIN = { user: 'classe', password: 'Zwölf Boxkämpfer 4711' };

describeWithMosquitto('page: another broker', () => {
  describeInChromium('in a browser', () => {
    const home = new TemporaryHome();
    let broker: Mosquitto;
    let board: Listener;
    let opened: Opened;
    let page: Page;

    before(async () => {
      broker = await Mosquitto.serve(LOGIN, { isWebSocket: true });
      const environment = { STATION_METEO_USER: LOGIN.user, STATION_METEO_PASSWORD: LOGIN.password };
      const program = Simulator.start(home, ['--json', '--broker', broker.url, '--http-port', '0'], environment, PROGRAM);
      const { httpPort } = await program.ready();
      board = await Listener.connect(broker.url, { username: LOGIN.user, password: LOGIN.password });
      opened = await open(`http://127.0.0.1:${httpPort}`);
      page = opened.page;
    });
    after(async () => {
      await board?.leave();
      await opened?.close();
      await home.remove();
      await broker?.close();
    });

    const publish = (topic: string, payload: string, retain = false) =>
      board.client.publishAsync(topic, payload, { qos: 1, retain });

    it('logs in at that broker, and shows its rooms', async () => {
      const { user, password } = LOGIN;
      for (const given of ['wrong', password]) {
        await page.getByLabel('Name').fill(user);
        await page.getByLabel('Password').fill(given);
        await page.getByRole('button', { name: 'Enter' }).click();
        if (given === 'wrong') await page.getByText('Wrong name or password.').waitFor();
      }
      await page.locator('[data-connection="online"]').waitFor();
      // The recorder subscribes in its own time, and what comes before it goes unheard.
      const measures = setInterval(() => void publish('maison/salon/temperature', '21.5'), 500);
      await card(page, 'salon', 'online')
        .locator('.card-temperature', { hasText: '21.5' })
        .waitFor()
        .finally(() => clearInterval(measures));
    });

    it('shows the tree of topics in place of messages on their way, and says why', async () => {
      await go(page, 'mqtt');
      assert.deepEqual(await page.locator('nav.tabs a').allInnerTexts(), ['Topics', 'Sandbox']);
      await page.getByText('can only be seen inside the embedded broker').waitFor();
      assert.equal(await page.locator('.flow').count(), 0);
      await publish('jardin/puits/niveau', 'haut', true);
      const row = page.locator('.tree tr', { has: page.getByText('niveau', { exact: true }) });
      await row.getByText('haut').waitFor();
    });

    it('subscribes and publishes at that broker', async () => {
      await page.locator('nav.tabs').getByRole('link', { name: 'Sandbox' }).click();
      await page.getByLabel('Filter').fill('jardin/#');
      await page.getByRole('button', { name: 'Subscribe' }).click();
      await page.locator('.received li', { hasText: 'haut' }).getByText('retain').waitFor();
      await board.subscribe('cave/#');
      await page.getByLabel('Topic', { exact: true }).fill('cave/porte');
      await page.getByLabel('Message').fill('ouverte');
      await page.getByRole('button', { name: 'Publish' }).click();
      await board.until(() => board.payloads('cave/porte').includes('ouverte'), 'what the page published');
    });

    it('has nothing to break', async () => {
      await go(page, 'rooms');
      assert.equal(await page.locator('nav.ways a[href="#/break"]').count(), 0);
    });

    it('complains of nothing', () => assert.deepEqual(opened.complaints, []));
  });
});
