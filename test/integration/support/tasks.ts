// What a page costs its main thread, task by task, from Chromium's own trace.

import type { CDPSession, Page } from 'playwright-core';

/** One event of a trace (Trace Event Format), as far as it is read here. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds on the processor. */
  readonly tdur?: number;
}

const TASK = 'ThreadControllerImpl::RunTask';

/** Tells the page's thread from the browser's own. */
const MARK = 'the page that is measured';

export class TaskTrace {
  readonly #page: Page;
  readonly #session: CDPSession;
  readonly #events: TraceEvent[] = [];

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
    session.on('Tracing.dataCollected', ({ value }) => this.#events.push(...(value as unknown as TraceEvent[])));
  }

  static async start(page: Page): Promise<TaskTrace> {
    const session = await page.context().newCDPSession(page);
    const traceConfig = { includedCategories: ['toplevel', 'blink.user_timing'] };
    await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig });
    return new TaskTrace(page, session);
  }

  /**
   * How long each task kept the processor, in milliseconds. That is what the page costs; how long it took by the clock says also what
   * other programs took meanwhile.
   */
  async stop(): Promise<number[]> {
    await this.#page.evaluate((mark) => performance.mark(mark), MARK);
    const complete = new Promise((resolve) => this.#session.once('Tracing.tracingComplete', resolve));
    await this.#session.send('Tracing.end');
    await complete;
    const mark = this.#events.find(({ name }) => name === MARK);
    return this.#events
      .filter(({ name, pid, tid }) => name === TASK && pid === mark?.pid && tid === mark.tid)
      .map(({ tdur = 0 }) => tdur / 1000);
  }
}
