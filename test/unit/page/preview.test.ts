// Payloads as the page shows them: short, one line, nothing hidden.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { PREVIEW_LENGTH, preview, shorten, visible } from '../../../host-sim/page/web/model/preview.js';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('page: preview of a payload', () => {
  it('shows a short text as it is, also one that looks like markup', () => {
    assert.equal(preview(bytes('21.4')), '21.4');
    assert.equal(preview(bytes('<b>é</b>')), '<b>é</b>');
    assert.equal(preview(bytes('')), '');
  });

  it('shortens a megabyte', () => {
    const shown = preview(bytes('x'.repeat(1 << 20)));
    assert.equal(shown.length, PREVIEW_LENGTH);
    assert.ok(shown.endsWith('x…'));
    assert.ok(preview(bytes('é'.repeat(1 << 19))).endsWith('é…'), 'cut between characters');
  });

  it('makes controls and marks of direction visible', () => {
    assert.equal(visible('a\nb\u202ec'), 'a␊b\ufffdc');
  });

  it('shows bytes that are no text as hexadecimal digits', () => {
    assert.equal(preview(new Uint8Array([0xff, 0x00, 0x1a])), 'ff 00 1a');
  });

  it('does not cut a pair of surrogates', () => {
    assert.equal(shorten('ab😀cd', 4), 'ab…');
    assert.equal(shorten('abc', 3), 'abc');
  });
});
