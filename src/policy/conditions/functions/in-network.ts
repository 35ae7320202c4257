import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ConditionFailed } from '../condition-failed.ts';
import { ConditionRefused } from '../condition-refused.ts';
import type { Operand } from '../operand.ts';
import { notLike, type ConditionFunction } from './condition-function.ts';

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** `10.0.0.0/8` or `2001:db8::/32`, the address being the network's own. */
function parseNetwork({ literal, text }: Operand): Network {
  const [address, bits, more] = typeof literal === 'string' ? literal.split('/') : [];
  const version = isIP(address ?? '');
  const width = version === 4 ? 32 : 128;
  const isPrefix = bits !== undefined && /^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= width;
  if (address === undefined || version === 0 || address.includes('%') || !isPrefix || more !== undefined)
    throw notLike(inNetwork);
  const mapped = ipaddr.parse(address);
  // Such a client is one of IPv4 here: the network would be nobody's, and a deny of it would deny nobody.
  if (mapped instanceof ipaddr.IPv6 && mapped.isIPv4MappedAddress() && Number(bits) >= 96) {
    throw new ConditionRefused(
      'condition-argument',
      `${text} is IPv4 written as IPv6.`,
      `Write '${mapped.toIPv4Address().toString()}/${Number(bits) - 96}'.`,
    );
  }
  const network = ipaddr.parseCIDR(`${address}/${bits}`);
  const first = (version === 4 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(network.join('/'));
  if (first.toString() !== network[0].toString()) {
    throw new ConditionRefused(
      'condition-argument',
      `${text} has bits set beyond its prefix.`,
      `Write '${first.toString()}/${bits}'.`,
    );
  }
  return network;
}

const contains = ([first, bits]: Network, address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
  first.kind() === address.kind() && address.match(first, bits);

export const inNetwork: ConditionFunction = {
  name: 'in_network',
  parameters: 'network, … (IPv4 or IPv6 with a prefix length)',
  answers: "Whether the client's address is in one of the networks. Fails where the address is not known.",
  example: "in_network(r.ctx, '10.0.0.0/8', '2001:db8::/32')",
  stepUp: false,
  inputs: ['request'],
  fails: true,
  compile(operands) {
    if (operands.length === 0) throw notLike(inNetwork);
    const networks = operands.map(parseNetwork);
    return ({ environment }) => {
      if (environment.address === null || isIP(environment.address) === 0) {
        throw new ConditionFailed("The client's address is not known.");
      }
      // An IPv4 address that came in on an IPv6 socket is an IPv4 address.
      const address = ipaddr.process(environment.address);
      return networks.some((network) => contains(network, address));
    };
  },
};
