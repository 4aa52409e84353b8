// The options of the page.

import { isRoom, isTemplate } from '../../firmware/station/topics.js';
import type { TopicMap } from '../page/api.js';
import type { PageOptions } from '../page/page.js';
import { type Given, parseWhole, usage } from './arguments.js';

const USUAL_PORT = 8080;
const USUAL_WINDOW_SECONDS = 60;
const MAPS_MAXIMUM = 100;

/** What a command line may say of a page. */
type GivenPage = Pick<Given, 'http-port' | 'lan' | 'window' | 'publish-means' | 'map'>;

/**
 * Throws `UserError` for what is not allowed.
 * @param dataDirectory where readings are kept; `undefined`: in memory
 */
export function parsePageOptions(given: GivenPage, dataDirectory: string | undefined): PageOptions {
  return {
    httpPort: parseWhole('--http-port', given['http-port'], 0, 65_535) ?? USUAL_PORT,
    isLan: given.lan === true,
    dataDirectory,
    windowSeconds: parseWhole('--window', given.window, 1, 86_400) ?? USUAL_WINDOW_SECONDS,
    publishesMeans: given['publish-means'] === true,
    maps: parseMaps(given.map ?? []),
  };
}

function parseMaps(texts: readonly string[]): TopicMap[] {
  if (texts.length > MAPS_MAXIMUM) throw usage(`Option --map: at most ${MAPS_MAXIMUM} times.`, 'npm start -- --help');
  return texts.map((text) => {
    const [template = '', room = '', ...rest] = text.split('=');
    const isAllowed = rest.length === 0 && isTemplate(template) && !/\{(?:prefix|room)\}/.test(template) && isRoom(room);
    if (isAllowed) return { template, room };
    throw usage(
      `Option --map: ${JSON.stringify(text)} is not allowed; allowed: a topic that holds {quantity} once, =, and a room.`,
      "npm start -- --map '/UPSSITECH/Weather_Station/{quantity}=upssitech'",
    );
  });
}
