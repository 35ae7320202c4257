import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Whether an address is one of the proxies in front of us. */
export type IsTrusted = (address: Address) => boolean;

/** From addresses and networks in CIDR notation, as the configuration has checked them. */
export function trustedProxies(networks: readonly string[]): IsTrusted {
  const ranges = networks.map((network) => {
    const [address, bits] = ipaddr.isValidCIDR(network)
      ? ipaddr.parseCIDR(network)
      : ([ipaddr.parse(network), null] as const);
    return [address, bits ?? (address.kind() === 'ipv4' ? 32 : 128)] as const;
  });
  return (address) =>
    ranges.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits));
}

/** An address as text, with or without a port or brackets; an IPv4 address in IPv6 clothes is IPv4. */
export function parseAddress(text: string): Address | null {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  // Four decimal parts only: `0x7f.1` and `2130706433` are other people's addresses in disguise.
  const wellFormed = bare.includes(':')
    ? ipaddr.IPv6.isValid(bare)
    : ipaddr.IPv4.isValidFourPartDecimal(bare);
  return wellFormed ? ipaddr.process(bare) : null;
}

/**
 * Who is at the other end. X-Forwarded-For is walked from the right, for as long as the one who wrote an entry is a
 * trusted proxy; what a client put in front of it is never reached (RFC 7239, section 8.1).
 */
export function findClientAddress(peer: string, forwardedFor: string, isTrusted: IsTrusted): string {
  let client = parseAddress(peer);
  if (client === null) return 'unknown';
  const entries = forwardedFor === '' ? [] : forwardedFor.split(',');
  while (entries.length > 0 && isTrusted(client)) {
    const next = parseAddress(entries.pop()?.trim() ?? '');
    if (next === null) break;
    client = next;
  }
  return client.toString();
}
