// `npm run configure`: gives a board its settings over USB, or shows those that it has.

import { isSecret, SETTING_NAMES, type SettingName } from '../../firmware/station/settings.js';
import { UserError } from '../user-error.js';
import { parseOptions, usage } from './command-line.js';
import { choosePort } from './port.js';
import { type GivenSettings, parseSettingsFile } from './settings-file.js';
import { type StationAnswer, StationLine } from './station-line.js';

const COMMAND = 'npm run configure --';

/** A board that is starting says who it is after two seconds at most; asked again, because it may have missed the question. */
const HELLO_LIMIT_MS = 2_000;
const HELLO_TRIES = 4;

/** Settings are written to flash while no sensor is read. */
const ANSWER_LIMIT_MS = 5_000;

/** A restart waits up to two seconds for what is buffered. */
const RESTART_LIMIT_MS = 15_000;

const OPEN_SETTINGS = SETTING_NAMES.filter((name) => !isSecret(name));
const SECRETS = SETTING_NAMES.filter((name) => isSecret(name));

export const HELP = `Gives a board its settings over USB, and restarts it. With nothing to set it shows the settings that the board has.

  ${COMMAND} --port PORT --settings my-room.json
  ${COMMAND} --port PORT --room bureau
  ${COMMAND} --port PORT

  --port PORT      such as COM3, /dev/ttyUSB0 or /dev/cu.usbserial-0001 (default: the only USB serial port)
  --settings FILE  settings by name, a JSON object; null takes a setting back to what is built in
  --help           this text

Each setting is an option too: ${OPEN_SETTINGS.map((name) => `--${name}`).join(' ')}.
But for ${SECRETS.join(', ')}: these go into the file, because every program on a computer can read a command line.
`;

/** Resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, optionsOf(), COMMAND);
  const settings = collectSettings(values);
  const port = await choosePort(values['port'], COMMAND);
  const line = await StationLine.open(port, `${COMMAND} --port PORT`);
  try {
    say(await greet(line, port));
    if (Object.keys(settings).length === 0) await show(line);
    else await change(line, settings);
  } finally {
    await line.close();
  }
  return 0;
}

type Values = Readonly<Record<string, string | undefined>>;

function optionsOf() {
  const options: Record<string, { type: 'string' }> = { port: { type: 'string' }, settings: { type: 'string' } };
  for (const name of SETTING_NAMES) options[name] = { type: 'string' };
  return options;
}

/** The board knows its other settings, and so judges them all. */
function collectSettings(values: Values): GivenSettings {
  const again = `${COMMAND} --settings FILE`;
  const secret = SECRETS.find((name) => values[name] !== undefined);
  if (secret !== undefined)
    throw usage(`Option --${secret}: a password does not belong on a command line, which every program here can read.`, again);
  const file = values['settings'];
  const settings: Record<string, unknown> = file === undefined ? {} : { ...parseSettingsFile(file, again) };
  for (const name of OPEN_SETTINGS) if (values[name] !== undefined) settings[name as SettingName] = values[name];
  return settings;
}

async function greet(line: StationLine, port: string): Promise<StationAnswer> {
  for (let tries = 0; tries < HELLO_TRIES; tries++) {
    const answer = await line.ask({ get: 'info' }, 'info', HELLO_LIMIT_MS);
    if (answer?.['info']) return answer;
  }
  throw new UserError(`No station answers at ${port}. Is this firmware on the board?`, `npm run flash -- BOARD --port ${port}`);
}

async function show(line: StationLine): Promise<void> {
  const answer = await expectAnswer(line, { get: 'settings' }, 'settings');
  for (const [name, value] of Object.entries(Object(answer['settings']))) {
    const words = isSecret(name as SettingName) ? (value ? '(set)' : '(not set)') : JSON.stringify(value);
    process.stdout.write(`  ${name.padEnd(18)} ${words}\n`);
  }
}

async function change(line: StationLine, settings: GivenSettings): Promise<void> {
  await expectAnswer(line, { set: settings }, 'ok');
  process.stdout.write(`Stored: ${Object.keys(settings).join(', ')}. The board restarts.\n`);
  await expectAnswer(line, { restart: true }, 'ok');
  const answer = await line.ask(undefined, 'info', RESTART_LIMIT_MS);
  if (!answer?.['info'])
    throw new UserError('The board has not come back yet. Its LED says how it fares.', `${COMMAND} --port PORT`);
  say(answer);
}

async function expectAnswer(line: StationLine, request: object, kind: string): Promise<StationAnswer> {
  const answer = await line.ask(request, kind, ANSWER_LIMIT_MS);
  if (answer === undefined) throw new UserError('The station stopped answering.', `${COMMAND} --port PORT`);
  if ('error' in answer)
    throw new UserError(`The station refuses: ${String(answer['error'])}. Nothing was changed.`, `${COMMAND} --help`);
  return answer;
}

function say({ info }: StationAnswer): void {
  const { station, board, firmware, room, network, broker } = Object(info) as Record<string, unknown>;
  process.stdout.write(
    `Station ${station} (${board}, firmware ${firmware}), room ${room}: network ${network}, broker ${broker}.\n`,
  );
}
