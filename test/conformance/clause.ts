// The form of a conformance table: each numbered statement of a specification, and what shows that the client keeps it.

/** A test that shows something: the file of its suite in `test`, without `.test.ts`, and the whole title of its `it`. */
export interface Evidence {
  readonly suite: string;
  readonly title: string;
}

/** A statement that binds a client. `says` is what it asks for, in our own words. */
export type Clause = {
  /** As in `[MQTT-<id>]`. */
  readonly id: string;
  readonly says: string;
} & (
  | { readonly shownBy: readonly Evidence[] }
  /** Why nothing that this client does can break it. */
  | { readonly doesNotApply: string }
);

export interface ConformanceTable {
  readonly specification: string;
  /** How the titles of suites name the other version: what they show does not count. */
  readonly otherVersion: RegExp;
  /** Ranges of all ids that the specification numbers. */
  readonly ids: readonly string[];
  readonly clauses: readonly Clause[];
  /** Ranges of the statements that bind a server alone. */
  readonly serverOnly: readonly string[];
}

/** The ids of ranges such as `3.1.2-8..12`, or of single ids. */
export function idsIn(ranges: readonly string[]): string[] {
  return ranges.flatMap((range) => {
    const [, section, first, last = first] = /^([\d.]+)-(\d+)(?:\.\.(\d+))?$/.exec(range) ?? [];
    if (section === undefined) throw new Error(`no range of ids: ${range}`);
    const from = Number(first);
    return Array.from({ length: Number(last) - from + 1 }, (_, index) => `${section}-${from + index}`);
  });
}

const inSuite = (suite: string) => (title: string) => ({ suite, title });

export const vectors = inSuite('vectors/mqtt');
export const clauses = inSuite('unit/mqtt/clauses');
export const session = inSuite('unit/mqtt/session');
export const session5 = inSuite('unit/mqtt/session5');
export const qos2 = inSuite('unit/mqtt/session-qos2');
export const model = inSuite('unit/mqtt/session-model');
export const differential = inSuite('fuzz/differential');
export const link = inSuite('unit/station/link');
export const settings = inSuite('unit/station/settings');
export const topics = inSuite('unit/station/topics');
export const transports = inSuite('integration/transports');
export const mosquitto = inSuite('integration/session');
export const paho = inSuite('integration/interoperability');
