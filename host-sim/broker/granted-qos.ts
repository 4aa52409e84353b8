// Delivers a message with no more QoS than the subscriber was granted ([MQTT-3.8.4-6] of 3.1.1). Aedes 1.2 sees to that only where the
// filter has no wildcard.

import type { AedesOptions, Client } from 'aedes';
import { matches } from '../../firmware/mqtt/topic.js';

type Forward = NonNullable<AedesOptions['authorizeForward']>;

/** What Aedes knows of a client's subscriptions, by filter. */
interface Subscriber {
  readonly subscriptions: Readonly<Record<string, { readonly qos: number }>>;
}

const encoder = new TextEncoder();

/** `forward`, and then QoS 2 becomes 1 where no subscription grants more: one with QoS 0 is served by Aedes in another way. */
export function withGrantedQos(forward: Forward): Forward {
  return (client, packet) => {
    const forwarded = forward(client, packet);
    return forwarded?.qos === 2 && !grantsQos2(client, forwarded.topic) ? { ...forwarded, qos: 1 } : forwarded;
  };
}

function grantsQos2(client: Client, topic: string): boolean {
  const { subscriptions } = client as unknown as Subscriber;
  const name = encoder.encode(topic);
  return Object.entries(subscriptions).some(([filter, { qos }]) => qos === 2 && matches(encoder.encode(filter), name));
}
