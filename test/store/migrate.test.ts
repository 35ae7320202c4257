import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { OperatorError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { migrations } from '../../src/store/migrations/all.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { StoreOptions } from '../../src/store/store-options.ts';
import { rounds } from '../rounds.ts';
import { dataSourceOf, makeOldSchema } from './old-schema.ts';
import { connectBeside, createDatabase, openTestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';
import { startProcess } from './processes/start.ts';
import { at, identityOf, userNamed } from './rows.ts';

const names = migrations.map(({ name }) => name);
/** The migrations of version 0.1.0. */
const firstRelease = 5;

const emptyPlace = async (kind: string): Promise<{ options: StoreOptions; drop: () => Promise<void> }> => {
  if (kind === 'postgresql') {
    const { url, drop } = await createDatabase();
    return { options: { databaseUrl: url, dataDir: '', log: silentLog }, drop };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'portcullis-migrate-'));
  return {
    options: { databaseUrl: null, dataDir, log: silentLog },
    drop: () => rm(dataDir, { recursive: true, force: true }),
  };
};

describe.each(storeKinds)('migrations of the %s store', (kind) => {
  // TypeORM takes no lock: 5 nodes ran one data migration 5 times.
  test('run once each, whoever of 5 processes runs them', async () => {
    const { options, drop } = await emptyPlace(kind);
    const owner = kind === 'embedded' ? await openStore(options) : null;
    const processes = Array.from({ length: 5 }, () =>
      startProcess('migrate.ts', options.databaseUrl?.reveal() ?? '', options.dataDir),
    );
    for (const started of processes) await started.next();
    for (const { child } of processes) child.send('go');
    const answers = await Promise.all(
      processes.map((started) => started.next<{ names?: string[]; failed?: string }>()),
    );
    expect(answers.filter(({ failed }) => failed !== undefined)).toEqual([]);
    expect(answers.flatMap((answer) => answer.names)).toEqual(names);
    const client = await connectBeside(options);
    const { rows } = await client.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY id');
    expect(rows.map(({ name }) => name)).toEqual(names);
    await client.end();
    await owner?.close();
    await drop();
  }, 120_000);

  test('go back one by one to nothing, and forward again', async () => {
    const opened = await openTestStore(kind);
    const dataSource = await dataSourceOf(opened.options);
    await dataSource.initialize();
    for (let left = names.length; left > 0; left -= 1) await dataSource.undoLastMigration();
    const left = await opened.sql(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    );
    expect(left).toEqual([{ name: 'schema_migrations' }]);
    await dataSource.destroy();
    expect(await migrate(opened.options)).toEqual(names);
    expect(await migrate(opened.options)).toEqual([]);
    expect(await opened.store.users.count()).toBe(0);
    await opened.close();
  });

  test('keep what an older version stored, and what it goes on to store beside the new one', async () => {
    const { options, drop } = await emptyPlace(kind);
    const store = await openStore(options);
    await makeOldSchema(options, firstRelease);
    const client = await connectBeside(options);
    const ids = ['ann', 'bob'].map((_, n) => `00000000-0000-7000-8000-00000000000${n}`);
    const [ann = '', bob = ''] = ids;
    // As the older version writes it.
    const addMember = async (id: string, group: string) => {
      const { rowCount } = await client.query(
        `INSERT INTO memberships (user_id, group_name, added_by, added_at) VALUES ($1, $2, 'operator', now())
          ON CONFLICT DO NOTHING RETURNING 1`,
        [id, group],
      );
      return rowCount === 1;
    };
    await client.query(
      `INSERT INTO users (id, username, name, created_at) VALUES ($1, 'ann', 'Ann', now()), ($2, 'bob', 'Bob', now())`,
      ids,
    );
    await client.query(`INSERT INTO groups VALUES ('support', now()), ('lead', now())`);
    await client.query(
      `INSERT INTO group_nestings VALUES ($1, 'lead', 'support', 'user:root', now())`,
      ids.slice(0, 1),
    );
    await client.query('UPDATE policy_epoch SET value = 7');
    for (const [id, group] of [
      [ann, 'support'],
      [ann, 'lead'],
      [bob, 'support'],
    ] as const)
      expect(await addMember(id, group)).toBe(true);

    expect(await migrate(options)).toEqual(names.slice(firstRelease));
    expect(await store.groups.groupsOf(ids)).toEqual(
      new Map([
        [ann, ['lead', 'support']],
        [bob, ['support']],
      ]),
    );
    expect(await store.sessions.loadUser(ann)).toMatchObject({ policyEpoch: 7, groups: ['lead', 'support'] });
    expect((await store.groups.nestings()).map(({ member, group }) => [member, group])).toEqual([
      ['lead', 'support'],
    ]);
    expect(await store.grants.list()).toEqual([]);
    expect(await store.administration.revision()).toBe(0);

    expect(await addMember(bob, 'support')).toBe(false);
    expect(await addMember(bob, 'lead')).toBe(true);
    expect(await store.groups.addMember('lead', bob, 'user:root', 0)).toBe(false);
    expect(await store.groups.removeMember('support', bob)).toBe(true);
    expect((await store.groups.groupsOf([bob])).get(bob)).toEqual(['lead']);
    await client.end();
    await store.close();
    await drop();
  }, 60_000);

  test('go back without making an administrator’s what claims gave', async () => {
    const opened = await openTestStore(kind);
    const ann = userNamed('ann');
    const identity = identityOf(ann);
    await opened.store.users.insert(ann);
    await opened.store.identities.insert(identity);
    await opened.store.groups.setClaimed(identity, ['both', 'claimed'], 'login', at);
    for (const group of ['both', 'given']) await opened.store.groups.addMember(group, ann.id, 'operator', at);
    const dataSource = await dataSourceOf(opened.options);
    await dataSource.initialize();
    for (let left = names.length; left > firstRelease; left -= 1) await dataSource.undoLastMigration();
    await dataSource.destroy();
    expect(await opened.sql('SELECT group_name FROM memberships ORDER BY 1')).toEqual([
      { group_name: 'both' },
      { group_name: 'given' },
    ]);
    expect(await migrate(opened.options)).toEqual(names.slice(firstRelease));
    expect((await opened.store.groups.groupsOf([ann.id])).get(ann.id)).toEqual(['both', 'given']);
    await opened.close();
  }, 60_000);

  test('are needed before anything else: a call says so for the log', async () => {
    const { options, drop } = await emptyPlace(kind);
    const store = await openStore(options);
    await expect(store.users.count()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      detail: 'a table is missing: run the migrations',
    });
    await store.close();
    await drop();
  }, 60_000);

  test('that fail change nothing, and say so', async () => {
    const { options, drop } = await emptyPlace(kind);
    const store = await openStore(options);
    const client = await connectBeside(options);
    await client.query('CREATE TABLE throttle_buckets (in_the_way int)');
    await expect(migrate(options)).rejects.toThrow(OperatorError);
    await expect(migrate(options)).rejects.toThrow('nothing was changed');
    const { rows } = await client.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    );
    expect(rows).toEqual([{ relname: 'throttle_buckets' }]);
    await client.query('DROP TABLE throttle_buckets');
    expect(await migrate(options)).toEqual(names);
    await client.end();
    await store.close();
    await drop();
  }, 60_000);
});

