// The resolver port on the SDK's `net`, which asks the DNS server of the network.

// biome-ignore lint/style/useNodejsImportProtocol: the SDK's module, not Node's
import Net from 'net';
import type { Resolver } from '../ports.js';
import { timer } from './timer.js';

export const resolver = Object.freeze<Resolver>({
  resolve({ host, onResolved, onError }) {
    if (host === 'localhost') {
      // On Linux the SDK looks at a name's first address alone, which is an IPv6 one here.
      timer.set(() => onResolved(host, '127.0.0.1'), 0);
      return;
    }
    try {
      Net.resolve(host, (_host, address) => {
        if (address === undefined) onError(host);
        else onResolved(host, address);
      });
    } catch {
      // Out of memory, or too many names asked for: an outcome like any other, and as such reported later.
      timer.set(() => onError(host), 0);
    }
  },
});
