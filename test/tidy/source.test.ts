// The reading of source text on which the tidy test rests.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: template strings are the subject here

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { codeOf, importsOf, lineAt } from './source.js';

describe('tidy: source text', () => {
  const rows: readonly (readonly [name: string, source: string, code: string])[] = [
    ['line comment', 'a; // Date\nb', 'a;        \nb'],
    ['block comment over lines', 'a /* x\ny */ b', 'a     \n     b'],
    ['string with an escaped quote', "f('it\\'s Date', b)", "f('          ', b)"],
    ['comment sign in a string', "f('//', b)", "f('  ', b)"],
    ['template with an expression that is code', '`a${Date}b`', '` ${Date} `'],
    ['template in a template', '`${f(`x${y}`)}z`', '`${f(` ${y}`)} `'],
    ['braces in an expression of a template', '`${f({ a: 1 })}z`', '`${f({ a: 1 })} `'],
    ['regular expression with quote and slash in a class', "x = /['/]/.test(y)", 'x = /    /.test(y)'],
    ['division is no regular expression', 'a / b / Date', 'a / b / Date'],
    ['division behind a bracket', "f(a) / 2 + '/'", "f(a) / 2 + ' '"],
  ];
  for (const [name, source, code] of rows) {
    it(name, () => assert.equal(codeOf(source), code));
  }

  it('finds imports, not texts about imports', () => {
    const source =
      "import a from './a.js';\nf(\"import b from './b.js'\"); // import './c.js'\nexport * from './d.js';\nimport './e.js';";
    assert.deepEqual(importsOf(source, codeOf(source)), [
      { text: './a.js', line: 1 },
      { text: './d.js', line: 3 },
      { text: './e.js', line: 4 },
    ]);
  });

  it('counts lines from 1', () => {
    assert.equal(lineAt('a\nb\nc', 4), 3);
  });
});
