// The rules of MQTT for topics, in words: each function says which rule a text breaks, or `undefined` where it breaks none.
//
//   A topic            maison/salon/temperature   levels with / between them; it names one thing
//   A topic filter     maison/+/temperature       a topic, or with wildcards many: + is any one level,
//                      maison/#                   # is any number of levels, and stands last
//
// MQTT 3.1.1, chapter 4.7: http://docs.oasis-open.org/mqtt/mqtt/v3.1.1/os/mqtt-v3.1.1-os.html#_Toc398718106

const TOPIC_MAXIMUM_BYTES = 65_535;

/** A rule of the house, so that room and prefix fit into a message of the smallest boards. */
const PART_MAXIMUM_BYTES = 64;

/** A room is one level of a topic. */
export function roomProblem(room: string): string | undefined {
  if (room.includes('/')) return '/ would make two levels of it, and a room is one';
  return prefixProblem(room);
}

/** A prefix is one level or more. */
export function prefixProblem(prefix: string): string | undefined {
  if (Buffer.byteLength(prefix) > PART_MAXIMUM_BYTES) return `at most ${PART_MAXIMUM_BYTES} bytes`;
  if (prefix.startsWith('$')) return 'what begins with $ belongs to the broker, as $SYS does';
  return topicProblem(prefix);
}

/** The topic of a message: no wildcards, because a message goes to one topic. */
export function topicProblem(topic: string): string | undefined {
  if (/[+#]/.test(topic)) return '+ and # are for those who subscribe';
  return filterProblem(topic);
}

export function filterProblem(filter: string): string | undefined {
  if (filter === '') return 'at least one character';
  if (filter.includes('\0')) return 'no NUL character';
  if (Buffer.byteLength(filter) > TOPIC_MAXIMUM_BYTES) return `at most ${TOPIC_MAXIMUM_BYTES} bytes`;
  const levels = filter.split('/');
  if (levels.some((level) => level.length > 1 && level.includes('+')))
    return '+ stands alone in its level, as in maison/+/temperature';
  if (levels.some((level) => level.length > 1 && level.includes('#'))) return '# stands alone in its level, as in maison/#';
  if (levels.slice(0, -1).includes('#')) return '# stands last, as in maison/#';
  return undefined;
}
