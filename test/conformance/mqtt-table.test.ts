// Holds the conformance tables to the lists of ids and to the suites: nothing is left out, and each test that is named exists.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { before, describe, it } from 'mocha';
import { type ConformanceTable, type Evidence, idsIn } from './clause.js';
import { MQTT_3_1_1_TABLE } from './mqtt-3.1.1.js';
import { MQTT_5_TABLE } from './mqtt-5.js';

const TABLES = [MQTT_3_1_1_TABLE, MQTT_5_TABLE];
const BUILT_TESTS = dirname(import.meta.dirname);
const MOCHA = fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));
/** Output of a dry run: some hundred bytes for each test. */
const OUTPUT_MAXIMUM_BYTES = 16 * 1024 * 1024;

interface Title {
  readonly file: string;
  readonly title: string;
  readonly fullTitle: string;
}

const fileOf = (suite: string) => `${BUILT_TESTS}/${suite}.test.js`;

const evidenceOf = ({ clauses }: ConformanceTable): Evidence[] =>
  clauses.flatMap((clause) => ('shownBy' in clause ? clause.shownBy : []));

/** The titles in the suites that the tables name, as mocha knows them once they are loaded. Nothing is run. */
async function loadTitles(): Promise<Title[]> {
  const files = [...new Set(TABLES.flatMap(evidenceOf).map(({ suite }) => fileOf(suite)))];
  const options = ['--no-config', '--dry-run', '--exit', '--reporter', 'json', '--no-forbid-pending'];
  const { stdout } = await promisify(execFile)(process.execPath, [MOCHA, ...options, ...files], {
    maxBuffer: OUTPUT_MAXIMUM_BYTES,
  });
  return (JSON.parse(stdout) as { tests: Title[] }).tests;
}

/** What of the evidence names no test, as `suite: title`. */
function unknownEvidence(table: ConformanceTable, titles: readonly Title[]): string[] {
  const known = new Set<string>();
  // A suite that runs for each version shows something of this one only where it runs for this one.
  for (const { file, title, fullTitle } of titles) if (!table.otherVersion.test(fullTitle)) known.add(`${file}: ${title}`);
  return evidenceOf(table)
    .filter(({ suite, title }) => !known.has(`${fileOf(suite)}: ${title}`))
    .map(({ suite, title }) => `${suite}: ${title}`);
}

describe('conformance tables', () => {
  let titles: Title[] = [];
  before(async function () {
    this.timeout(60_000);
    titles = await loadTitles();
  });

  for (const table of TABLES) {
    const { specification, clauses, serverOnly, ids } = table;

    it(`${specification}: has each statement once, and no other`, () => {
      const listed = [...clauses.map(({ id }) => id), ...idsIn(serverOnly)].sort();
      assert.deepEqual(listed, idsIn(ids).sort());
    });

    it(`${specification}: gives tests or a reason for each`, () => {
      for (const clause of clauses) {
        assert.ok(clause.says.length > 0, clause.id);
        if ('shownBy' in clause) assert.ok(clause.shownBy.length > 0, clause.id);
        else assert.ok(clause.doesNotApply.length > 0, clause.id);
      }
    });

    it(`${specification}: names tests that exist`, () => {
      assert.deepEqual(unknownEvidence(table, titles), []);
    });
  }

  it('notice a title that is misspelt, and a test of the other version', () => {
    const misspelt = { suite: 'unit/mqtt/clauses', title: 'pings when it has nothing else to sya' };
    const of5 = { suite: 'unit/mqtt/session5', title: 'knows whether a byte came' };
    const table = { ...MQTT_3_1_1_TABLE, clauses: [{ id: '0', says: '', shownBy: [misspelt, of5] }] };
    assert.deepEqual(
      unknownEvidence(table, titles),
      [misspelt, of5].map(({ suite, title }) => `${suite}: ${title}`),
    );
  });
});
