import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { logbook } from '../http/logbook.ts';
import { housings } from '../system/housings.ts';
import {
  answerOf,
  password,
  prepareSite,
  type RunningServer,
  type Site,
  startPortcullis,
} from '../system/start-portcullis.ts';

const HEALTH = `{ health { ready startedAt policy { version source epoch refusal loadedAt }
  database { kind answers latencyMs connections idle waiting most } sessions { kept answers latencyMs }
  audit { queued capacity lost failingSince } hashing { working waiting capacity } } }`;

describe.each(housings)('/readyz of a server on %s', (housing) => {
  const log = logbook();
  let site: Site;
  let server: RunningServer;

  beforeAll(async () => {
    site = await prepareSite(housing);
    const rows = [
      'g, user:ops, group:operators',
      'p, group:operators, operations.view_health, *, allow',
      'g, user:pat, group:partial',
      'p, group:partial, Query.health, *, allow',
      'p, group:partial, Health.ready, *, allow',
    ];
    await writeFile(join(site.policies, 'operators.csv'), `${rows.join('\n')}\n`);
    server = await startPortcullis(site, log);
    for (const username of ['ann', 'ops', 'pat', 'root'])
      await server.accounts.create({ username, password }, operator);
    await server.accounts.addToGroup('superusers', 'user:root', operator);
  });
  afterAll(async () => {
    await server.close();
    await site.remove();
  });

  const readyz = async (client: ReturnType<RunningServer['client']>) => {
    const { status, text } = await client.get('/readyz');
    return { status, body: JSON.parse(text) as Record<string, unknown> };
  };

  test('tells everybody whether it is ready and which policy decides, and no more', async () => {
    const plain = { status: 'ready', policy: { version: server.policy.status().version, source: 'files' } };
    expect(await readyz(server.client())).toEqual({ status: 200, body: plain });
    expect(await readyz(await server.loggedIn('ann'))).toEqual({ status: 200, body: plain });
    const stranger = server.client();
    stranger.jar.set('portcullis', 'A'.repeat(43));
    expect(await readyz(stranger)).toEqual({ status: 200, body: plain });
  });

  test('tells all to those whom the policy lets see Query.health', async () => {
    for (const username of ['ops', 'root']) {
      const { status, body } = await readyz(await server.loggedIn(username));
      expect(status).toBe(200);
      expect(body['detail']).toMatchObject({
        ready: true,
        policy: { version: server.policy.status().version, source: 'FILES', refusal: [] },
        database: {
          kind: housing.startsWith('postgresql') ? 'postgresql' : 'embedded',
          answers: true,
          latencyMs: expect.any(Number),
          most: 10,
        },
        sessions: { kept: housing.endsWith('redis') ? 'redis' : 'database', answers: true },
        audit: { capacity: 10_000, lost: 0, failingSince: null },
        hashing: { capacity: 64 },
      });
    }
  });

  test('tells field by field what the policy says: nothing is seen there that GraphQL would not show', async () => {
    const { body } = await readyz(await server.loggedIn('pat'));
    expect(body['detail']).toMatchObject({ ready: true, database: null, policy: null, audit: null });
  });

  test('is the same by GraphQL, where somebody else hears that the policy does not allow it', async () => {
    expect((await answerOf(await server.loggedIn('ops'), HEALTH)).codes).toEqual([]);
    expect(await answerOf(await server.loggedIn('ann'), HEALTH)).toEqual({
      data: { health: null },
      codes: ['FORBIDDEN'],
    });
    expect(await answerOf(server.client(), HEALTH)).toEqual({
      data: { health: null },
      codes: ['UNAUTHENTICATED'],
    });
  });

  test('records no denial where it shows no detail: probes and curious browsers ask all day', async () => {
    log.records.length = 0;
    await readyz(await server.loggedIn('ann'));
    const events = log.records.map(({ fields }) => (fields as { event?: string }).event);
    expect(events).toContain('http.request');
    expect(events).not.toContain('decision.denied');
  });
});

test('a server that closes is not ready first, and still answers', async () => {
  const site = await prepareSite('embedded', { shutdown: { lead: '2s' } });
  const server = await startPortcullis(site);
  const closing = server.close();
  const { status, text } = await server.client().get('/readyz');
  expect([status, JSON.parse(text)]).toEqual([503, { status: 'draining' }]);
  expect((await server.client().get('/healthz')).status).toBe(200);
  expect((await answerOf(server.client(), '{ viewer { subject } }')).data).toEqual({
    viewer: { subject: 'anonymous' },
  });
  await closing;
  await expect(server.client().get('/healthz')).rejects.toThrow(/ECONNREFUSED/);
  await site.remove();
});
