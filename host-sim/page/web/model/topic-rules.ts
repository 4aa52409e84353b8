// Why a text is no topic or no filter, and why a filter takes a topic or does not: the rules of MQTT §4.7, level by level.

/** A rule that is broken; the words belong to the language. */
export type Rule =
  | 'empty'
  | 'too-long'
  | 'nul'
  | 'not-unicode'
  | 'plus-not-alone'
  | 'hash-not-alone'
  | 'hash-not-last'
  | 'wildcard-in-topic';

export interface Fault {
  readonly rule: Rule;
  /** Clause of the specification. */
  readonly clause: string;
  /** Index of the level that breaks it; -1 where it is the whole text. */
  readonly level: number;
}

/** `same`: equal; `plus`, `hash`: taken by a wildcard; `differs`: not equal; `missing`: the topic ends too soon; `extra`: it goes on. */
export type Verdict = 'same' | 'plus' | 'hash' | 'differs' | 'missing' | 'extra';

export interface LevelMatch {
  readonly filter: string | undefined;
  readonly topic: string | undefined;
  readonly verdict: Verdict;
}

export interface Match {
  readonly isMatch: boolean;
  readonly levels: readonly LevelMatch[];
  /** Index of the level that decides against the topic; -1 where it matches. */
  readonly decidedAt: number;
  /** A wildcard at the start does not take topics that begin with `$` ([MQTT-4.7.2-1]). */
  readonly isBrokerTopic: boolean;
}

/** [MQTT-4.7.3-3]. */
const TOPIC_MAXIMUM_BYTES = 65_535;

const encoder = new TextEncoder();

export function filterFault(filter: string): Fault | undefined {
  const fault = textFault(filter);
  if (fault) return fault;
  const levels = filter.split('/');
  for (const [level, text] of levels.entries()) {
    if (text.includes('#') && text !== '#') return { rule: 'hash-not-alone', clause: 'MQTT-4.7.1-2', level };
    if (text === '#' && level < levels.length - 1) return { rule: 'hash-not-last', clause: 'MQTT-4.7.1-2', level };
    if (text.includes('+') && text !== '+') return { rule: 'plus-not-alone', clause: 'MQTT-4.7.1-3', level };
  }
  return undefined;
}

export function topicFault(topic: string): Fault | undefined {
  const fault = textFault(topic);
  if (fault) return fault;
  const level = topic.split('/').findIndex((text) => /[+#]/.test(text));
  return level < 0 ? undefined : { rule: 'wildcard-in-topic', clause: 'MQTT-3.3.2-2', level };
}

function textFault(text: string): Fault | undefined {
  if (text === '') return { rule: 'empty', clause: 'MQTT-4.7.3-1', level: -1 };
  // Half of a surrogate pair.
  if (/\p{Cs}/u.test(text)) return { rule: 'not-unicode', clause: 'MQTT-1.5.3-1', level: -1 };
  if (text.includes('\0')) {
    return { rule: 'nul', clause: 'MQTT-4.7.3-2', level: text.split('/').findIndex((level) => level.includes('\0')) };
  }
  if (encoder.encode(text).length > TOPIC_MAXIMUM_BYTES) return { rule: 'too-long', clause: 'MQTT-4.7.3-3', level: -1 };
  return undefined;
}

/** Compares a valid filter with a topic, level by level. */
export function explainMatch(filter: string, topic: string): Match {
  const filterLevels = filter.split('/');
  const topicLevels = topic.split('/');
  const isBrokerTopic = topic.startsWith('$') && /^[+#]/.test(filter);
  const levels: LevelMatch[] = [];
  const count = Math.max(filterLevels.length, topicLevels.length);
  for (let at = 0; at < count; at++) {
    const [wanted, given] = [filterLevels[at], topicLevels[at]];
    if (wanted === '#') {
      // The level above `#` is taken too: `a/#` matches `a` (§4.7.1.2).
      levels.push({ filter: wanted, topic: topicLevels.slice(at).join('/') || given, verdict: 'hash' });
      break;
    }
    levels.push({ filter: wanted, topic: given, verdict: verdictOf(wanted, given) });
  }
  const refused = levels.findIndex(({ verdict }) => verdict === 'differs' || verdict === 'missing' || verdict === 'extra');
  const decidedAt = isBrokerTopic ? 0 : refused;
  return { isMatch: decidedAt < 0, levels, decidedAt, isBrokerTopic };
}

function verdictOf(wanted: string | undefined, given: string | undefined): Verdict {
  if (wanted === undefined) return 'extra';
  if (given === undefined) return 'missing';
  if (wanted === '+') return 'plus';
  return wanted === given ? 'same' : 'differs';
}
