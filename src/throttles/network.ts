import ipaddr from 'ipaddr.js';

/** The network of whoever has no address that can be read: one bucket for all of them, and never a known one. */
export const unknownNetwork = 'unknown';

/**
 * The part of an address that one subscriber holds, as text: an IPv4 address whole, the first 64 bits of an IPv6 one
 * (RFC 6177: a site has at least that much, and can use any address in it). IPv4 is not widened to a /24: behind one
 * address there may be an office already, and its neighbours are strangers to it; whoever owns many addresses meets the
 * limits of the account and of the whole instead.
 */
export function networkOf(address: string | null): string {
  if (address === null || !ipaddr.isValid(address)) return unknownNetwork;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return `${parsed.toString()}/32`;
  const prefix = new ipaddr.IPv6([...parsed.parts.slice(0, 4), 0, 0, 0, 0]);
  return `${prefix.toString()}/64`;
}
