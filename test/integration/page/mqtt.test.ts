// How the page shows MQTT: messages on their way, the tree, the sandbox with its reasons; and that nothing of it can harm the page.

import assert from 'node:assert/strict';
import { after, before, it } from 'mocha';
import mqtt from 'mqtt';
import type { Page } from 'playwright-core';
import { describeInChromium } from '../support/chromium.js';
import { Listener } from '../support/listener.js';
import { card, go, type Opened, open, type Served, serve } from '../support/page.js';
import { TemporaryHome } from '../support/simulator.js';

const MARKUP = '<img src=x onerror="document.title=`pwned`"><script>document.title="pwned"</script>';

describeInChromium('page: MQTT', () => {
  const home = new TemporaryHome();
  let served: Served;
  let opened: Opened;
  let page: Page;
  let student: Listener;

  before(async () => {
    served = await serve(home, ['--rooms', 'salon,cuisine', '--interval', '2']);
    opened = await open(served.url, 'mqtt/flow');
    page = opened.page;
    student = await Listener.connect(served.mqttUrl, { clientId: 'student' });
  });
  after(async () => {
    await student?.leave();
    await opened?.close();
    await home.remove();
  });

  const tab = (name: string) => page.locator('nav.tabs').getByRole('link', { name }).click();
  const count = async (kind: string) => Number(await page.locator(`.legend-entry.is-${kind} b`).innerText());
  const untilCounted = (kind: string) => page.locator(`.legend-entry.is-${kind} b`, { hasText: /[1-9]/ }).waitFor();

  it('shows publications, deliveries and acknowledgements as they happen, with their clients and topics', async () => {
    for (const kind of ['publish', 'delivery', 'ack']) await untilCounted(kind);
    await page.locator('[data-node="topic/maison/+/temperature"]').waitFor();
    await page.locator('.flow-node', { hasText: 'salon' }).waitFor();
    await page.locator('.flow-node', { hasText: 'this page' }).waitFor();
    await page.locator('.journal', { hasText: 'PUBACK' }).waitFor();
    assert.ok((await count('ack')) > 0);
  });

  it('draws them', async () => {
    const isPainted = () =>
      page.locator('canvas.flow-canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, canvas.width, canvas.height);
        return data.some((value) => value !== 0);
      });
    await page.waitForFunction(() => document.querySelector('.flow-node') !== null);
    assert.ok(await isPainted());
  });

  it('shows a will when a client is lost, and what is retained when one subscribes', async () => {
    const topic = 'maison/salon/will';
    const lost = mqtt.connect(served.mqttUrl, {
      protocolVersion: 4,
      reconnectPeriod: 0,
      will: { topic, payload: Buffer.from('gone'), qos: 1, retain: false },
    });
    await new Promise((resolve) => lost.once('connect', resolve));
    lost.stream.destroy();
    await untilCounted('will');
    await student.subscribe('maison/+/status');
    await untilCounted('retained');
  });

  it('follows one room', async () => {
    await page.getByLabel('Follow').selectOption('cuisine');
    const strangers = page.locator('.journal tr', { hasText: 'maison/salon/' });
    await page.locator('.journal tr', { hasText: 'maison/cuisine/' }).first().waitFor();
    assert.equal(await strangers.count(), 0);
    await page.getByLabel('Follow').selectOption('');
    await strangers.first().waitFor();
  });

  it('has the topics as a tree, with last message, QoS, retained and count', async () => {
    await student.client.publishAsync('jardin/puits/niveau', 'haut', { qos: 2, retain: true });
    await tab('Topics');
    const row = page.locator('.tree tr', { has: page.getByText('niveau', { exact: true }) });
    await row.getByText('haut').waitFor();
    await student.client.publishAsync('jardin/puits/niveau', 'bas', { qos: 0 });
    await row.getByText('bas').waitFor();
    assert.deepEqual(
      (await row.locator('td').allInnerTexts()).map((cell) => cell.trim()),
      ['bas', '0', 'retained', '2'],
    );
    await page.getByRole('button', { name: 'jardin' }).press('Enter');
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /jardin/ }).press('Enter');
    await row.waitFor();
  });

  it('shows a payload of a megabyte shortened, with its length', async () => {
    await student.client.publishAsync('jardin/long', 'x'.repeat(1_000_000), { qos: 1 });
    const row = page.locator('.tree tr', { has: page.getByText('long', { exact: true }) });
    await row.getByText('976.6 kB').waitFor();
    assert.ok((await row.innerText()).length < 200);
  });

  it('says at once which topics a filter takes and why', async () => {
    await tab('Sandbox');
    const filter = page.getByLabel('Filter');
    await filter.fill('jardin/+/niveau');
    const taken = page.locator('.match.is-match');
    await taken.first().waitFor();
    assert.deepEqual(await taken.allInnerTexts().then((rows) => rows.map((text) => text.replace(/\s+/g, ' '))), [
      'jardin puits niveau + takes any one level',
    ]);
    await page.getByText('level 1: “maison” is not “jardin”').first().waitFor();
    await filter.fill('jardin/#');
    await page.locator('.count', { hasText: /^2 \/ \d+$/ }).waitFor();
  });

  it('says which rule is broken by what is no filter or no topic', async () => {
    const filter = page.getByLabel('Filter');
    const subscribe = page.getByRole('button', { name: 'Subscribe' });
    for (const [text, words] of [
      ['maison/sal+/x', '+ stands for a whole level: nothing may stand beside it. [MQTT-4.7.1-3]'],
      ['maison/#/status', '# takes all that follows, so it can only be the last level. [MQTT-4.7.1-2]'],
      ['', 'A topic or filter has at least one character. [MQTT-4.7.3-1]'],
    ] as const) {
      await filter.fill(text);
      await page.locator('#filter-fault', { hasText: words }).waitFor();
      assert.ok(await subscribe.isDisabled());
    }
    await page.getByLabel('Topic', { exact: true }).fill('maison/+/x');
    await page.locator('#topic-fault', { hasText: 'a message is published on one exact topic' }).waitFor();
    assert.ok(await page.getByRole('button', { name: 'Publish' }).isDisabled());
  });

  it('subscribes and publishes, with QoS and retain', async () => {
    await page.getByLabel('Filter').fill('essai/#');
    await page.getByRole('button', { name: 'Subscribe' }).click();
    await page.locator('.subscription', { hasText: 'essai/#' }).waitFor();
    await page.getByLabel('Topic', { exact: true }).fill('essai/a');
    await page.getByLabel('Message').fill('bonjour');
    await page.locator('form', { hasText: 'Publish' }).getByRole('radio', { name: 'QoS 2' }).check();
    await page.getByRole('switch', { name: 'Retain' }).click();
    await page.getByRole('button', { name: 'Publish' }).click();
    const line = page.locator('.received li', { hasText: 'bonjour' });
    await line.waitFor();
    assert.match(await line.innerText(), /essai\/a\s+bonjour\s+QoS 1/, 'with the QoS of the subscription');
    const newcomer = await (await Listener.connect(served.mqttUrl)).subscribe('essai/#');
    await newcomer.until(() => newcomer.payloads('essai/a').length > 0, 'the retained message');
    assert.equal(newcomer.heard[0]?.retain, true);
    await newcomer.leave();
  });

  it('shows markup in rooms, topics, payloads and client ids as text', async () => {
    const room = MARKUP.replaceAll('/', '∕');
    const stranger = await Listener.connect(served.mqttUrl, { clientId: MARKUP });
    for (const [topic, payload] of [
      [`maison/${room}/status`, 'online'],
      [`maison/${room}/temperature`, '20.5'],
      [`maison/${room}/info`, JSON.stringify({ station: MARKUP, board: MARKUP, sensor: MARKUP, interval: 2 })],
      ['jardin/html', MARKUP],
    ] as const) {
      await stranger.client.publishAsync(topic, payload, { qos: 1 });
    }
    await page.getByLabel('Filter').fill('jardin/html');
    await page.locator('.match.is-match').waitFor();
    await tab('Topics');
    await page.locator('.tree td', { hasText: '<script>' }).first().waitFor();
    await tab('Live');
    // The journal begins with what comes after it was opened, whenever that is.
    const again = setInterval(() => stranger.client.publish('jardin/html', MARKUP, { qos: 1 }), 500);
    await page
      .locator('.journal', { hasText: '<img' })
      .waitFor()
      .finally(() => clearInterval(again));
    await go(page, 'rooms');
    await card(page, room.replaceAll('"', '\\"'), 'online').waitFor();
    await go(page, 'chart');
    await page.locator('.chip', { hasText: '<img' }).waitFor();
    assert.equal(await page.title(), 'station-météo');
    assert.equal(await page.locator('main img, main script').count(), 0);
    await stranger.leave();
  });

  it('complains of nothing', () => assert.deepEqual(opened.complaints, []));
});
