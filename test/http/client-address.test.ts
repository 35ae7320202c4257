import { describe, expect, test } from '@jest/globals';
import { findClientAddress, parseAddress, trustedProxies } from '../../src/http/client-address.ts';

const none = trustedProxies([]);
const proxies = trustedProxies(['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.7']);

/** What a limiter counts by must not move, whatever a client writes into its header. */
const spoofs = [
  '203.0.113.1',
  '127.0.0.1',
  '10.1.1.1',
  '203.0.113.1, 203.0.113.2',
  '10.1.1.1, 10.2.2.2',
  '::1',
  'unknown',
  '_hidden',
  '',
  ',',
  ', ,',
  '203.0.113.1,',
  '0x7f.0.0.1',
  '2130706433',
  '127.1',
  '203.0.113.1:80',
  '[2001:db8::1]:80',
  '::ffff:203.0.113.1',
  '203.0.113.1\u0000',
  "' or 1=1 --",
  'a'.repeat(8_000),
  '1.2.3.4, '.repeat(500),
];

describe('the client address', () => {
  test.each(spoofs.map((spoof) => [spoof]))('C68: without trusted proxies, %j changes nothing', (spoof) => {
    expect(findClientAddress('198.51.100.9', spoof, none)).toBe('198.51.100.9');
  });

  test.each(spoofs.map((spoof) => [spoof]))('C68: from an untrusted peer, %j changes nothing', (spoof) => {
    expect(findClientAddress('198.51.100.9', spoof, proxies)).toBe('198.51.100.9');
  });

  test.each(spoofs.map((spoof) => [spoof]))(
    'C68: %j before what the proxy wrote changes nothing',
    (spoof) => {
      expect(findClientAddress('10.0.0.1', `${spoof}, 198.51.100.9`, proxies)).toBe('198.51.100.9');
    },
  );

  test.each([
    ['10.0.0.1', '198.51.100.9', '198.51.100.9'],
    ['10.0.0.1', '198.51.100.9, 10.0.0.2', '198.51.100.9'],
    ['10.0.0.1', '1.1.1.1, 198.51.100.9, 192.0.2.7, 10.0.0.2', '198.51.100.9'],
    ['::ffff:10.0.0.1', '198.51.100.9', '198.51.100.9'],
    ['2001:db8:1::5', '2001:db8:9::1', '2001:db8:9::1'],
    ['10.0.0.1', '198.51.100.9:51234', '198.51.100.9'],
    ['10.0.0.1', '[2001:db8:9::1]:51234', '2001:db8:9::1'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', 'unknown', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.9, garbage', '10.0.0.1'],
    ['10.0.0.1', '10.0.0.3', '10.0.0.3'],
    ['::ffff:198.51.100.9', '', '198.51.100.9'],
    ['', '1.1.1.1', 'unknown'],
  ])('a request from %s forwarded for %j is of %s', (peer, forwardedFor, client) => {
    expect(findClientAddress(peer, forwardedFor, proxies)).toBe(client);
  });

  test('an address in a disguise is not an address', () => {
    for (const text of [
      '0177.0.0.1',
      '127.1',
      '0x7f000001',
      '1.2.3.4.5',
      '1.2.3',
      '::1::',
      '1.2.3.4/8',
      ' 1.2.3.4',
    ])
      expect(parseAddress(text)).toBeNull();
  });
});
