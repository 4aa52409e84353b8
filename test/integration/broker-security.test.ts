// The embedded broker with a login, with TLS, and with client certificates: who is let in, and who is not.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'mocha';
import type { IClientOptions } from 'mqtt';
import { type BrokerOptions, EmbeddedBroker } from '../../host-sim/broker.js';
import { readCertificates } from '../../host-sim/certificates/directory.js';
import { UserError } from '../../host-sim/user-error.js';
import { TemporaryFolder, TestAuthority } from './support/certificates.js';
import { Listener } from './support/listener.js';

describe('embedded broker: security', () => {
  const folder = new TemporaryFolder().fillWithCertificates();
  const { ca, client } = readCertificates(folder.path);
  const identity = { ca, cert: client.certificate, key: client.key };
  let broker: EmbeddedBroker;

  const start = async (options: Partial<BrokerOptions>) => {
    broker = await EmbeddedBroker.start({ mqttPort: 0, wsPort: 0, ...options });
    const { mqttPort, wsPort, mqttsPort, wssPort } = broker.ports;
    const plain = [`mqtt://127.0.0.1:${mqttPort}`, `ws://127.0.0.1:${wsPort}`];
    return { plain, secure: [`mqtts://localhost:${mqttsPort}`, `wss://localhost:${wssPort}`], all: { mqttsPort, wssPort } };
  };
  const tls = (wantsClientCertificates = false) => ({ directory: folder.path, port: 0, wsPort: 0, wantsClientCertificates });

  /** Everything works for who was let in. */
  const letsIn = async (url: string, options: IClientOptions = {}) => {
    const listener = await (await Listener.connect(url, options)).subscribe('maison/#');
    await listener.client.publishAsync('maison/salon/temperature', '21.4', { qos: 1 });
    await listener.until(() => listener.heard.length === 1, 'its own message');
    await listener.leave();
  };
  const refuses = (url: string, options: IClientOptions, reason: RegExp) => assert.rejects(Listener.connect(url, options), reason);

  after(() => folder.remove());
  afterEach(() => broker?.close());

  it('asks everybody for the login', async () => {
    const login = { user: 'classe', password: 'été 2026' };
    const { plain, secure } = await start({ login, tls: tls() });
    const { user: username, password } = login;
    for (const url of [...plain, ...secure]) {
      await letsIn(url, { ca, username, password });
      for (const wrong of [{}, { username }, { username, password: 'été 2025' }, { username: 'Classe', password }]) {
        await refuses(url, { ca, ...wrong }, /Bad username or password/);
      }
    }
  });

  it('has no port with TLS where nobody asked for it', async () => {
    const { all } = await start({});
    assert.deepEqual(all, { mqttsPort: null, wssPort: null });
  });

  it('serves MQTT and WebSocket with TLS, beside those without', async () => {
    const { plain, secure } = await start({ tls: tls() });
    for (const url of [...plain, ...secure]) await letsIn(url, { ca });
    for (const url of secure) {
      await letsIn(url.replace('localhost', '127.0.0.1'), { ca });
      await refuses(url, { ca: new TestAuthority('another CA').certificate }, /certificate/);
    }
    assert.equal(broker.url, `mqtts://127.0.0.1:${broker.ports.mqttsPort}`);
  });

  it('lets only those in who have a certificate of its authority, where it wants one', async () => {
    const { secure } = await start({ tls: tls(true) });
    const stranger = new TestAuthority('another CA').client();
    for (const url of secure) {
      await letsIn(url, identity);
      await refuses(url, { ca }, /certificate required/);
      // Node drops a stranger without an alert that would say why.
      await refuses(url, { ca, cert: stranger.certificate, key: stranger.key }, /closed|hang up/);
    }
  });

  it('gives its stations what they need', async () => {
    await start({ tls: tls(true) });
    assert.deepEqual(broker.credentials, { ca, ...client });
  });

  it('comes back with TLS on the same ports after a cut', async () => {
    const { secure } = await start({ tls: tls() });
    await broker.cut();
    for (const url of secure) await assert.rejects(Listener.connect(url, { ca }));
    await broker.restore();
    for (const url of secure) await letsIn(url, { ca });
  });

  it('says what is wrong with the folder', async () => {
    const incomplete = new TemporaryFolder().fillWithCertificates();
    rmSync(join(incomplete.path, 'server.key'));
    const mixed = new TemporaryFolder().fillWithCertificates();
    mixed.write('server.key', client.key);
    const rows = [
      [incomplete, /server\.key" cannot be read: there is no such file/],
      [mixed, /server\.crt and server\.key in .* do not belong together/],
    ] as const;
    for (const [{ path }, words] of rows) {
      const options = { mqttPort: 0, wsPort: 0, tls: { ...tls(), directory: path } };
      await assert.rejects(EmbeddedBroker.start(options), (error) => error instanceof UserError && words.test(error.message));
    }
    incomplete.remove();
    mixed.remove();
  });
});
