// The lab's sheet for the class: the commands that it tells to type exist, with the options that it gives them.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'mocha';
import { HELP } from '../../host-sim/options/help.js';

const SHEET = 'docs/tp.md';

/** `npm start` and `npm run NAME`, with what follows on the line. */
const COMMAND = /^npm (?:run )?(\S+)(?: -- (.*))?$/gm;

describe('docs/tp.md', () => {
  const text = readFileSync(SHEET, 'utf8');
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

  const optionsOf = new Map<string, Set<string>>();
  for (const [, name = '', rest = ''] of text.matchAll(COMMAND)) {
    const options = rest.match(/(?<=^| )--[a-z-]+/g) ?? [];
    optionsOf.set(name, new Set([...(optionsOf.get(name) ?? []), ...options]));
  }

  for (const [name, options] of optionsOf) {
    it(`npm run ${name} ${[...options].join(' ')}`, () => {
      const program = /node (.*)$/.exec(scripts[name] ?? '')?.[1];
      assert.ok(program, `package.json has no script ${name} that runs a program`);
      const help = execFileSync(process.execPath, [...program.split(' '), '--help'], { encoding: 'utf8' });
      for (const option of options) assert.match(help, new RegExp(`${option}\\b`));
    });
  }

  it('names the address of the page', () => {
    const [, address] = /^Page \(default: (\S+)\)/m.exec(HELP) ?? [];
    assert.ok(address !== undefined && text.includes(address), address);
  });

  it('names at least the programs of the lab', () => {
    for (const name of ['start', 'page', 'emitter', 'averages', 'spy', 'configure']) assert.ok(optionsOf.has(name), name);
  });

  it('points to files that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) =>
      posix.join(posix.dirname(SHEET), link as string),
    );
    const programs = [...text.matchAll(/^python3 (\S+)/gm)].map(([, program]) => program as string);
    assert.ok(links.length > 0 && programs.length > 0);
    for (const file of [...links, ...programs]) assert.ok(existsSync(file), file);
  });
});
