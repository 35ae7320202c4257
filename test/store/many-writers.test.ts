import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { rounds } from '../rounds.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, grantTo, identityOf, nesting, sessionOf, userNamed } from './rows.ts';

describe.each(storeKinds)('many who write at once to the %s store', (kind) => {
  let opened: TestStore;
  let other: Store;
  beforeAll(async () => {
    opened = await openTestStore(kind);
    other = await openStore({ ...opened.options, attach: true });
  });
  afterAll(async () => {
    await other.close();
    await opened.close();
  });
  beforeEach(() => opened.empty());

  test(
    'F10: two administrators and a stale request update one account: no change is lost, no row comes back',
    async () => {
      let lost = 0;
      let back = 0;
      for (let round = 0; round < rounds(200, 1_000); round += 1) {
        const ann = userNamed(`ann${round}`, { passwordHash: '$old' });
        await opened.store.users.insert(ann);
        const session = sessionOf(ann);
        const identity = identityOf(ann);
        await opened.store.sessions.insert(session);
        await opened.store.identities.insert(identity);
        const deletes = round % 4 === 3;
        const renamed = userNamed(`zoe${round}`).username;
        const last = deletes
          ? () => other.users.delete(ann.id)
          : () => other.users.rename(ann.id, { username: renamed });
        await Promise.all([
          // One administrator.
          opened.store.users.changeStatus(ann.id, 'active', 'suspended'),
          opened.store.users.changeAttributes(ann.id, { level: round }),
          opened.store.users.endSessions(ann.id),
          // Another one, on another server.
          other.users.changeAttributes(ann.id, { department: 'sales' }),
          other.users.setPassword(ann.id, '$new', at, { endSessions: true }),
          last(),
          // A request that read the account before all that.
          opened.store.sessions.update(session.idHash, { data: { late: true }, lastUsedAt: at + 1 }),
          opened.store.users.upgradeHash(ann.id, '$old', '$better'),
          other.identities.recordUse(identity.id, {
            authenticator: 'work',
            label: 'late',
            lastUsedAt: at + 1,
          }),
          other.groups.setClaimed(identity, ['support'], 'login', at).catch((error: unknown) => {
            expect([deletes, error]).toEqual([true, expect.objectContaining({ code: 'NOT_FOUND' })]);
          }),
        ]);
        const row = await opened.store.users.find(ann.id);
        const alive = await opened.store.sessions.load(session.idHash, {
          now: at + 2,
          idle: 1_000,
          absolute: 1_000,
        });
        if (alive.session !== null) back += 1;
        if (deletes) {
          const left = await opened.sql(
            `SELECT (SELECT count(*) FROM users WHERE id = $1)::int + (SELECT count(*) FROM passwords WHERE user_id = $1)::int
              + (SELECT count(*) FROM sessions WHERE user_id = $1)::int + (SELECT count(*) FROM identities WHERE user_id = $1)::int
              + (SELECT count(*) FROM memberships WHERE user_id = $1)::int AS rows`,
            [ann.id],
          );
          if (row !== null || left[0]?.['rows'] !== 0) back += 1;
        } else {
          const whole = {
            ...{ id: ann.id, username: renamed, name: ann.name, createdAt: at },
            ...{ status: 'suspended', attributes: { level: round, department: 'sales' } },
            // A suspension, an end of all sessions, a new password.
            sessionEpoch: 3,
          };
          const password = await opened.store.users.passwordOf(ann.id);
          if (JSON.stringify(sorted(row)) !== JSON.stringify(sorted(whole)) || password !== '$new') lost += 1;
        }
      }
      expect({ lost, back }).toEqual({ lost: 0, back: 0 });
    },
    rounds(60_000, 600_000),
  );

  // Whoever takes two rows in another order than somebody else waits for him, and he for them.
  test(
    'never wait for each other in a circle, whatever they write to the same few accounts and groups',
    async () => {
      const names = ['a', 'b', 'c'];
      const people = names.map((name) => userNamed(name));
      const identities = people.map((user) => identityOf(user));
      const failures: unknown[] = [];
      let done = 0;
      const pick = <T>(list: readonly T[], seed: number): T => list[seed % list.length]!;
      const steps: ((store: Store, seed: number) => Promise<unknown>)[] = [
        (store, n) => store.users.insert(pick(people, n)),
        (store, n) => store.users.delete(pick(people, n).id),
        (store, n) =>
          store.users.rename(pick(people, n).id, { username: userNamed(pick(names, n >> 2)).username }),
        (store, n) => store.users.changeAttributes(pick(people, n).id, { n }),
        (store, n) => store.groups.create(pick(names, n), at),
        (store, n) => store.groups.delete(pick(names, n)),
        (store, n) => store.groups.addMember(pick(names, n), pick(people, n >> 2).id, 'operator', at),
        (store, n) => store.groups.removeMember(pick(names, n), pick(people, n >> 2).id),
        (store, n) => store.groups.addNesting(nesting(pick(names, n), pick(names, n + 1))),
        (store, n) => store.groups.removeNesting(pick(names, n), pick(names, n + 1)),
        (store, n) => store.grants.add(grantTo({ userId: pick(people, n).id })),
        (store, n) => store.grants.add(grantTo({ group: pick(names, n) })),
        async (store, n) => {
          const grant = pick([...(await store.grants.list()), { id: '' }], n);
          return store.grants.remove(grant.id);
        },
        (store, n) => store.identities.insert(pick(identities, n)),
        (store, n) => store.identities.delete(pick(identities, n).id),
        // A login, as one unit.
        (store, n) =>
          store.transaction(async (unit) => {
            const identity = pick(identities, n);
            const use = { authenticator: 'work', label: 'x', lastUsedAt: at + n };
            if (!(await unit.identities.recordUse(identity.id, use))) return;
            await unit.groups.setClaimed(identity, n % 2 === 0 ? ['a', 'b'] : ['c', 'a', 'b'], 'login', at);
            await unit.sessions.insert(sessionOf({ id: identity.userId }));
          }),
        // An administrator, who changes several things as one unit.
        (store, n) =>
          store.transaction(async (unit) => {
            if (!(await unit.administration.advance(await unit.administration.revision()))) return;
            await unit.users.endSessions(pick(people, n).id);
            if (n % 8 === 0) await unit.users.delete(pick(people, n).id);
            if (n % 8 === 4) await unit.groups.delete(pick(names, n));
            await unit.grants.add(grantTo({ userId: pick(people, n + 1).id }));
            await unit.groups.addMember(pick(names, n), pick(people, n + 2).id, 'operator', at);
          }),
      ];
      let seed = 20_261_120;
      const random = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) >>> 4;
      const work = Array.from(
        { length: rounds(1_500, 30_000) },
        () => [pick(steps, random()), random()] as const,
      );
      const worker = async (store: Store): Promise<void> => {
        for (let next = work.pop(); next !== undefined; next = work.pop()) {
          const [step, n] = next;
          try {
            await step(store, n);
          } catch (error) {
            // An account or identity that is gone by then is an answer; a circle would be UNAVAILABLE.
            const { code, detail } = error as { code?: unknown; detail?: unknown };
            if (code !== 'NOT_FOUND') failures.push([steps.indexOf(step), code, detail]);
          }
          done += 1;
        }
      };
      await Promise.all(
        [opened.store, other].flatMap((store) => Array.from({ length: 6 }, () => worker(store))),
      );
      expect(failures).toEqual([]);
      expect(done).toBe(rounds(1_500, 30_000));
    },
    rounds(60_000, 1_200_000),
  );
});

/** The same whichever attribute came first. */
const sorted = (row: object | null): unknown =>
  row === null
    ? null
    : Object.entries(row)
        .map(([key, value]): unknown =>
          typeof value === 'object' && value !== null ? [key, sorted(value as object)] : [key, value],
        )
        .sort((a, b) => String(a).localeCompare(String(b)));
