// The page of `npm start -- --lan` in the hands of a class: the login, what a pupil may do, what needs the teacher's key, the lock.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'mocha';
import type { Page } from 'playwright-core';
import { describeInChromium } from '../support/chromium.js';
import { Listener } from '../support/listener.js';
import { card, go, type Opened, open, type Served, serve } from '../support/page.js';
import { TemporaryHome } from '../support/simulator.js';

const LOGIN = { username: 'classe', password: 'Zwölf Boxkämpfer 4711' };

describeInChromium('page: a class in its network', () => {
  const home = new TemporaryHome();
  let served: Served;
  let key: string;
  let pupil: Opened;
  let teacher: Opened;

  before(async () => {
    const passwordFile = join(home.directory, 'password');
    writeFileSync(passwordFile, `${LOGIN.password}\n`);
    const login = ['--user', LOGIN.username, '--password-file', passwordFile];
    served = await serve(home, ['--lan', ...login, '--rooms', 'salon', '--interval', '2']);
    key = /^Key +(\w+)/m.exec(served.simulator.stderr)?.[1] as string;
    pupil = await open(served.url);
    teacher = await open(served.url);
  });
  after(async () => {
    await pupil?.close();
    await teacher?.close();
    await home.remove();
  });

  async function logIn({ page }: Opened, password: string): Promise<void> {
    await page.getByLabel('Name').fill(LOGIN.username);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Enter' }).click();
  }

  async function publish(page: Page, topic: string, payload: string): Promise<void> {
    await page.getByLabel('Topic', { exact: true }).fill(topic);
    await page.getByLabel('Message').fill(payload);
    await page.getByRole('button', { name: 'Publish' }).click();
  }

  async function giveKey(page: Page, given: string): Promise<void> {
    await page.getByLabel('Teacher’s key').fill(given);
    await page.getByRole('button', { name: 'Use the key' }).click();
  }

  const toast = (page: Page, text: string) => page.getByText(text).first().waitFor();

  it('asks for the login, says that a wrong one is wrong, and shows nothing before the right one', async () => {
    for (const opened of [pupil, teacher]) {
      await logIn(opened, 'Zwölf Boxkämpfer');
      await opened.page.getByText('Wrong name or password.').waitFor();
      assert.equal(await opened.page.locator('.card').count(), 0);
      await logIn(opened, LOGIN.password);
      await card(opened.page, 'salon', 'online').waitFor();
    }
    await pupil.page.reload();
    await card(pupil.page, 'salon', 'online').waitFor();
  });

  it('shows address and QR code, to who is logged in', async () => {
    await go(pupil.page, 'class');
    await pupil.page.locator('.address-text', { hasText: /^http:\/\/[\d.]+:\d+$/ }).waitFor();
    const isDrawn = (image: HTMLImageElement) => image.decode().then(() => image.naturalWidth > 0);
    assert.ok(await pupil.page.locator('img.qr').evaluate(isDrawn));
  });

  it('lets who is logged in publish a room of its own from the page', async () => {
    await go(pupil.page, 'mqtt');
    await pupil.page.locator('nav.tabs').getByRole('link', { name: 'Sandbox' }).click();
    await publish(pupil.page, 'maison/grenier/temperature', '19.5');
    await publish(pupil.page, 'maison/grenier/status', 'offline');
    await go(pupil.page, 'rooms');
    await card(pupil.page, 'grenier', 'offline').locator('.card-temperature', { hasText: '19.5' }).waitFor();
  });

  it('asks for the key before commands, breaking things, forgetting rooms and locking', async () => {
    const { page } = pupil;
    const witness = await (await Listener.connect(served.mqttUrl, LOGIN)).subscribe('maison/salon/#');
    assert.equal(await card(page, 'grenier').getByRole('button', { name: 'Forget this room' }).count(), 0);
    await go(page, 'mqtt');
    await page.locator('nav.tabs').getByRole('link', { name: 'Sandbox' }).click();
    await publish(page, 'maison/salon/command/identify', '{"seconds":1}');
    await toast(page, 'This needs the teacher’s key.');
    await go(page, 'break');
    await page.getByText('Breaking things needs the teacher’s key').waitFor();
    assert.equal(await page.getByRole('switch').count(), 0);
    await go(page, 'class');
    await page.getByText('locking need the key').waitFor();
    assert.equal(await page.getByRole('switch').count(), 0);
    // A reading of the room itself comes after whatever the page had published.
    const before = witness.heard.length;
    await witness.until(() => witness.heard.length > before, 'another message of the room');
    assert.deepEqual(
      witness.heard.filter(({ topic }) => topic.includes('command')),
      [],
    );
    await witness.leave();
  });

  it('takes no wrong key, and asks again', async () => {
    const { page } = teacher;
    await go(page, 'break');
    await giveKey(page, 'aaaaaaaa');
    await page.locator('[data-break="salon"]').getByRole('switch', { name: 'Wi-Fi' }).click();
    await toast(page, 'This needs the teacher’s key.');
    await page.getByLabel('Teacher’s key').waitFor();
  });

  it('lets its holder give commands, break things and forget rooms', async () => {
    const { page } = teacher;
    await giveKey(page, key);
    const wifi = page.locator('[data-break="salon"]').getByRole('switch', { name: 'Wi-Fi' });
    await wifi.click();
    await page.locator('[data-break="salon"]').getByText('Wi-Fi cut').waitFor();
    await wifi.click();
    await page.locator('[data-break="salon"]').getByText('online').waitFor();
    const witness = await (await Listener.connect(served.mqttUrl, LOGIN)).subscribe('maison/salon/#');
    await go(page, 'mqtt');
    await page.locator('nav.tabs').getByRole('link', { name: 'Sandbox' }).click();
    await publish(page, 'maison/salon/command/identify', '{"seconds":1}');
    await witness.until(() => witness.payloads('maison/salon/response').length > 0, 'the answer to the command');
    await witness.leave();
    await go(page, 'rooms');
    await card(page, 'grenier').getByRole('button', { name: 'Forget this room' }).click();
    for (const opened of [teacher, pupil]) {
      await go(opened.page, 'rooms');
      await card(opened.page, 'grenier').waitFor({ state: 'detached' });
    }
  });

  it('lets its holder lock publishing, and says so to everybody', async () => {
    const { page } = teacher;
    const stranger = await Listener.connect(served.mqttUrl, LOGIN);
    await go(page, 'class');
    await page.getByRole('switch', { name: 'open' }).click();
    await page.getByRole('switch', { name: 'locked' }).waitFor();
    await go(pupil.page, 'mqtt');
    await pupil.page.locator('nav.tabs').getByRole('link', { name: 'Sandbox' }).click();
    await pupil.page.getByText('The teacher has locked publishing.').waitFor();
    assert.ok(await pupil.page.getByRole('button', { name: 'Publish' }).isDisabled());
    await stranger.client.publishAsync('maison/cave/temperature', '1', { qos: 1 });
    await page.getByRole('switch', { name: 'locked' }).click();
    await page.getByRole('switch', { name: 'open' }).waitFor();
    await stranger.client.publishAsync('maison/grange/temperature', '2', { qos: 1 });
    await go(page, 'rooms');
    await card(page, 'grange', 'online').waitFor();
    assert.equal(await card(page, 'cave').count(), 0, 'what was published while it was locked is not there');
    await card(page, 'salon', 'online').waitFor();
    await stranger.leave();
  });

  it('complains of nothing', () => assert.deepEqual([...pupil.complaints, ...teacher.complaints], []));
});
