// Which of the topics that were heard a filter takes, and why: level by level.

import { revision, tree } from '../live/store.js';
import { shorten, visible } from '../model/preview.js';
import { explainMatch, type Match } from '../model/topic-rules.js';
import { words } from '../words/words.js';

/** Topics that are looked at, and rows that are shown of each kind. */
const TOPICS_LOOKED_AT = 3_000;
const MATCHES_SHOWN = 20;
const OTHERS_SHOWN = 8;

export function FilterMatches({ filter }: { readonly filter: string }) {
  revision.value;
  const t = words.value.sandbox;
  const verdicts = tree.topics(TOPICS_LOOKED_AT).map((topic) => ({ topic, match: explainMatch(filter, topic) }));
  const taken = verdicts.filter(({ match }) => match.isMatch);
  const others = verdicts.filter(({ match }) => !match.isMatch);
  return (
    <div class="matches">
      <h3>
        {t.matching} <b class="count">{`${taken.length} / ${verdicts.length}`}</b>
      </h3>
      {taken.length === 0 && <p class="note">{t.noMatch}</p>}
      <ul>
        {taken.slice(0, MATCHES_SHOWN).map(({ topic, match }) => (
          <MatchRow key={topic} match={match} />
        ))}
      </ul>
      {taken.length > MATCHES_SHOWN && <p class="note">{words.value.rooms.more(taken.length - MATCHES_SHOWN)}</p>}
      {others.length > 0 && <h3>{t.notMatching}</h3>}
      <ul>
        {others.slice(0, OTHERS_SHOWN).map(({ topic, match }) => (
          <MatchRow key={topic} match={match} />
        ))}
      </ul>
      {others.length > OTHERS_SHOWN && <p class="note">{words.value.rooms.more(others.length - OTHERS_SHOWN)}</p>}
    </div>
  );
}

function MatchRow({ match }: { readonly match: Match }) {
  return (
    <li class={`match ${match.isMatch ? 'is-match' : ''}`}>
      <span class="levels">
        {match.levels.map(({ topic, verdict }, at) => (
          <span key={at} class={`level is-${verdict} ${at === match.decidedAt ? 'is-deciding' : ''}`}>
            <bdi>{topic === undefined ? '∅' : shorten(visible(topic), 32)}</bdi>
          </span>
        ))}
      </span>
      <small>{reasonOf(match)}</small>
    </li>
  );
}

function reasonOf({ isMatch, levels, decidedAt, isBrokerTopic }: Match): string {
  const { reasons } = words.value.sandbox;
  if (isBrokerTopic) return reasons.brokerTopic;
  if (isMatch) {
    const taken = levels.flatMap(({ verdict }) => (verdict === 'plus' || verdict === 'hash' ? verdict : []));
    return taken.includes('hash') ? reasons.hash : taken.includes('plus') ? reasons.plus : reasons.same;
  }
  const level = levels[decidedAt];
  const number = decidedAt + 1;
  if (level?.verdict === 'missing') return reasons.missing(number, level.filter ?? '');
  if (level?.verdict === 'extra') return reasons.extra(number);
  return reasons.differs(number, shorten(visible(level?.topic ?? ''), 24), shorten(visible(level?.filter ?? ''), 24));
}
