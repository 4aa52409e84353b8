// `npm run certificates -- DIR`: makes what TLS needs, for the broker inside or for Mosquitto, and says what to do with it.

import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runProgram } from '../program.js';
import { EXIT_USAGE, UserError } from '../user-error.js';
import { createCertificates } from './directory.js';

const HELP = `Makes an authority (CA), a certificate for a broker, and one for its clients.

  npm run certificates -- DIR                      for localhost and the names and addresses of this computer
  npm run certificates -- DIR --host broker.local  for this name too; may be repeated

  --host NAME|IP   one more name or address by which clients reach the broker
  --days N         how long they are valid, from 1 to 3650 (default: 730)
  --help           this text

Nothing is overwritten. Private keys (*.key) can be read by you alone: keep them so, and out of git.
`;

const DAYS_DEFAULT = 730;
const DAYS_MAXIMUM = 3650;
const DAY_MS = 86_400_000;

/** Valid since yesterday: the clocks of a class differ. */
const EARLIER_MS = DAY_MS;

/** The first names the certificate. */
const OWN_NAMES = ['localhost', '127.0.0.1'];

const COMMAND = 'npm run certificates -- DIR';

async function main(): Promise<number> {
  const { values, positionals } = parse(process.argv.slice(2));
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [directory, ...rest] = positionals;
  if (directory === undefined || rest.length > 0) throw usage('Name one folder for the certificates.');
  const hosts = new Set([...OWN_NAMES, ...(values.host ?? []).map(checkHost), hostname(), ...ownAddresses()]);
  const nowMs = Date.now();
  const validity = { from: new Date(nowMs - EARLIER_MS), to: new Date(nowMs + parseDays(values.days) * DAY_MS) };
  createCertificates(directory, [...hosts], validity);
  process.stdout.write(describe(directory, [...hosts], validity.to));
  return 0;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { host: { type: 'string', multiple: true }, days: { type: 'string' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/\. |\n/);
    throw usage(`${sentence.replace(/\.$/, '')}.`);
  }
}

/** RFC 1123 names and IPv4 addresses, as in the setting `broker`. */
function checkHost(host: string): string {
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/.test(host)) return host;
  throw usage(`Option --host: ${JSON.stringify(host)} is not allowed; allowed: a host name or an IPv4 address.`);
}

function parseDays(text = String(DAYS_DEFAULT)): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= DAYS_MAXIMUM) return days;
  throw usage(`Option --days: ${JSON.stringify(text)} is not allowed; allowed: a whole number from 1 to ${DAYS_MAXIMUM}.`);
}

/** The IPv4 addresses by which others reach this computer. */
function ownAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address);
}

/** A path as a word of a command line. */
function quote(path: string): string {
  return /[^\w./\\:~-]/.test(path) ? `"${path}"` : path;
}

function describe(directory: string, hosts: readonly string[], to: Date): string {
  const file = (name: string) => quote(join(directory, name));
  const publish = `mosquitto_pub -h localhost -p 8883 --cafile ${file('ca.crt')} -t maison/test -m hello`;
  return `Made in ${directory}, valid until ${to.toISOString().slice(0, 10)}:
  ca.crt                  the authority: clients trust what it has signed; give it to everybody
  ca.key                  its private key: who has it can pass for any broker; give it to nobody
  server.crt, server.key  the broker, reached as ${hosts.join(', ')}
  client.crt, client.key  a client, where the broker asks for one

What to do with them:
  npm start -- --tls ${quote(directory)}                  a broker with TLS on port 8883, and rooms that use it
  npm start -- --tls ${quote(directory)} --client-certs   the same, and only for clients with a certificate
  ${publish}
  ${publish} --cert ${file('client.crt')} --key ${file('client.key')}
`;
}

function usage(problem: string): UserError {
  return new UserError(problem, COMMAND, EXIT_USAGE);
}

await runProgram(main);
