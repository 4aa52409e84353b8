// The tree of topics that this page has heard: branches open and close, leaves show their last message.

import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { config, hearRetained, now, revision, tree } from '../live/store.js';
import { visible } from '../model/preview.js';
import { sortedChildren, type TopicNode } from '../model/topic-tree.js';
import { Icon } from '../parts/icon.js';
import { words } from '../words/words.js';

/** Rows that are drawn; what is beyond can be reached by closing branches. */
const ROWS_MAXIMUM = 300;

/** Branches with no more topics than this are open from the start. */
const OPEN_UP_TO = 40;

/** A row lights up for this long when its message is new. */
const NEW_SECONDS = 1;

/** Branches that somebody opened or closed. */
const opened = signal<ReadonlyMap<string, boolean>>(new Map());

interface Row {
  readonly node: TopicNode;
  readonly depth: number;
  readonly isOpen: boolean;
}

export function TreeView() {
  revision.value;
  useEffect(hearRetained, []);
  const t = words.value;
  const { rows, hidden } = visibleRows();
  if (rows.length === 0) return <p class="empty">{t.tree.none}</p>;
  return (
    <>
      <div class="table-scroll">
        <table class="table is-dense tree">
          <thead>
            <tr>
              <th scope="col">{t.tree.topic}</th>
              <th scope="col">{t.tree.last}</th>
              <th scope="col">QoS</th>
              <th scope="col">{t.tree.retain}</th>
              <th scope="col" class="is-number">
                {t.tree.count}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <TreeRow key={row.node.topic} {...row} />
            ))}
          </tbody>
        </table>
      </div>
      {hidden > 0 && <p class="note">{t.tree.hidden(hidden)}</p>}
      {tree.ignoredCount > 0 && <p class="note">{t.tree.ignored(tree.ignoredCount)}</p>}
    </>
  );
}

function TreeRow({ node, depth, isOpen }: Row) {
  const t = words.value;
  const { last } = node;
  const isBranch = node.children.size > 0;
  const level = node.level === '' ? t.tree.emptyLevel : visible(node.level);
  return (
    <tr class={last && now.value - last.at < NEW_SECONDS ? 'is-new' : ''}>
      <th scope="row" class={`depth-${Math.min(depth, 8)}`}>
        {isBranch ? (
          <button type="button" class="twig" aria-expanded={isOpen} onClick={() => toggle(node.topic, isOpen)}>
            <Icon name="chevron" />
            <bdi>{level}</bdi>
            {!isOpen && <small>{t.tree.topics(node.topics)}</small>}
          </button>
        ) : (
          <span class="leaf">
            <bdi>{level}</bdi>
          </span>
        )}
      </th>
      <td class="tree-value">
        {last && (
          <>
            <bdi>{last.text}</bdi> {last.bytes > last.text.length * 4 && <small>{t.format.bytes(last.bytes)}</small>}
          </>
        )}
      </td>
      <td>{last?.qos}</td>
      <td>{last?.isRetained && <span class="badge">{t.tree.retained}</span>}</td>
      <td class="is-number">{node.count > 0 || !isOpen ? t.format.whole(isOpen ? node.count : node.messages) : ''}</td>
    </tr>
  );
}

function toggle(topic: string, isOpen: boolean): void {
  opened.value = new Map([...opened.value, [topic, !isOpen]]);
}

/** The rows of open branches, and how many there would be beyond the maximum. */
function visibleRows(): { rows: Row[]; hidden: number } {
  const rows: Row[] = [];
  let hidden = 0;
  const prefix = config.peek()?.prefix ?? '';
  const visit = (node: TopicNode, depth: number) => {
    const isOpen = opened.value.get(node.topic) ?? (node.topic === prefix || node.topics <= OPEN_UP_TO);
    if (depth >= 0) {
      if (rows.length < ROWS_MAXIMUM) rows.push({ node, depth, isOpen });
      else hidden++;
    }
    if (isOpen || depth < 0) for (const child of sortedChildren(node)) visit(child, depth + 1);
  };
  visit(tree.root, -1);
  return { rows, hidden };
}
