// What to tell the user about a broker elsewhere that cannot be used.

import { ConnectReturnCode } from '../firmware/mqtt/protocol.js';
import type { LinkFailure } from '../firmware/station/station.js';
import { UserError } from './user-error.js';

/** @param returnCode the CONNACK's, where `failure` is `connection-refused` */
export function describeRefusal(url: string, failure: LinkFailure, returnCode: number): UserError {
  if (failure === 'name-not-found')
    return new UserError(`The host of ${url} is not known on this network.`, 'npm start -- --broker mqtt://ADDRESS');
  if (failure !== 'connection-refused') {
    return new UserError(`No MQTT broker answers at ${url} (${failure}).`, 'npm start (which brings a broker of its own)');
  }
  if (returnCode === ConnectReturnCode.badUserNameOrPassword || returnCode === ConnectReturnCode.notAuthorized) {
    return new UserError(
      `The broker at ${url} refuses this login.`,
      `npm start -- --broker ${url} --user NAME --password-file FILE`,
    );
  }
  // MQTT 3.1.1 §3.2.2.3
  const reasons: Record<number, string> = {
    [ConnectReturnCode.unacceptableProtocolVersion]: 'it does not speak MQTT 3.1.1',
    [ConnectReturnCode.identifierRejected]: "it does not accept the station's client id",
    [ConnectReturnCode.serverUnavailable]: 'it is not available',
  };
  return new UserError(`The broker at ${url} refuses: ${reasons[returnCode]}.`, 'npm start (which brings a broker of its own)');
}
