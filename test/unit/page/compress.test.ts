// Compressed copies of the page's files: beside what gains by them, once after each build.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { after, describe, it } from 'mocha';
import { compressFiles } from '../../../host-sim/page/http/compress.js';

describe('page: compressed files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'station-meteo-page-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const script = join(folder, 'assets', 'page.js');
  const text = 'const answer = 42;\n'.repeat(200);

  it('are made where they are smaller, and not for fonts and small files', async () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(script, text);
    writeFileSync(join(folder, 'small.html'), 'x');
    writeFileSync(join(folder, 'font.woff2'), text);
    await compressFiles(folder);
    assert.equal(brotliDecompressSync(readFileSync(`${script}.br`)).toString(), text);
    assert.equal(gunzipSync(readFileSync(`${script}.gz`)).toString(), text);
    assert.ok(!existsSync(join(folder, 'small.html.br')) && !existsSync(join(folder, 'font.woff2.br')));
  });

  it('are made again after the next build alone', async () => {
    const madeAtMs = statSync(`${script}.br`).mtimeMs;
    await compressFiles(folder);
    assert.equal(statSync(`${script}.br`).mtimeMs, madeAtMs);
    writeFileSync(script, text.toUpperCase());
    const later = new Date(Date.now() + 5_000);
    utimesSync(script, later, later);
    await compressFiles(folder);
    assert.equal(brotliDecompressSync(readFileSync(`${script}.br`)).toString(), text.toUpperCase());
  });
});
