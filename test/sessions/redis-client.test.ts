import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OperatorError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { digestOf, Secret } from '../../src/core/secret.ts';
import { openRedis } from '../../src/sessions/redis-client.ts';
import { createRedisSessions } from '../../src/sessions/redis-sessions.ts';
import { limits } from './open-test-backend.ts';

const redisUrl = process.env['REDIS_URL'] ?? '';

/** Passes bytes on to a server, until it is told to keep them. */
async function startProxy(target: URL | null) {
  const sockets = new Set<Socket>();
  let frozen = false;
  const server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => undefined);
    if (target === null) return;
    const far = connect(Number(target.port === '' ? 6379 : target.port), target.hostname);
    sockets.add(far);
    far.on('error', () => undefined);
    near.on('data', (data) => {
      if (!frozen) far.write(data);
    });
    far.on('data', (data) => {
      if (!frozen) near.write(data);
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new Secret(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`),
    freeze: () => {
      frozen = true;
    },
    /** Breaks every connection, and passes bytes on again. */
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test('a Redis that is not there is an operator’s fault to mend, said at once', async () => {
  const proxy = await startProxy(null);
  proxy.close();
  await expect(openRedis(proxy.url, silentLog)).rejects.toThrow(OperatorError);
});

test('a Redis that accepts and says nothing is given up after two seconds', async () => {
  const proxy = await startProxy(null);
  const startedAt = performance.now();
  await expect(openRedis(proxy.url, silentLog)).rejects.toThrow(/REDIS_URL/);
  expect(performance.now() - startedAt).toBeLessThan(3_500);
  proxy.close();
});

if (redisUrl !== '') {
  describe('a Redis that stops answering', () => {
    let proxy: Awaited<ReturnType<typeof startProxy>>;
    let client: Awaited<ReturnType<typeof openRedis>>;
    beforeAll(async () => {
      proxy = await startProxy(new URL(redisUrl));
      client = await openRedis(proxy.url, silentLog);
    });
    afterAll(() => {
      client.destroy();
      proxy.close();
    });

    test('is UNAVAILABLE at the deadline, and serves again when it is back', async () => {
      const nobody = { policyEpoch: 3, user: null, groups: [] };
      const backend = createRedisSessions({
        client,
        store: { sessions: { loadUser: () => Promise.resolve(nobody) } },
        prefix: 'portcullis-test:frozen:',
        limits,
        deadline: 300,
      });
      const load = () => backend.load(digestOf('x'), { ...limits, now: Date.now() });
      expect(await load()).toEqual({ ...nobody, session: null });
      proxy.freeze();
      const startedAt = performance.now();
      await expect(load()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(performance.now() - startedAt).toBeLessThan(1_500);
      proxy.thaw();
      const answers: unknown[] = [];
      for (let attempt = 0; attempt < 50 && answers.length === 0; attempt += 1) {
        await load().then(
          (answer) => answers.push(answer),
          () => new Promise((resolve) => setTimeout(resolve, 100)),
        );
      }
      expect(answers).toEqual([{ ...nobody, session: null }]);
    });
  });
}
