// The broker setting: schemes, default ports and paths, and what is no URL of a broker.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { StreamConstructor } from '../../../firmware/ports.js';
import { type BrokerUrl, parseBroker } from '../../../firmware/station/broker-url.js';
import { SettingError } from '../../../firmware/station/settings.js';
import { routeTo } from '../../../firmware/station/transport.js';

describe('broker URL', () => {
  const rows: readonly (readonly [url: string, parts: BrokerUrl])[] = [
    ['mqtt://host', { scheme: 'mqtt', host: 'host', port: 1883, path: '' }],
    ['mqtt://10.0.0.7:1/', { scheme: 'mqtt', host: '10.0.0.7', port: 1, path: '' }],
    ['mqtts://broker.local', { scheme: 'mqtts', host: 'broker.local', port: 8883, path: '' }],
    ['mqtts://host:443', { scheme: 'mqtts', host: 'host', port: 443, path: '' }],
    ['ws://host', { scheme: 'ws', host: 'host', port: 80, path: '/mqtt' }],
    ['ws://host:9001/', { scheme: 'ws', host: 'host', port: 9001, path: '/' }],
    ['wss://host', { scheme: 'wss', host: 'host', port: 443, path: '/mqtt' }],
    ['wss://host:65535/ws?room=1', { scheme: 'wss', host: 'host', port: 65_535, path: '/ws?room=1' }],
  ];
  for (const [url, parts] of rows) it(url, () => assert.deepEqual(parseBroker(url), parts));

  const refused: readonly (readonly [url: string, reason: string])[] = [
    ['', 'nothing'],
    ['localhost', 'no scheme'],
    ['http://host', 'another scheme'],
    ['MQTT://host', 'case counts'],
    ['toString://host', 'what every object has is no scheme'],
    ['mqtt://', 'no host'],
    ['mqtt://host:', 'no port'],
    ['mqtt://host:0', 'no port'],
    ['mqtts://host:65536', 'no port'],
    ['mqtt://host:1883:1', 'too much'],
    ['mqtt://-host', 'no host name'],
    ['mqtt://ho st', 'no host name'],
    ['mqtt://[::1]', 'IPv4 alone'],
    ['mqtt://user@host', 'a login'],
    ['wss://user:secret@host/', 'a login'],
    [`mqtt://${'x'.repeat(254)}`, '254 characters'],
    ['mqtt://host/path', 'MQTT over TCP has no path'],
    ['mqtts://host/mqtt', 'nor over TLS'],
    ['ws://host/a b', 'a space'],
    ['ws://host/a#b', 'a fragment'],
    ['ws://host/é', 'no ASCII'],
    ['ws://host/\r\nHost: other', 'a header'],
    [`ws://host/${'x'.repeat(128)}`, '129 bytes'],
  ];
  for (const [url, reason] of refused) {
    it(`${JSON.stringify(url.slice(0, 40))} is refused: ${reason}`, () => assert.equal(parseBroker(url), undefined));
  }
});

describe('the route to a broker', () => {
  const [tcp, tls, webSocket, secureWebSocket] = Array.from({ length: 4 }, () => class {} as unknown as StreamConstructor) as [
    StreamConstructor,
    StreamConstructor,
    StreamConstructor,
    StreamConstructor,
  ];

  it('takes the socket of the scheme', () => {
    const all = { tcp, tls, webSocket, secureWebSocket };
    assert.equal(routeTo('mqtt://host', all).io, tcp);
    assert.equal(routeTo('mqtts://host', all).io, tls);
    assert.equal(routeTo('ws://host', all).io, webSocket);
    assert.equal(routeTo('wss://host', all).io, secureWebSocket);
  });

  it('does not go back to plain where the machine lacks TLS, and says what it has', () => {
    const refusal = (broker: string) => (error: unknown) => {
      assert.ok(error instanceof SettingError);
      assert.equal(
        error.message,
        `setting broker: "${broker}" is not allowed; allowed: mqtt://, ws://, which is all that this machine can do`,
      );
      return true;
    };
    for (const broker of ['mqtts://host', 'wss://host']) {
      assert.throws(() => routeTo(broker, { tcp, webSocket }), refusal(broker));
    }
  });
});
