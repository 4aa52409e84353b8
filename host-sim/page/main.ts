// The page's own program, `npm run page`: shows and records the rooms of a broker elsewhere until it is told to end.

import { once } from 'node:events';
import { FIRMWARE_VERSION } from '../device.js';
import { PAGE_HELP, type PageProgramOptions, parsePageProgram } from '../options/page-program.js';
import { runProgram } from '../program.js';
import { UserError } from '../user-error.js';
import { languageOf } from '../view/words.js';
import { createClassAccess } from './class-access.js';
import { lanCardLines } from './lan.js';
import { Page } from './page.js';

async function main(): Promise<number> {
  const options = parsePageProgram(process.argv.slice(2), process.env);
  if (options === 'help') {
    process.stdout.write(PAGE_HELP);
    return 0;
  }
  await run(options);
  return 0;
}

async function run({ page: pageOptions, settings, credentials, isJson }: PageProgramOptions): Promise<void> {
  const { broker, user, password, prefix, template, interval } = settings;
  const login = user === '' ? undefined : { user, password };
  const topics = { prefix, template, maps: pageOptions.maps };
  const access = pageOptions.isLan ? createClassAccess(login, false, topics, () => false) : undefined;
  const language = languageOf(process.env);
  const ended = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  const page = await Page.start(pageOptions, {
    version: FIRMWARE_VERSION,
    prefix,
    template,
    intervalSeconds: interval,
    language,
    broker: { url: broker, shownUrl: broker, credentials, login },
    access,
    flow: undefined,
    controls: undefined,
  });
  const { address } = page;
  if (access && address) {
    const card = lanCardLines({ language, address, broker, user: login?.user, password: undefined, key: access.key });
    (isJson ? process.stderr : process.stdout).write(`${card.join('\n')}\n`);
  }
  process.stdout.write(
    isJson ? `${JSON.stringify({ event: 'ready', httpPort: page.port, broker })}\n` : `page http://127.0.0.1:${page.port}\n`,
  );
  try {
    await Promise.race([ended, page.refused]);
  } finally {
    await page.close();
  }
}

/** The options are those of the simulator, and so are their errors; what to type is not. */
async function sayItsName(): Promise<number> {
  try {
    return await main();
  } catch (error) {
    if (error instanceof UserError) error.message = error.message.replaceAll('npm start', 'npm run page');
    throw error;
  }
}

await runProgram(sayItsName);
