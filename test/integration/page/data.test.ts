// Data to take home from the page: CSV with both decimal marks and JSON, of chosen rooms and a period, as the browser saves them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, it } from 'mocha';
import type { Page } from 'playwright-core';
import type { ExportRow } from '../../../host-sim/page/api.js';
import { describeInChromium } from '../support/chromium.js';
import { type Opened, open } from '../support/page.js';
import { PageHouse } from '../support/page-house.js';

/** Seconds before now at which the readings of each room were measured. */
const LONG_AGO = 3 * 3600;
const RECENT = 60;

describeInChromium('page: data', () => {
  let house: PageHouse;
  let opened: Opened;
  let page: Page;

  before(async () => {
    house = await PageHouse.start();
    for (const [index, room] of ['salon', 'cuisine'].entries()) {
      const readings = [
        [0, LONG_AGO],
        [5, RECENT],
      ] as const;
      await house.publishReadings(room, readings, 1, `00000000000${index}`);
    }
    opened = await open(house.url, 'data');
    page = opened.page;
    await page.getByText('4 recorded').waitFor();
  });
  after(async () => {
    await opened?.close();
    await house?.close();
  });

  async function save(button: string): Promise<{ name: string; text: string }> {
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: button }).click();
    const file = await download;
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  }

  /** Rows of a CSV file without its head, as `room temperature humidity`. */
  async function savedCsv(mark: string): Promise<string[]> {
    const { name, text } = await save('CSV for a spreadsheet');
    assert.match(name, /\.csv$/);
    const [head, ...rows] = text.trimEnd().split('\r\n');
    assert.match(head as string, /^\ufeffroom[,;]localTime[,;]temperature[,;]humidity/);
    return rows.map((row) => row.split(mark)).map(([room, , temperature, humidity]) => `${room} ${temperature} ${humidity}`);
  }

  const savedJson = async () => JSON.parse((await save('JSON')).text) as ExportRow[];
  const told = (rows: readonly ExportRow[]) => rows.map(({ room, temperature }) => `${room} ${temperature}`);
  const choose = (name: string) => page.getByRole('radio', { name }).check();

  it('saves the last hour of all rooms, with a decimal point for who reads English', async () => {
    assert.deepEqual((await savedCsv(',')).toSorted(), ['cuisine 20.5 45.2', 'salon 20.5 45.2']);
  });

  it('saves everything, with a decimal comma and semicolons', async () => {
    await choose('Everything');
    await choose('21,5 (French)');
    assert.deepEqual((await savedCsv(';')).toSorted(), [
      'cuisine 20 45,2',
      'cuisine 20,5 45,2',
      'salon 20 45,2',
      'salon 20,5 45,2',
    ]);
  });

  it('saves one room alone, also as JSON', async () => {
    await page.getByRole('button', { name: 'salon' }).click();
    assert.deepEqual(await savedCsv(';'), ['salon 20 45,2', 'salon 20,5 45,2']);
    const rows = await savedJson();
    assert.deepEqual(told(rows), ['salon 20', 'salon 20.5']);
    assert.match(rows[0]?.time ?? '', /^\d{4}-\d\d-\d\dT/);
  });

  it('saves a period from one time to another, and none that ends before it begins', async () => {
    await choose('From … to');
    await page.getByLabel('From', { exact: true }).fill(localTime(LONG_AGO + 600));
    await page.getByLabel('To', { exact: true }).fill(localTime(LONG_AGO - 600));
    assert.deepEqual(told(await savedJson()), ['salon 20']);
    await page.getByLabel('To', { exact: true }).fill(localTime(LONG_AGO + 1200));
    await page.getByText('The end is before the beginning.').waitFor();
    assert.equal(await page.getByRole('link', { name: 'JSON' }).count(), 0);
  });

  it('takes the decimal comma by itself where the page is French', async () => {
    const french = await open(house.url, 'data', { locale: 'fr-FR' });
    await french.page.getByRole('radio', { name: '21,5 (français)', checked: true }).waitFor();
    await french.close();
  });

  it('complains of nothing', () => assert.deepEqual(opened.complaints, []));
});

/** As the field writes it: local time, to the minute. */
function localTime(secondsAgo: number): string {
  const time = new Date(Date.now() - secondsAgo * 1000);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
