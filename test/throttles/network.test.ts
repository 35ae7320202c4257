import { expect, test } from '@jest/globals';
import { networkOf, unknownNetwork } from '../../src/throttles/network.ts';

test.each([
  ['192.0.2.7', '192.0.2.7/32'],
  ['::ffff:192.0.2.7', '192.0.2.7/32'],
  ['::ffff:c000:207', '192.0.2.7/32'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['::1', '::/64'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each([null, '', 'unknown', '1.2.3.4, 5.6.7.8', 'example.org', '192.0.2.7/8'])(
  'whoever has the address %j is of the unknown network',
  (address) => {
    expect(networkOf(address)).toBe(unknownNetwork);
  },
);
