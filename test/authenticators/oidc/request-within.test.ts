import { createHook } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { kindOfAddress } from '../../../src/authenticators/oidc/address-kind.ts';
import { requestWithin, type Limits } from '../../../src/authenticators/oidc/request-within.ts';
import { createResolveHost } from '../../../src/authenticators/oidc/resolve-host.ts';

let server: Server | undefined;
let met = 0;

async function serve(answer: RequestListener): Promise<URL> {
  met = 0;
  server = createServer((request, response) => {
    met += 1;
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new URL(`http://localhost:${(server.address() as AddressInfo).port}/`);
}

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

const get = { method: 'GET', headers: {}, body: null };
const limits = (changed: Partial<Limits> = {}): Limits => ({
  signal: AbortSignal.timeout(2_000),
  longest: 1_000,
  mayReach: () => true,
  resolveHost: createResolveHost(),
  ...changed,
});

describe('a request to a provider', () => {
  test('brings the status, the type, the whole body and who answered', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(418, { 'content-type': 'text/plain', 'set-cookie': 'a=b' });
      response.write('tea');
      response.end('pot');
    });
    const answered = await requestWithin(url, get, limits());
    expect({ ...answered, body: Buffer.from(answered.body).toString() }).toEqual({
      status: 418,
      contentType: 'text/plain',
      body: 'teapot',
      address: '127.0.0.1',
    });
  });

  test('sends its body and asks for nothing compressed', async () => {
    const url = await serve((request, response) => {
      request.pipe(response);
      response.setHeader('content-type', request.headers['accept-encoding'] ?? '');
    });
    const answered = await requestWithin(url, { ...get, method: 'POST', body: 'code=é' }, limits());
    expect([Buffer.from(answered.body).toString(), answered.contentType]).toEqual(['code=é', 'identity']);
  });

  test('C57: does not leave for an address that it may not reach, whatever name leads there', async () => {
    const url = await serve((_request, response) => response.end('inside'));
    const mayReach = (address: string): boolean => kindOfAddress(address) === 'public';
    for (const host of [
      'localhost',
      '127.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
      '127.1',
      '2130706433',
    ]) {
      const inside = new URL(`http://${host}:${url.port}/`);
      await expect(requestWithin(inside, get, limits({ mayReach }))).rejects.toThrow(/an address inside/);
    }
    expect(met).toBe(0);
  });

  test('C57: asks about every address that a name has, and leaves for one that it may reach', async () => {
    const url = await serve((_request, response) => response.end('here'));
    const mayReach = (address: string): boolean => address === '127.0.0.1';
    expect((await requestWithin(url, get, limits({ mayReach }))).address).toBe('127.0.0.1');
  });

  test('C57: follows no redirect', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(307, { location: '/elsewhere' }).end(),
    );
    expect((await requestWithin(url, get, limits())).status).toBe(307);
    expect(met).toBe(1);
  });

  test('C57: takes a body up to its limit, and not one byte more', async () => {
    const url = await serve((request, response) => response.end('a'.repeat(Number(request.url?.slice(1)))));
    expect((await requestWithin(new URL('/1000', url), get, limits())).body.length).toBe(1_000);
    await expect(requestWithin(new URL('/1001', url), get, limits())).rejects.toThrow('more than 1000 bytes');
  });

  test('F12: takes no body that comes in crumbs: each costs more than a byte', async () => {
    const url = await serve((_request, { socket }) => {
      const crumbs = '1\r\na\r\n'.repeat(20_000);
      socket?.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${crumbs}0\r\n\r\n`);
    });
    const most = limits({ longest: 1_000_000 });
    await expect(requestWithin(url, get, most)).rejects.toThrow('more than 10000 pieces');
  });

  test('C57: ends with its signal, even in the middle of a body', async () => {
    const url = await serve((_request, response) => void response.write('a'));
    const began = performance.now();
    await expect(requestWithin(url, get, limits({ signal: AbortSignal.timeout(200) }))).rejects.toThrow(
      'no answer in time',
    );
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test('F12: resolves a name once for twenty at once: each question holds a thread for as long as DNS is silent', async () => {
    const url = await serve((_request, response) => response.end());
    let questions = 0;
    const hook = createHook({
      init: (_id, type) => {
        if (type === 'GETADDRINFOREQWRAP') questions += 1;
      },
    }).enable();
    const { resolveHost } = limits();
    const ask = () => requestWithin(url, get, limits({ resolveHost }));
    await Promise.all(Array.from({ length: 20 }, ask));
    expect(questions).toBe(1);
    await ask();
    expect(questions).toBe(2);
    hook.disable();
  });

  test('over https does not take the word of a server that has no certificate', async () => {
    const url = await serve((_request, response) => response.end());
    url.protocol = 'https:';
    await expect(requestWithin(new URL(`https://${url.host}/`), get, limits())).rejects.toThrow(
      /SSL|TLS|EPROTO|closed/,
    );
    expect(met).toBe(0);
  });

  test('to nobody says where', async () => {
    const url = await serve((_request, response) => response.end());
    server?.close();
    await expect(requestWithin(url, get, limits())).rejects.toThrow(`${url.host}: connect ECONNREFUSED`);
  });
});

test.each([
  ['public', ['8.8.8.8', '2606:4700::1111']],
  ['loopback', ['127.0.0.1', '127.255.255.254', '::1', '0.0.0.0', '::', '::ffff:127.0.0.1']],
  ['private', ['10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd00::1', '::ffff:10.0.0.1']],
  [
    'other',
    [
      ...['169.254.169.254', 'fe80::1', 'fe80::1%eth0', '224.0.0.1', '255.255.255.255', '240.0.0.1'],
      ...['64:ff9b::7f00:1', '2002:7f00:1::', 'fec0::1', '::ffff:169.254.169.254', 'localhost', ''],
    ],
  ],
])('C57: an address is %s', (kind, addresses) => {
  expect(addresses.map((address) => [address, kindOfAddress(address)])).toEqual(
    addresses.map((address) => [address, kind]),
  );
});
