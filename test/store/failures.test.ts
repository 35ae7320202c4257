import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Log } from '../../src/core/log.ts';
import { openTestStore, type TestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { at, sessionOf, userNamed } from './rows.ts';

const everythingIn = (value: unknown): string => inspect(value, { depth: 12, showHidden: true });

describe.each(storeKinds)('failures of the %s store', (kind) => {
  let opened: TestStore;
  const logged: unknown[] = [];
  beforeAll(async () => {
    const keep = (...entry: unknown[]): void => void logged.push(entry);
    const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
    opened = await openTestStore(kind, { log });
  });
  afterAll(() => opened.close());

  // TypeORM's error has the parameters of its statement; pg's has the row that failed, and the client.
  test('C35: tell the statement and its state, never what was in it', async () => {
    const ann = userNamed('ann', { passwordHash: 'no-dollar-so-refused-hunter2' });
    const fault: unknown = await opened.store.users.insert(ann).catch((error: unknown) => error);
    expect(fault).toMatchObject({ name: 'DatabaseFault', code: '23514' });
    expect(everythingIn(fault)).toContain('INSERT INTO "passwords"');
    const lost = sessionOf(userNamed('x'), { data: { csrf: 'hunter2' } });
    const notFound: unknown = await opened.store.sessions.insert(lost).catch((error: unknown) => error);
    expect(notFound).toMatchObject({ code: 'NOT_FOUND' });
    expect(everythingIn([fault, notFound, logged])).not.toContain('hunter2');
    expect(everythingIn([fault, notFound])).not.toContain('connectionParameters');
  });

  test('that are a caller’s fault are not taken for the database’s', async () => {
    const work = opened.store.transaction(async (store) => {
      await store.users.insert(userNamed('bob'));
      throw new Error('a fault of the caller');
    });
    await expect(work).rejects.toThrow('a fault of the caller');
    await expect(opened.store.sessions.end(sessionOf({ id: 'x' }).idHash, at)).resolves.toBe(false);
  });
});

(storeKinds.includes('postgresql') ? describe : () => undefined)('a connection that PostgreSQL cuts', () => {
  const cut = (opened: TestStore, state: string) =>
    opened.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'portcullis' AND state = $1`,
      [state],
    );

  test('is UNAVAILABLE in the middle of a unit, and the next call has another', async () => {
    const opened = await openTestStore('postgresql');
    const unit = opened.store.transaction(async (store) => {
      await store.users.insert(userNamed('cyd'));
      await cut(opened, 'idle in transaction');
      await store.users.count();
    });
    await expect(unit).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await opened.store.users.count()).toBe(0);
    await opened.close();
  });

  test('between two calls leaves a line in the log, without the client in it, and fails no call', async () => {
    const logged: unknown[] = [];
    const keep = (...entry: unknown[]): void => void logged.push(entry);
    const opened = await openTestStore('postgresql', {
      log: { debug: keep, info: keep, warn: keep, error: keep },
    });
    await opened.store.check();
    await cut(opened, 'idle');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(everythingIn(logged)).toContain('an idle database connection was lost');
    expect(everythingIn(logged)).not.toContain('connectionParameters');
    await opened.store.check();
    await opened.close();
  });
});
