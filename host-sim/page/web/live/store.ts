// What the page knows, and when it shows it: messages change the model at once, views are told at most a few times a second.

import { computed, signal } from '@preact/signals';
import type { Config, SimulatorState } from '../../api.js';
import { addressReader } from '../model/contract.js';
import { House } from '../model/house.js';
import type { Message, QoS } from '../model/message.js';
import type { Room } from '../model/room.js';
import { TopicTree } from '../model/topic-tree.js';
import { lazily } from '../words/lazily.js';
import { getConfig, getHistory } from './api.js';
import { BrokerClient, type BrokerListener, type BrokerState } from './broker-client.js';
import type { Login } from './connection.js';
import { listen } from './events.js';

/** Views follow the model at most this often: more would be work that nobody can see. */
const SHOW_EVERY_MS = 250;

/** What a card shows of the past; older readings come with the chart's own request. */
const FIRST_HISTORY_SECONDS = 600;
const FIRST_HISTORY_POINTS = 600;

const CONFIG_RETRY_MS = 1_000;

/** QoS 2, so that each message comes with the QoS of its publisher. */
const EVERYTHING: readonly [filter: string, qos: QoS] = ['#', 2];

export const config = signal<Config | undefined>(undefined);
export const brokerState = signal<BrokerState>('connecting');
export const serverIsUp = signal(true);
export const simulator = signal<SimulatorState | undefined>(undefined);
export const isLocked = signal(false);

/** `asking`: the server has not answered yet; `login`: it wants a login; `inside`: the page follows the house. */
export const phase = signal<'asking' | 'login' | 'inside'>('asking');

/** Epoch seconds; goes on each second, and whenever there is something to show. */
export const now = signal(Date.now() / 1000);

/** Goes up when the model has changed; a view that reads it is drawn again. */
export const revision = signal(0);

export let house = new House(() => undefined, 10);
export const tree = new TopicTree();

/** The rooms in the order of their names. */
export const rooms = computed<readonly Room[]>(() => {
  revision.value;
  return [...house.rooms.values()].sort((a, b) => collator().compare(a.name, b.name));
});

const collator = lazily(() => new Intl.Collator(undefined, { numeric: true }));

let ears: BrokerClient | undefined;
let usedLogin: Login | undefined;
let stopFollowing = () => {};
let isShowing = false;
let shownAtMs = 0;

/** Asks the server what there is, and follows it from then on. */
export async function start(): Promise<void> {
  const answer = await untilAnswered();
  // Takes the browser 20 ms: better now than with the first rooms.
  collator();
  config.value = answer;
  isLocked.value = answer.isLocked;
  house = new House(addressReader(answer.prefix, answer.template), answer.intervalSeconds);
  setInterval(show, 1000);
  if (answer.needsLogin || answer.mqtt.needsLogin) phase.value = 'login';
  else follow();
}

/** Logs in to the broker; the API has been asked before, where it wants a login too. */
export function follow(login?: Login): void {
  usedLogin = login;
  phase.value = 'inside';
  stopFollowing();
  const onState = (state: BrokerState) => {
    brokerState.value = state;
    if (state === 'refused') phase.value = 'login';
  };
  ears = connect('browser', { onState, onMessage: takeMessage }, [EVERYTHING]);
  const close = listen(
    ['house', 'readings', 'simulator'],
    {
      house: (record) => change(() => house.takeRecord(record)),
      readings: ({ readings }) => change(() => house.takeReadings(readings)),
      simulator: (state) =>
        change(() => {
          simulator.value = state;
          house.takeVirtualRooms(state.rooms);
        }),
      forgotten: ({ room }) => change(() => house.forget(room)),
      lock: (state) => {
        isLocked.value = state.isLocked;
      },
    },
    (isUp) => {
      serverIsUp.value = isUp;
    },
  );
  stopFollowing = () => {
    ears?.end();
    close();
  };
  void loadRecentHistory();
}

/** A client of its own on the same broker, with the same login, that hears `subscriptions`; whoever asks for it ends it. */
export function connect(
  name: string,
  listener: BrokerListener,
  subscriptions: readonly (readonly [string, QoS])[] = [],
): BrokerClient {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const client = new BrokerClient(name, `${scheme}://${location.host}${config.peek()?.mqtt.path}`, listener, subscriptions);
  client.connect(usedLogin);
  return client;
}

/**
 * Asks the broker once more for all that it has retained: a message that is retained while one listens does not say so
 * ([MQTT-3.3.1-9]).
 */
export function hearRetained(): void {
  // Where the broker is away, it sends them all when it is back.
  ears?.subscribe(...EVERYTHING).catch(() => {});
}

/** The id of the client that hears everything for this page. */
export function pageClientId(): string {
  return ears?.clientId ?? '';
}

function takeMessage(message: Message): void {
  change(() => {
    house.takeMessage(message);
    tree.take(message, Date.now() / 1000);
  });
}

function change(apply: () => void): void {
  apply();
  if (isShowing) return;
  isShowing = true;
  window.setTimeout(() => requestAnimationFrame(show), Math.max(0, shownAtMs + SHOW_EVERY_MS - performance.now()));
}

function show(): void {
  isShowing = false;
  shownAtMs = performance.now();
  now.value = Date.now() / 1000;
  revision.value++;
}

async function loadRecentHistory(): Promise<void> {
  const to = Date.now() / 1000;
  const history = await getHistory(to - FIRST_HISTORY_SECONDS, to, FIRST_HISTORY_POINTS).catch(() => undefined);
  if (history) change(() => house.takeHistory(history));
}

async function untilAnswered(): Promise<Config> {
  for (;;) {
    try {
      const answer = await getConfig();
      serverIsUp.value = true;
      return answer;
    } catch {
      serverIsUp.value = false;
      await new Promise((resolve) => setTimeout(resolve, CONFIG_RETRY_MS));
    }
  }
}
