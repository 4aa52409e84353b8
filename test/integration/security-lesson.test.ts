// The lesson on security as a class runs it, without another program: certificates, the broker inside with them, and a second simulator
// that has to prove itself.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { readCertificates } from '../../host-sim/certificates/directory.js';
import { TemporaryFolder, TestAuthority } from './support/certificates.js';
import { ANY_PORTS, Simulator, TemporaryHome } from './support/simulator.js';

const CERTIFICATES = fileURLToPath(new URL('../../host-sim/certificates/main.js', import.meta.url));
const USER = 'classe';
const PASSWORD = 'été 2026';

/** `npm run certificates -- …` */
function certificates(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CERTIFICATES, ...args], (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

describe('npm run certificates', () => {
  const folder = new TemporaryFolder();
  const directory = join(folder.path, 'made', 'here');
  after(() => folder.remove());

  it('makes an authority, a broker and a client, says what to do with them, and keeps the keys to their owner', async () => {
    const { code, stdout, stderr } = await certificates(directory, '--host', 'broker.local', '--host', '192.0.2.7', '--days', '30');
    assert.deepEqual([code, stderr], [0, '']);
    assert.ok(stdout.includes(`npm start -- --tls ${directory}`) && stdout.includes('mosquitto_pub'), stdout);
    assert.deepEqual(readdirSync(directory).toSorted(), [
      'ca.crt',
      'ca.key',
      'client.crt',
      'client.key',
      'server.crt',
      'server.key',
    ]);
    if (process.platform !== 'win32') {
      for (const name of ['ca.key', 'server.key', 'client.key']) assert.equal(statSync(join(directory, name)).mode & 0o777, 0o600);
    }
    const { ca, server, client } = readCertificates(directory);
    const authority = new X509Certificate(ca);
    for (const { certificate } of [server, client]) assert.ok(new X509Certificate(certificate).verify(authority.publicKey));
    const broker = new X509Certificate(server.certificate);
    for (const host of ['localhost', 'broker.local']) assert.equal(broker.checkHost(host), host);
    for (const address of ['127.0.0.1', '192.0.2.7']) assert.equal(broker.checkIP(address), address);
    assert.equal(broker.checkHost('broker.test'), undefined);
    const days = (new Date(broker.validTo).getTime() - Date.now()) / 86_400_000;
    assert.ok(days > 29.9 && days <= 30, `${days} days`);
  });

  it('overwrites nothing', async () => {
    const before = readFileSync(join(directory, 'ca.key'), 'utf8');
    const { code, stdout, stderr } = await certificates(directory);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^"[^"]*ca\.key" is there already .* Type: npm run certificates -- ANOTHER-FOLDER\n$/);
    assert.equal(readFileSync(join(directory, 'ca.key'), 'utf8'), before);
  });

  const refused: readonly (readonly [args: readonly string[], words: RegExp])[] = [
    [[], /one folder/],
    [['a', 'b'], /one folder/],
    [['a', '--host', 'two words'], /--host: "two words"/],
    [['a', '--days', '0'], /--days: "0".* from 1 to 3650/],
    [['a', '--force'], /--force/],
  ];
  for (const [args, words] of refused) {
    it(`refuses ${JSON.stringify(args)}`, async () => {
      const { code, stderr } = await certificates(...args);
      assert.equal(code, 2);
      assert.match(stderr, words);
      assert.match(stderr, /^[^\n]+ Type: npm run certificates[^\n]*\n$/);
    });
  }
});

describe('the lesson on security', () => {
  const home = new TemporaryHome();
  const folder = new TemporaryFolder().fillWithCertificates();
  const file = (name: string) => join(folder.path, name);
  const password = folder.write('password', `${PASSWORD}\n`);
  let host: Simulator;
  let url = '';

  before(async () => {
    const secure = ['--tls', folder.path, '--tls-port', '0', '--wss-port', '0', '--client-certs'];
    const login = ['--user', USER, '--password-file', password];
    host = Simulator.start(home, ['--json', ...ANY_PORTS, ...secure, ...login, '--rooms', 'salon', '--interval', '2']);
    const { mqttsPort, broker } = await host.ready();
    assert.equal(broker, `mqtts://127.0.0.1:${mqttsPort}`);
    url = `mqtts://localhost:${mqttsPort}`;
  });
  after(async () => {
    await home.remove();
    folder.remove();
  });

  /** A second computer's simulator. */
  const secondSimulator = (options: readonly string[], environment = {}) =>
    Simulator.start(home, ['--json', '--rooms', 'bureau', '--interval', '2', ...options], environment);
  const shown = ['--ca', file('ca.crt'), '--cert', file('client.crt'), '--key', file('client.key')];

  it('the rooms of the broker inside use TLS, certificate and login', async () => {
    await host.until(() => host.eventsOf('acknowledged').length > 0, 'an acknowledged reading');
  });

  it('who has all three is let in; a user may stand in the URL, a password comes from the environment', async () => {
    const environment = { STATION_METEO_PASSWORD: PASSWORD };
    const simulator = secondSimulator(['--broker', url.replace('//', `//${USER}@`), ...shown, '--duration', '3'], environment);
    assert.deepEqual(await simulator.ended, { code: 0, signal: null });
    assert.ok(!`${simulator.stdout}${simulator.stderr}`.includes(PASSWORD));
    assert.ok(simulator.eventsOf('acknowledged').length > 0);
  });

  const refused: readonly (readonly [what: string, options: () => readonly string[], words: readonly string[]])[] = [
    ['without the authority', () => ['--broker', url], ['certificate-unknown-ca', '--ca FILE']],
    [
      'with another authority',
      () => ['--broker', url, '--ca', folder.write('other.crt', new TestAuthority('other').certificate)],
      ['certificate-unknown-ca'],
    ],
    [
      'without a certificate',
      () => ['--broker', url, '--ca', file('ca.crt')],
      ['client-certificate-required', '--cert FILE --key FILE'],
    ],
    ['without the login', () => ['--broker', url, ...shown], ['refuses this login', '--password-file FILE']],
  ];
  for (const [what, options, words] of refused) {
    it(`${what}: one sentence says what is missing`, async () => {
      const simulator = secondSimulator(options());
      assert.equal((await simulator.ended).code, 1);
      assert.match(simulator.stderr, /^[^\n]+ Type: npm start[^\n]*\n$/);
      for (const word of words) assert.ok(simulator.stderr.includes(word), simulator.stderr);
    });
  }

  it('a key that is not that of the certificate is refused before anything is tried', async () => {
    const simulator = secondSimulator(['--broker', url, '--cert', file('client.crt'), '--key', file('server.key')]);
    assert.equal((await simulator.ended).code, 2);
    assert.match(simulator.stderr, /"[^"]*server\.key" is not the key of "[^"]*client\.crt"/);
  });
});
