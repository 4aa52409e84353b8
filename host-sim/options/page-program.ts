// The command line of the page's own program: a broker elsewhere, and the page.

import { parseArgs } from 'node:util';
import { parseSettings, SettingError, type Settings } from '../../firmware/station/settings.js';
import type { PageOptions } from '../page/page.js';
import { usualDirectory } from '../page/record/data-directory.js';
import type { Credentials } from '../ports/node-tls.js';
import { ELSEWHERE_OPTIONS, PAGE_OPTIONS, splitArguments, usage } from './arguments.js';
import { parseBrokerElsewhere } from './broker.js';
import { parseLogin } from './login.js';
import { parsePageOptions } from './page.js';

const PROGRAM = 'npm run page';

export const PAGE_HELP = `station-meteo page: shows and records the rooms of a broker, for a class with boards of its own.

  npm run page -- --broker mqtt://192.168.1.10
  npm run page -- --broker mqtt://192.168.1.10 --user classe --password-file FILE --lan

Broker
  --broker URL          mqtt://host, mqtts://host, ws://host or wss://host, with :port and for ws and wss a /path
  --user NAME           login; or mqtts://NAME@host, or STATION_METEO_USER
  --password-file FILE  the first line is the password; or STATION_METEO_PASSWORD
  --ca FILE             mqtts and wss: trust this authority alone (PEM; default: those that Node.js trusts)
  --cert FILE           mqtts and wss: show this certificate (PEM)
  --key FILE            its private key (PEM)

Rooms
  --prefix P            first level or levels of every topic (default: maison)
  --template T          how topics are made (default: {prefix}/{room}/{quantity})
  --map TOPIC=ROOM      topics of another publisher that count as a room, for example
                        '/UPSSITECH/Weather_Station/{quantity}=upssitech'; may come several times
  --window S            a room's mean is over so many seconds (default: 60)
  --publish-means       publish the means on maison/<room>/mean and maison/mean

Page
  --http-port P         its port, 0 for any free one (default: 8080)
  --lan                 serve it to the network: prints address, QR code and a key, and asks for the broker's login
  --data DIR            keep the readings in this directory (default: one of yours for each broker)
  --json                say where the page is as a line of JSON
  --help                this text
`;

export interface PageProgramOptions {
  readonly page: PageOptions;
  /** Broker, login, prefix and template. */
  readonly settings: Settings;
  readonly credentials: Credentials;
  readonly isJson: boolean;
}

/** Reads the command line. Returns 'help' where that was asked for. Throws `UserError` for what is wrong. */
export function parsePageProgram(args: readonly string[], environment: NodeJS.ProcessEnv): PageProgramOptions | 'help' {
  const topics = { prefix: { type: 'string' }, template: { type: 'string' } } as const;
  const options = { ...ELSEWHERE_OPTIONS, ...PAGE_OPTIONS, ...topics };
  const given = splitArguments(PROGRAM, () => parseArgs({ args: [...args], options }));
  if (given.help) return 'help';
  const { brokerUrl, user, password } = parseLogin(given, environment);
  if (brokerUrl === undefined) throw usage('Option --broker is missing: which broker?', `${PROGRAM} -- --broker mqtt://ADDRESS`);
  const { prefix, template } = given;
  return {
    page: parsePageOptions(given, given.data ?? usualDirectory(brokerUrl)),
    settings: checkSettings({ broker: brokerUrl, user, password, ...(prefix && { prefix }), ...(template && { template }) }),
    credentials: parseBrokerElsewhere(given, brokerUrl),
    isJson: given.json === true,
  };
}

function checkSettings(input: Readonly<Record<string, string>>): Settings {
  try {
    return parseSettings(input);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw usage(`${error.message.replace(/^setting /, 'Option --')}.`, `${PROGRAM} -- --help`);
  }
}
