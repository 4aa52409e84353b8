// The last packets that were seen at the broker, one a line, in the words of the protocol.

import type { BrokerEvent } from '../../api.js';
import { shorten, visible } from '../model/preview.js';
import { words } from '../words/words.js';

export function Journal({ events }: { readonly events: readonly BrokerEvent[] }) {
  const t = words.value;
  return (
    <section class="panel">
      <h2>{t.flow.journal}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with keys */}
      <section class="table-scroll" tabIndex={0} aria-label={t.flow.journal}>
        <table class="table is-dense journal">
          <tbody>
            {events.toReversed().map((event, index) => (
              <tr key={index}>
                <td>{t.format.clock(event.at / 1000)}</td>
                <td>
                  <span class={`packet is-${event.kind}`}>{packetOf(event)}</span>
                </td>
                <td>
                  {isFromClient(event) ? '' : 'broker → '}
                  <bdi>{shorten(visible(event.client), 32)}</bdi>
                  {isFromClient(event) ? ' → broker' : ''}
                </td>
                <td>{detailOf(event)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function isFromClient(event: BrokerEvent): boolean {
  if (event.kind === 'ack') return event.from === 'client';
  return event.kind !== 'delivery' && event.kind !== 'refused';
}

/** The packet's name in the specification. */
function packetOf(event: BrokerEvent): string {
  switch (event.kind) {
    case 'connected':
      return 'CONNECT';
    case 'refused':
      return 'CONNACK';
    case 'disconnected':
      return event.how === 'lost' ? '✕' : 'DISCONNECT';
    case 'subscribed':
      return 'SUBSCRIBE';
    case 'unsubscribed':
      return 'UNSUBSCRIBE';
    case 'will':
      return 'WILL';
    case 'ack':
      return event.packet.toUpperCase();
    default:
      return 'PUBLISH';
  }
}

function detailOf(event: BrokerEvent) {
  const { flow } = words.value;
  switch (event.kind) {
    case 'publish':
    case 'delivery':
    case 'will':
      return (
        <>
          <code>{shorten(visible(event.topic), 48)}</code> <b>{shorten(visible(event.payload), 40)}</b>{' '}
          <small>
            QoS {event.qos}
            {event.retain && ' · retain'}
            {event.kind !== 'will' && event.dup && ' · DUP'}
            {event.kind !== 'will' && event.id !== null && ` · id ${event.id}`}
          </small>
        </>
      );
    case 'ack':
      return <small>id {event.id}</small>;
    case 'subscribed':
      return <code>{event.filters.map(({ filter, qos }) => `${shorten(visible(filter), 40)} (QoS ${qos})`).join(', ')}</code>;
    case 'unsubscribed':
      return <code>{event.filters.map((filter) => shorten(visible(filter), 40)).join(', ')}</code>;
    case 'connected':
      return <small>{flow.connected(event.protocol, event.sessionPresent)}</small>;
    case 'disconnected':
      return <small>{flow.left[event.how]}</small>;
    case 'refused':
      return <small>{flow.refused(event.code)}</small>;
  }
}
