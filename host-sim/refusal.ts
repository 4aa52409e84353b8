// What to tell the user about a broker elsewhere that cannot be used: why, and what to type instead.

import { ConnectReturnCode, ReasonCode } from '../firmware/mqtt/reason.js';
import type { StreamFailure } from '../firmware/ports.js';
import type { LinkFailure } from '../firmware/station/station.js';
import { UserError } from './user-error.js';

const OWN_BROKER = 'npm start (which brings a broker of its own)';

/** For each failure of the transport what is wrong with "the broker at URL", and what follows the URL in the next command. */
const STREAM_REFUSALS: Readonly<Record<StreamFailure, readonly [problem: string, next: string]>> = {
  'certificate-expired': ['shows a certificate that has expired', '(when it has a new one)'],
  'certificate-not-yet-valid': ['shows a certificate that is not valid yet', '(when the clock of this computer is right)'],
  'certificate-wrong-host': ['shows a certificate that is for another host', '(with the host that it is for)'],
  'certificate-unknown-ca': [
    'shows a certificate of an authority that is not trusted here',
    "--ca FILE (the authority's own certificate)",
  ],
  'certificate-invalid': ['shows a certificate that is not valid', '(when it has another one)'],
  'client-certificate-required': ['asks for a certificate', '--cert FILE --key FILE'],
  'client-certificate-refused': [
    'does not accept this certificate',
    '--cert FILE --key FILE (a certificate of an authority that it trusts)',
  ],
  'tls-failed': ['does not speak TLS that this computer understands', '(with its port for TLS, often 8883)'],
  'websocket-refused': ['serves no MQTT over WebSocket there', '(with its port and path for WebSocket)'],
  'websocket-malformed': ['does not keep to the WebSocket protocol', '(with its port for WebSocket)'],
};

/** Codes of a CONNACK that say no to this login, as 3.1.1 and MQTT 5 write them. */
const LOGIN_REFUSALS: readonly number[] = [
  ConnectReturnCode.badUserNameOrPassword,
  ConnectReturnCode.notAuthorized,
  ReasonCode.badUserNameOrPassword,
  ReasonCode.notAuthorized,
];

/** The same for a version of MQTT. */
const VERSION_REFUSALS: readonly number[] = [ConnectReturnCode.unacceptableProtocolVersion, ReasonCode.unsupportedProtocolVersion];

/** MQTT 3.1.1 §3.2.2.3, MQTT 5 §3.2.2.2. */
const CONNECT_REFUSALS: Readonly<Record<number, string>> = {
  [ConnectReturnCode.identifierRejected]: "it does not accept the station's client id",
  [ReasonCode.clientIdentifierNotValid]: "it does not accept the station's client id",
  [ConnectReturnCode.serverUnavailable]: 'it is not available',
  [ReasonCode.serverUnavailable]: 'it is not available',
};

/** Why the broker at `url` cannot be used; `reasonCode` is that of its CONNACK, where it sent one. */
export function describeRefusal(url: string, failure: LinkFailure, reasonCode: number): UserError {
  if (failure in STREAM_REFUSALS) {
    const [problem, next] = STREAM_REFUSALS[failure as StreamFailure];
    return new UserError(`The broker at ${url} ${problem} (${failure}).`, `npm start -- --broker ${url} ${next}`);
  }
  if (failure === 'name-not-found')
    return new UserError(`The host of ${url} is not known on this network.`, 'npm start -- --broker mqtt://ADDRESS');
  if (failure !== 'connection-refused') return new UserError(`No MQTT broker answers at ${url} (${failure}).`, OWN_BROKER);
  if (LOGIN_REFUSALS.includes(reasonCode)) {
    return new UserError(
      `The broker at ${url} refuses this login.`,
      `npm start -- --broker ${url} --user NAME --password-file FILE`,
    );
  }
  if (VERSION_REFUSALS.includes(reasonCode)) {
    return new UserError(`The broker at ${url} does not speak this version of MQTT.`, `npm start -- --broker ${url} --mqtt auto`);
  }
  return new UserError(`The broker at ${url} refuses: ${CONNECT_REFUSALS[reasonCode] ?? `reason code ${reasonCode}`}.`, OWN_BROKER);
}
