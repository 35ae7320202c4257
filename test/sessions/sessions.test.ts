import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { SessionBackend } from '../../src/sessions/sessions.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import type { Client } from '../http/client.ts';
import { rounds } from '../rounds.ts';
import { insertUser } from './insert-user.ts';
import { manualClock } from './manual-clock.ts';
import { backendKinds, limits, openTestBackend, type TestBackend } from './open-test-backend.ts';
import { type SessionApp, startSessionApp } from './session-app.ts';

const name = 'portcullis';

interface Told {
  readonly user: string | null;
  readonly csrf: string | null;
  readonly data: Record<string, unknown> | null;
  readonly live: Record<string, unknown> | null;
}
const told = async (client: Client, path = '/'): Promise<Told> =>
  JSON.parse((await client.get(path)).text) as Told;

describe.each(backendKinds)('a session on %s', (kind) => {
  let kept: TestBackend;
  let app: SessionApp;
  let ann: UserRow;
  const clock = manualClock(Date.now());
  const asked: string[] = [];
  beforeAll(async () => {
    kept = await openTestBackend(kind);
    // The backend itself, told on: nothing is answered in its place.
    const backend: SessionBackend = {
      ...kept.backend,
      load: (idHash, alive) => {
        asked.push(idHash === null ? 'nobody' : 'id');
        return kept.backend.load(idHash, alive);
      },
      update: (...args) => {
        asked.push('update');
        return kept.backend.update(...args);
      },
    };
    app = await startSessionApp({ backend, limits, clock, user: () => ann });
  });
  afterAll(async () => {
    await app.close();
    await kept.close();
  });
  beforeEach(async () => {
    await app.settle();
    await kept.empty();
    ann = await insertUser(kept.store, clock, 'ann');
    asked.length = 0;
  });

  test('C23: the id is 256 random bits, and what is stored is neither it nor a part of it', async () => {
    const client = app.client();
    const ids = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      await client.get('/login');
      const id = client.jar.get(name) ?? '';
      expect(Buffer.from(id, 'base64url')).toHaveLength(32);
      expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
      ids.add(id);
    }
    expect(ids.size).toBe(20);
    const dump = await kept.dump();
    for (const id of ids) {
      expect(dump).not.toContain(id);
      expect(dump).not.toContain(Buffer.from(id, 'base64url').toString('hex'));
    }
    expect(dump).toContain(
      createHash('sha256')
        .update([...ids].at(-1)!)
        .digest('hex'),
    );
  });

  test('C24: a login begins a new id, and the old one is dead', async () => {
    const client = app.client();
    await client.get('/login');
    const [oldId, oldCsrf] = [client.jar.get(name)!, (await told(client)).csrf];
    await client.get('/login');
    expect(client.jar.get(name)).not.toBe(oldId);
    expect((await told(client)).csrf).not.toBe(oldCsrf);
    const thief = app.client();
    thief.jar.set(name, oldId);
    expect((await told(thief)).user).toBeNull();
  });

  test('C25: what was planted before a login is gone after it, and after a logout nothing is left', async () => {
    const client = app.client();
    await client.get('/login');
    await client.get('/plant?x');
    expect((await told(client)).live).toMatchObject({ planted: 'x' });
    await client.get('/login');
    expect(Object.keys((await told(client)).live ?? {})).toEqual(['csrf']);
    await client.get('/plant?y');
    const id = client.jar.get(name)!;
    await client.get('/logout');
    expect(client.jar.has(name)).toBe(false);
    expect(await told(client)).toMatchObject({ user: null, csrf: null, data: null, live: {} });
    client.jar.set(name, id);
    expect(await told(client)).toMatchObject({ user: null, csrf: null, data: null, live: {} });
  });

  test('C25: what an issuer wants to see at logout is kept with its session, and with no other', async () => {
    const client = app.client();
    await client.get('/login?the-hint');
    const id = client.jar.get(name)!;
    expect((await told(client)).data).toMatchObject({ logoutHint: 'the-hint' });
    await client.get('/login');
    expect((await told(client)).data).not.toHaveProperty('logoutHint');
    client.jar.set(name, id);
    expect((await told(client)).data).toBeNull();
  });

  test('C25: koa-session regenerate() keeps old data: begin() drops it (trap)', async () => {
    const visitor = app.client();
    await visitor.get('/plant?before');
    expect(visitor.jar.size).toBe(0);
    await visitor.get('/login');
    expect(JSON.stringify((await told(visitor)).live)).not.toContain('before');
  });

  test(
    'C26: an in-flight request that writes its session does not bring back an ended one',
    async () => {
      const total = rounds(100, 1_000);
      let resurrected = 0;
      for (let round = 0; round < total; round += 1) {
        const client = app.client();
        await client.get('/login');
        const id = client.jar.get(name)!;
        let open = (): void => undefined;
        const arrived = new Promise<void>((resolve) => (app.gate.arrived = resolve));
        app.gate.open = new Promise((resolve) => (open = resolve));
        const late = app.client();
        late.jar.set(name, id);
        const slow = late.get(`/slow?${round}`);
        await arrived;
        const ends = [
          () => client.get('/logout'),
          () => kept.store.users.endSessions(ann.id),
          async () => {
            await kept.store.users.changeStatus(ann.id, 'active', 'suspended');
            await kept.store.users.changeStatus(ann.id, 'suspended', 'active');
          },
        ];
        // Half of them let the late write race the end, half let it come after.
        const end = ends[round % ends.length]!();
        if (round % 2 === 0) await end;
        open();
        await Promise.all([end, slow]);
        const replay = app.client();
        replay.jar.set(name, id);
        if ((await told(replay)).user !== null) resurrected += 1;
        expect(late.jar.get(name)).toBe(id);
        ann = (await kept.store.users.find(ann.id))!;
      }
      expect(resurrected).toBe(0);
    },
    rounds(30_000, 600_000),
  );

  test('C27: an idle session ends, and a busy one ends at the absolute limit', async () => {
    const client = app.client();
    await client.get('/login');
    clock.advance(limits.idle - 61_000);
    expect((await told(client)).user).toBe('ann');
    await app.settle();
    clock.advance(limits.idle - 1_000);
    expect((await told(client)).user).toBe('ann');
    await app.settle();
    clock.advance(limits.idle + 1);
    expect((await told(client)).user).toBeNull();

    await client.get('/login');
    let served = 0;
    while ((await told(client)).user !== null) {
      served += 1;
      await app.settle();
      clock.advance(limits.idle / 2);
      expect(served).toBeLessThan(100);
    }
    expect(served).toBe(limits.absolute / (limits.idle / 2));
  });

  test('last use is written at most once a minute, and not before the answer', async () => {
    const client = app.client();
    await client.get('/login');
    for (let each = 0; each < 5; each += 1) await client.get('/');
    await app.settle();
    expect(asked.filter((what) => what === 'update')).toHaveLength(0);
    clock.advance(60_000);
    await client.get('/');
    await app.settle();
    await client.get('/');
    await app.settle();
    expect(asked.filter((what) => what === 'update')).toHaveLength(1);
  });

  test('a visitor has no row and no cookie, whatever a route leaves in the session', async () => {
    const client = app.client();
    for (const path of ['/', '/plant?x', '/null', '/logout', '/fail']) {
      const { setCookies } = await client.get(path);
      expect(setCookies.filter((line) => !line.startsWith(`${name}=;`))).toEqual([]);
    }
    expect(await kept.dump()).toMatch(/^\[(\[\],\[\])?\]$/);
    expect(new Set(asked)).toEqual(new Set(['nobody']));
  });

  test.each([
    'x',
    '',
    '"',
    'a'.repeat(42),
    'a'.repeat(44),
    'a'.repeat(8_000),
    `${'a'.repeat(42)}!`,
    `${'a'.repeat(42)}%`,
    '../../etc/passwd',
    "' OR 1=1 --",
    'null',
    '[object Object]',
    'é'.repeat(43),
    '%00'.repeat(14),
    Buffer.from('{"user":"ann"}').toString('base64'),
  ])('a malformed cookie %j is nobody, and never reaches the database', async (value) => {
    const client = app.client();
    const answer = await client.get('/', { cookie: `${name}=${Buffer.from(value).toString('latin1')}` });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ user: null });
    expect(answer.setCookies).toEqual([]);
    expect(asked).toEqual(['nobody']);
  });

  test('an id that nobody has is not adopted: the login makes its own', async () => {
    const client = app.client();
    const chosen = 'A'.repeat(43);
    client.jar.set(name, chosen);
    expect((await told(client)).user).toBeNull();
    await client.get('/login');
    expect(client.jar.get(name)).not.toBe(chosen);
    const attacker = app.client();
    attacker.jar.set(name, chosen);
    expect((await told(attacker)).user).toBeNull();
  });

  test('data written before a route fails is kept, and ending through koa-session ends the row', async () => {
    const client = app.client();
    await client.get('/login');
    const id = client.jar.get(name)!;
    expect((await client.get('/fail')).status).toBe(500);
    expect((await told(client)).data).toMatchObject({ before: 'failure' });
    await client.get('/null');
    expect(client.jar.has(name)).toBe(false);
    client.jar.set(name, id);
    expect((await told(client)).user).toBeNull();
  });
});
