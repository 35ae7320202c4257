import ipaddr from 'ipaddr.js';
import { isLoopback } from '../../core/loopback.ts';
import type { Check } from '../check.ts';
import { good, warning } from '../verdict.ts';

/** Prefixes shorter than these are most of the Internet, not somebody's proxies. */
const shortest = { ipv4: 8, ipv6: 16 } as const;

export const proxies: Check = {
  name: 'proxies',
  title: 'Trusted proxies',
  reason:
    'Addresses of clients decide about throttles, conditions and records: from the wrong hop they are made up.',
  needs: ['trustedProxies', 'publicUrl'],
  inspect({ settings: { trustedProxies, publicUrl } }) {
    if (trustedProxies.length === 0) {
      const proxied = publicUrl.protocol === 'https:' && !isLoopback(publicUrl);
      return [
        proxied
          ? warning(
              'No proxy is trusted, and https needs one in front: every client would look like the proxy, and share its throttles.',
              "Name the proxy's address in TRUSTED_PROXIES.",
            )
          : good('None is trusted: the address of a connection is the address of the client.'),
      ];
    }
    return [
      good(`X-Forwarded-For is believed of ${trustedProxies.join(', ')}.`),
      ...trustedProxies
        .filter(isWide)
        .map((network) =>
          warning(
            `${network} in TRUSTED_PROXIES is much of the Internet: clients in it choose the address they are seen under.`,
            'Name the proxies alone.',
          ),
        ),
    ];
  },
};

function isWide(network: string): boolean {
  if (!ipaddr.isValidCIDR(network)) return false;
  const [address, bits] = ipaddr.parseCIDR(network);
  return bits < shortest[address.kind()];
}
