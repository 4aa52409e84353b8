// What the page weighs, and that it needs nothing from elsewhere.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, it } from 'mocha';

/** Where `npm run bundle` puts it. */
const PAGE = 'build/page';

const LIMIT_BYTES = 300 * 1024;

describe('page: bundle', () => {
  const files = readdirSync(PAGE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, bytes: readFileSync(join(entry.parentPath, entry.name)) }));

  it('is under 300 KB compressed, all files together', () => {
    const sum = files.reduce((total, { bytes }) => total + gzipSync(bytes).length, 0);
    assert.ok(files.length >= 4 && sum < LIMIT_BYTES, `${sum} bytes in ${files.length} files`);
  });

  it('names no address elsewhere, and nothing that its content security policy forbids', () => {
    for (const { name, bytes } of files.filter(({ name }) => /\.(?:html|css)$/.test(name))) {
      const text = bytes.toString();
      assert.doesNotMatch(text, /(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?\/\//, name);
      assert.doesNotMatch(text, /url\(\s*["']?data:|<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/, name);
    }
  });
});