// An embedded database is one process's (F02): several nodes boot on PostgreSQL alone.
if (storeKinds.includes('postgresql'))
  test(
    'F14: 5 nodes boot together on an empty and on an old schema: each migration runs once, and every node boots',
    async () => {
      const nodes = Array.from({ length: 5 }, () => startProcess('boot.ts'));
      for (const node of nodes) await node.next();
      for (let round = 0; round < 2 * rounds(1, 50); round += 1) {
        const { url, drop } = await createDatabase();
        const migrated = round % 2 === 0 ? 0 : firstRelease;
        if (migrated > 0) {
          await makeOldSchema({ databaseUrl: url, dataDir: '', log: silentLog }, migrated);
        }
        for (const { child } of nodes) child.send(url.reveal());
        const answers = await Promise.all(
          nodes.map((node) => node.next<{ names?: string[]; failed?: string }>()),
        );
        expect(answers.filter(({ failed }) => failed !== undefined)).toEqual([]);
        expect(answers.flatMap((answer) => answer.names)).toEqual(names.slice(migrated));
        await drop();
      }
      for (const { child } of nodes) child.disconnect();
      expect(await Promise.all(nodes.map(({ exited }) => exited))).toEqual([0, 0, 0, 0, 0]);
    },
    rounds(60_000, 1_800_000),
  );
