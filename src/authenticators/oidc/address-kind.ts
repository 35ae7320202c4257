import ipaddr from 'ipaddr.js';

/** Whose machines an address reaches. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'other';

const kinds: Readonly<Partial<Record<string, AddressKind>>> = {
  unicast: 'public',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'private',
  loopback: 'loopback',
  // Connecting to 0.0.0.0 or :: reaches this machine.
  unspecified: 'loopback',
};

/** Link-local (where clouds keep their metadata), multicast, reserved and translated addresses are `other`. */
export function kindOfAddress(address: string): AddressKind {
  const plain = address.replace(/%.*$/, '');
  return ipaddr.isValid(plain) ? (kinds[ipaddr.process(plain).range()] ?? 'other') : 'other';
}
