// A hundred publishers, one message a second each, for a minute: the page stays smooth.

import assert from 'node:assert/strict';
import { after, before, it } from 'mocha';
import mqtt, { type MqttClient } from 'mqtt';
import { describeInChromium } from '../support/chromium.js';
import { type Opened, open, type Served, serve } from '../support/page.js';
import { TemporaryHome } from '../support/simulator.js';

const EMITTERS = 100;
const INTERVAL_MS = 1_000;
const MINUTE_MS = 60_000;

/** What the page may take in one go, and in all beyond 50 ms, where a task begins to be felt. */
const LONGEST_TASK_MS = 100;
const FELT_MS = 50;
const FELT_SUM_MS = 1_000;

describeInChromium('page: load', () => {
  const home = new TemporaryHome();
  const emitters: MqttClient[] = [];
  let served: Served;
  let opened: Opened;

  before(async () => {
    served = await serve(home, ['--rooms', '1', '--interval', '2']);
    for (let number = 0; number < EMITTERS; number++) {
      emitters.push(await mqtt.connectAsync(served.mqttUrl, { protocolVersion: 4, reconnectPeriod: 0 }));
    }
    opened = await open(served.url);
  });
  after(async () => {
    await Promise.all(emitters.map((emitter) => emitter.endAsync(true)));
    await opened?.close();
    await home.remove();
  });

  it(`${EMITTERS} emitters at 1 s for 60 s: no task over ${LONGEST_TASK_MS} ms, less than ${FELT_SUM_MS} ms above ${FELT_MS} ms in sum`, async () => {
    const { page } = opened;
    const timers = emitters.map((emitter, index) => {
      const publish = () => emitter.publish(`maison/salle-${index}/temperature`, (20 + Math.random()).toFixed(1), { qos: 1 });
      publish();
      return setInterval(publish, INTERVAL_MS);
    });
    try {
      await page.locator(`.card[data-room="salle-${EMITTERS - 1}"][data-state="online"]`).waitFor();
      const tasks = await page.evaluate(watchLongTasks, MINUTE_MS);
      const felt = tasks.reduce((sum, duration) => sum + Math.max(0, duration - FELT_MS), 0);
      const longest = Math.max(0, ...tasks);
      assert.equal(await page.locator('.card[data-state="online"]').count(), EMITTERS + 1, 'all rooms are there and fresh');
      assert.ok(
        longest <= LONGEST_TASK_MS && felt < FELT_SUM_MS,
        `longest ${longest} ms, ${felt} ms felt in ${tasks.length} long tasks`,
      );
    } finally {
      for (const timer of timers) clearInterval(timer);
    }
    assert.deepEqual(opened.complaints, []);
  }).timeout(2 * MINUTE_MS);
});

/** Runs in the page: how long each task took that took longer than 50 ms (Long Tasks API), for `durationMs`. */
function watchLongTasks(durationMs: number): Promise<number[]> {
  return new Promise((resolve) => {
    const durations: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) durations.push(duration);
    });
    observer.observe({ type: 'longtask' });
    setTimeout(() => {
      observer.disconnect();
      resolve(durations);
    }, durationMs);
  });
}
