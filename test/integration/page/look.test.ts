// How the page looks: large enough for the last row of a classroom, no overlap on a phone, usable with keys and without eyes.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, it } from 'mocha';
import type { Page } from 'playwright-core';
import { describeInChromium } from '../support/chromium.js';
import { card, open, type Served, serve } from '../support/page.js';
import { TemporaryHome } from '../support/simulator.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** All views, one after the other, each looked at by axe on a busy machine. */
const ALL_VIEWS_LIMIT_MS = 180_000;

const VIEWS = ['rooms', 'chart', 'mqtt/flow', 'mqtt/tree', 'mqtt/sandbox', 'break', 'data', 'class'];

const ROOMS = ['salon', 'une-pièce-au-nom-vraiment-très-long-pour-une-carte', 'chambre', 'bureau'];

interface AxeFinding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

describeInChromium('page: look', () => {
  const home = new TemporaryHome();
  let served: Served;

  before(async () => {
    served = await serve(home, ['--rooms', ROOMS.join(','), '--interval', '2']);
  });
  after(() => home.remove());

  /** Opens each view in turn, when it has something to show. */
  async function eachView(page: Page, look: (view: string) => Promise<void>): Promise<void> {
    await card(page, 'salon', 'online').waitFor();
    for (const view of VIEWS) {
      await page.goto(`${served.url}/#/${view}`);
      await page.locator('main > .view, main > form').first().waitFor();
      await look(view);
    }
  }

  it('has room, value and state at 28 px or more on a projector of 1024 × 768', async () => {
    const { page, close } = await open(served.url, 'rooms', { viewport: { width: 1024, height: 768 } });
    await card(page, 'salon', 'online').waitFor();
    for (const part of ['.card-name', '.card-temperature', '.card-humidity', '.state', '.house-title', '.house-temperature']) {
      const sizes = await page
        .locator(part)
        .evaluateAll((elements) => elements.map((element) => Number.parseFloat(getComputedStyle(element).fontSize)));
      assert.ok(sizes.length > 0 && sizes.every((size) => size >= 28), `${part}: ${sizes}`);
    }
    await close();
  });

  for (const width of [360, 1024]) {
    it(`fits a width of ${width} px: nothing sticks out and nothing lies on something else`, async () => {
      const { page, close } = await open(served.url, 'rooms', { viewport: { width, height: 740 } });
      await eachView(page, async (view) => {
        const { overflow, overlaps } = await page.evaluate(measureLayout);
        assert.ok(overflow <= 0, `${view}: ${overflow} px too wide`);
        assert.deepEqual(overlaps, [], view);
      });
      await close();
    }).timeout(ALL_VIEWS_LIMIT_MS);
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no serious finding of axe in ${colorScheme} colours`, async () => {
      const { page, close } = await open(served.url, 'rooms', { colorScheme, bypassCSP: true, reducedMotion: 'reduce' });
      await eachView(page, async (view) => {
        await page.evaluate(AXE);
        const findings = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as AxeFinding[];
        const serious = findings.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        assert.deepEqual(
          serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
          [],
          view,
        );
      });
      await close();
    }).timeout(ALL_VIEWS_LIMIT_MS);
  }

  it('is used with keys alone', async () => {
    const { page, close } = await open(served.url);
    await card(page, 'salon', 'online').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main', 'the first key leads to the content');
    await page.locator('nav.ways a', { hasText: 'Chart' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.plots').focus();
    await page.keyboard.press('+');
    await page.getByRole('button', { name: 'Back to now' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Back to now' }).waitFor({ state: 'detached' });
    await close();
  });

  it('moves nothing for who asked for less motion', async () => {
    const { page, close } = await open(served.url, 'rooms', { reducedMotion: 'reduce' });
    await card(page, 'salon', 'online').waitFor();
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => Number.parseFloat(getComputedStyle(element).transitionDuration) > 0)
          .length,
    );
    assert.equal(moving, 0);
    await close();
  });
});

/** Runs in the page: how many pixels it is too wide, and which neighbours lie on each other. */
function measureLayout(): { overflow: number; overlaps: string[] } {
  const overlaps: string[] = [];
  const groups = '.head, .ways, .card, .card-values, .card-state, .figures, .toolbar, .house, .panel, .view, .legend, .cards';
  for (const group of document.querySelectorAll(groups)) {
    const boxes = [...group.children]
      .filter((child) => !['absolute', 'fixed', 'sticky'].includes(getComputedStyle(child).position))
      .map((child) => ({ name: `${group.className} > ${child.className || child.tagName}`, box: child.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && box.height > 0);
    boxes.forEach((one, index) => {
      for (const other of boxes.slice(index + 1)) {
        const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (width > 1 && height > 1) overlaps.push(`${one.name} and ${other.name}`);
      }
    });
  }
  return { overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth, overlaps };
}
