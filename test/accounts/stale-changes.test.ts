import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { rounds } from '../rounds.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { actAs } from './acting.ts';
import { openOffice, type Office } from './open-accounts.ts';

const times = rounds(25, 1_000);

describe.each(storeKinds)('F10: two administrators and a stale request, on the %s store,', (kind) => {
  let opened: TestStore;
  let store: Store;
  let one: Office;
  let two: Office;

  beforeAll(async () => {
    opened = await openTestStore(kind);
    one = await openOffice({ store: opened.store });
    store = await openStore({ ...opened.options, attach: true });
    two = await openOffice({ store });
  });
  afterAll(async () => {
    await one.close();
    await two.close();
    await store.close();
    await opened.close();
  });

  test(
    `lose no suspension, bring no deleted row back and count each end of sessions: ${times} rounds`,
    async () => {
      const root = await one.accounts.create({ username: 'root', groups: ['superusers'] }, operator);
      const boss = await one.accounts.create({ username: 'boss', groups: ['superusers'] }, operator);
      const [byRoot, byBoss] = [await actAs(root, opened.store), await actAs(boss, opened.store)];
      let lost = 0;
      let back = 0;
      let miscounted = 0;

      for (let round = 0; round < times; round += 1) {
        const { id } = await one.accounts.create({ username: `u${round}` }, operator);
        const isDeleted = round % 2 === 1;
        const outcomes = await Promise.allSettled([
          isDeleted ? one.accounts.delete(id, byRoot) : one.accounts.changeStatus(id, 'suspended', byRoot),
          two.accounts.rename(id, { name: `Renamed ${round}` }, byBoss),
          two.accounts.changeAttributes(id, { department: 'sales' }, byBoss),
          one.accounts.addToGroup('staff', `user:u${round}`, byRoot),
          two.accounts.endSessions(id, byBoss),
          // A request that read the account before all of this, and writes now.
          opened.store.users.changeAttributes(id, { department: 'law' }),
        ]);
        const row = await opened.store.users.find(id);
        if (isDeleted) {
          if (row !== null) back += 1;
          const left = await opened.sql('SELECT 1 FROM memberships WHERE user_id = $1', [id]);
          if (left.length > 0) back += 1;
          continue;
        }
        expect(outcomes.map(({ status }) => status)).toEqual(Array(outcomes.length).fill('fulfilled'));
        if (row?.status !== 'suspended') lost += 1;
        // One for the suspension, one for the end of sessions.
        if (row?.sessionEpoch !== 2) miscounted += 1;
        expect(row).toMatchObject({ name: `Renamed ${round}` });
      }
      expect({ lost, back, miscounted }).toEqual({ lost: 0, back: 0, miscounted: 0 });
    },
    rounds(120_000, 900_000),
  );
});
