import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OperatorError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { digestOf } from '../../src/core/secret.ts';
import { openRedis } from '../../src/sessions/redis-client.ts';
import { createRedisSessions } from '../../src/sessions/redis-sessions.ts';
import { startFreezableRedis } from './freezable-redis.ts';
import { limits } from './open-test-backend.ts';

const redisUrl = process.env['REDIS_URL'] ?? '';

test('a Redis that is not there is an operator’s fault to mend, said at once', async () => {
  const proxy = await startFreezableRedis(null);
  proxy.close();
  await expect(openRedis(proxy.url, silentLog)).rejects.toThrow(OperatorError);
});

test('a Redis that accepts and says nothing is given up after two seconds', async () => {
  const proxy = await startFreezableRedis(null);
  const startedAt = performance.now();
  await expect(openRedis(proxy.url, silentLog)).rejects.toThrow(/REDIS_URL/);
  expect(performance.now() - startedAt).toBeLessThan(3_500);
  proxy.close();
});

if (redisUrl !== '') {
  describe('a Redis that stops answering', () => {
    let proxy: Awaited<ReturnType<typeof startFreezableRedis>>;
    let client: Awaited<ReturnType<typeof openRedis>>;
    beforeAll(async () => {
      proxy = await startFreezableRedis(new URL(redisUrl));
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
