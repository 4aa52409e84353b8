// Every topic that was heard, as a tree of levels, with its last message: bounded, and what is left out is counted.

import type { Message, QoS } from './message.js';
import { preview } from './preview.js';

export interface LastMessage {
  /** Shortened for people. */
  readonly text: string;
  readonly bytes: number;
  readonly qos: QoS;
  /** The broker keeps it for newcomers, as far as the page has seen. */
  readonly isRetained: boolean;
  /** Arrival, epoch seconds. */
  readonly at: number;
}

export interface TopicNode {
  /** The whole topic down to here. */
  readonly topic: string;
  /** This level alone. */
  readonly level: string;
  readonly children: Map<string, TopicNode>;
  last: LastMessage | undefined;
  /** Messages on this very topic. */
  count: number;
  /** Topics with messages at this level and below. */
  topics: number;
  /** Messages at this level and below. */
  messages: number;
}

/** A stranger who invents topics fills no memory. */
export const TOPICS_MAXIMUM = 3_000;

/** Deeper topics are left out: nobody would read them. */
const LEVELS_MAXIMUM = 24;

export class TopicTree {
  readonly root: TopicNode = newNode('', '');
  /** Messages on topics beyond the maximum. */
  ignoredCount = 0;

  /** Topics with a message. */
  get size(): number {
    return this.root.topics;
  }

  take({ topic, payload, bytes, qos, isRetained }: Message, at: number): void {
    const path = this.#path(topic);
    const leaf = path?.at(-1);
    if (!path || !leaf) {
      this.ignoredCount++;
      return;
    }
    const isNew = leaf.count === 0;
    // With this flag it is what the broker had kept, and no news where the topic is known.
    if (isRetained && leaf.last) {
      leaf.last = { ...leaf.last, isRetained: true };
      return;
    }
    leaf.count++;
    // An empty message clears what was kept, if it was retained; one that is not leaves it as it was. Which of them it was is not said.
    const staysRetained = isRetained || (bytes > 0 && leaf.last?.isRetained === true);
    leaf.last = { text: preview(payload), bytes, qos, isRetained: staysRetained, at };
    for (const node of path) {
      node.messages++;
      if (isNew) node.topics++;
    }
  }

  /** Topics with a message, in the order of the tree, at most `limit`. */
  topics(limit: number): string[] {
    const found: string[] = [];
    const visit = (node: TopicNode) => {
      if (found.length >= limit) return;
      if (node.count > 0) found.push(node.topic);
      for (const child of sortedChildren(node)) visit(child);
    };
    visit(this.root);
    return found;
  }

  /** The nodes from the root to `topic`, made where there is space. */
  #path(topic: string): TopicNode[] | undefined {
    const levels = topic.split('/');
    if (levels.length > LEVELS_MAXIMUM || topic.length > 1_024) return undefined;
    if (this.size >= TOPICS_MAXIMUM && !this.#has(levels)) return undefined;
    const path = [this.root];
    for (const [index, level] of levels.entries()) {
      const parent = path.at(-1) as TopicNode;
      let child = parent.children.get(level);
      if (!child) {
        child = newNode(level, levels.slice(0, index + 1).join('/'));
        parent.children.set(level, child);
      }
      path.push(child);
    }
    return path;
  }

  #has(levels: readonly string[]): boolean {
    let node: TopicNode | undefined = this.root;
    for (const level of levels) node = node?.children.get(level);
    return (node?.count ?? 0) > 0;
  }
}

export function sortedChildren(node: TopicNode): TopicNode[] {
  return [...node.children.values()].sort((a, b) => a.level.localeCompare(b.level));
}

function newNode(level: string, topic: string): TopicNode {
  return { topic, level, children: new Map(), last: undefined, count: 0, topics: 0, messages: 0 };
}
