// The options of the broker: those of the one inside, and those of one elsewhere.

import { parseBroker } from '../../firmware/station/broker-url.js';
import type { BrokerOptions, BrokerTls } from '../broker.js';
import { isPair, problemOfCertificate, problemOfKey } from '../certificates/pem.js';
import type { Credentials } from '../ports/node-tls.js';
import { readOption } from '../read-option.js';
import { type Given, parseWhole, usage } from './arguments.js';
import type { GivenLogin } from './login.js';

const INSIDE_ONLY = ['mqtt-port', 'ws-port', 'tls', 'tls-port', 'wss-port', 'client-certs'] as const;
const ELSEWHERE_ONLY = ['ca', 'cert', 'key'] as const;
const TLS_ONLY = ['tls-port', 'wss-port', 'client-certs'] as const;

/** The broker inside. Throws `UserError` for what is not allowed, or goes with a broker elsewhere. */
export function parseBrokerInside(given: Given, { user, password }: GivenLogin): BrokerOptions {
  if (given.clock) throw usage('Option --clock goes with --broker: the broker inside has a clock anyway.', 'npm start');
  for (const name of ELSEWHERE_ONLY) {
    if (given[name] === undefined) continue;
    throw usage(`Option --${name} goes with --broker: the broker inside takes --tls.`, 'npm start -- --tls DIR');
  }
  if ((user === '') !== (password === '')) {
    const missing = user === '' ? '--user or STATION_METEO_USER' : '--password-file or STATION_METEO_PASSWORD';
    throw usage(
      `The broker inside asks for user and password: ${missing} is missing.`,
      'npm start -- --user NAME --password-file FILE',
    );
  }
  const tls = parseTls(given);
  return {
    mqttPort: parsePort('mqtt-port', given) ?? 1883,
    wsPort: parsePort('ws-port', given) ?? 9001,
    ...(user !== '' && { login: { user, password } }),
    ...(tls && { tls }),
  };
}

function parseTls(given: Given): BrokerTls | undefined {
  const directory = given.tls;
  if (directory === undefined) {
    const name = TLS_ONLY.find((each) => given[each] !== undefined);
    if (name) throw usage(`Option --${name} goes with --tls.`, 'npm start -- --tls DIR');
    return undefined;
  }
  return {
    directory,
    port: parsePort('tls-port', given) ?? 8883,
    wsPort: parsePort('wss-port', given) ?? 8884,
    wantsClientCertificates: given['client-certs'] === true,
  };
}

function parsePort(name: 'mqtt-port' | 'ws-port' | 'tls-port' | 'wss-port', given: Given): number | undefined {
  return parseWhole(`--${name}`, given[name], 0, 65_535);
}

/** What a broker elsewhere is checked against and shown. Throws `UserError` for what is not allowed, or goes with the broker inside. */
export function parseBrokerElsewhere(given: Given, brokerUrl: string): Credentials {
  for (const name of INSIDE_ONLY) {
    if (given[name] === undefined) continue;
    const value = given[name] === true ? '' : ` ${given[name]}`;
    throw usage(`Option --${name} is for the broker inside, and --broker names another.`, `npm start -- --${name}${value}`);
  }
  refuseWithoutTls(given, brokerUrl);
  const { ca, cert, key } = given;
  if ((cert === undefined) !== (key === undefined)) {
    throw usage('Options --cert and --key go together.', `npm start -- --broker ${brokerUrl} --cert FILE --key FILE`);
  }
  const read = (option: string, file: string, problemOf: (pem: string) => string | undefined) =>
    readOption(option, file, `npm start -- --broker ${brokerUrl} ${option} FILE`, problemOf);
  const credentials = {
    ...(ca !== undefined && { ca: read('--ca', ca, problemOfCertificate) }),
    ...(cert !== undefined && { certificate: read('--cert', cert, problemOfCertificate) }),
    ...(key !== undefined && { key: read('--key', key, problemOfKey) }),
  };
  const { certificate, key: keyPem } = credentials;
  if (certificate !== undefined && keyPem !== undefined && !isPair({ certificate, key: keyPem })) {
    throw usage(
      `Options --cert and --key: ${JSON.stringify(key)} is not the key of ${JSON.stringify(cert)}.`,
      `npm start -- --broker ${brokerUrl} --cert FILE --key FILE`,
    );
  }
  return credentials;
}

function refuseWithoutTls(given: Given, brokerUrl: string): void {
  const url = parseBroker(brokerUrl);
  // A URL that is none is refused as a setting.
  if (!url || url.scheme === 'mqtts' || url.scheme === 'wss') return;
  for (const name of ELSEWHERE_ONLY) {
    if (given[name] === undefined) continue;
    const secure = brokerUrl.replace(/^(mqtt|ws):/, '$1s:');
    throw usage(
      `Option --${name} is for TLS, and ${brokerUrl} is without.`,
      `npm start -- --broker ${secure} --${name} ${given[name]}`,
    );
  }
}
