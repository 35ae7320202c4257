import { describe, expect, test } from '@jest/globals';
import { Secret } from '../../src/core/secret.ts';
import { inspectFacts as inspectDatabase } from '../../src/doctor/checks/database.ts';
import { inspectFacts as inspectRedis } from '../../src/doctor/checks/redis.ts';
import { isRemote, showAddress } from '../../src/doctor/show-address.ts';
import type { Verdict } from '../../src/doctor/verdict.ts';
import type { RedisFacts } from '../../src/sessions/inspect-redis.ts';
import type { DatabaseFacts } from '../../src/store/inspect-database.ts';

const lines = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.map(({ mark, message, remedy }) => `${mark} ${message} ${remedy ?? ''}`.trim());

describe('a Redis that answers', () => {
  const well: RedisFacts = {
    version: '7.0.15',
    mode: 'standalone',
    role: 'master',
    refusal: null,
    appendOnly: true,
    appendSync: 'always',
    eviction: 'noeviction',
    maxMemory: 0,
    latency: 1,
  };

  test('and is set up for sessions is well', () => {
    expect(lines(inspectRedis(well)).filter((line) => !line.startsWith('ok '))).toEqual([]);
  });

  test.each<[string, Partial<RedisFacts>, RegExp]>([
    ['a cluster', { mode: 'cluster' }, /^fail It is a cluster: sessions need one Redis/m],
    ['a sentinel', { mode: 'sentinel' }, /^fail It is a sentinel:/m],
    [
      'a replica',
      { role: 'slave' },
      /^fail It is a replica, which takes no writes\. Let REDIS_URL name its primary\./m,
    ],
    [
      'one that refuses writes',
      { refusal: 'MISCONF Redis is configured to save RDB snapshots' },
      /^fail It did not take a session: MISCONF .* Mend what it says/m,
    ],
    [
      'one without an append-only file',
      { appendOnly: false },
      /^warn It keeps no append-only file: .* Set appendonly yes/m,
    ],
    [
      'one that leaves the disk to the system',
      { appendSync: 'no' },
      /^warn With appendfsync no, a crash may revive sessions/m,
    ],
    [
      'one that syncs each second',
      { appendSync: 'everysec' },
      /^ok A crash may revive a session that ended in its last second/m,
    ],
    ['one that hides everything', { appendOnly: null }, /^ok It does not say what it keeps on the disk\.$/m],
    [
      'one that hides its settings',
      { appendSync: null, eviction: null, maxMemory: null },
      /^ok It keeps an append-only file; it does not say/m,
    ],
    [
      'one that throws keys away',
      { eviction: 'allkeys-lru', maxMemory: 1_000 },
      /^warn With maxmemory-policy allkeys-lru it throws sessions away when its memory is full: .* noeviction\.$/m,
    ],
    [
      'one that would throw keys away',
      { eviction: 'volatile-ttl' },
      /^warn With maxmemory-policy volatile-ttl .*once a memory limit is set/m,
    ],
  ])('%s', (_title, change, says) => {
    expect(lines(inspectRedis({ ...well, ...change })).join('\n')).toMatch(says);
  });
});

describe('a database that answers', () => {
  const well: DatabaseFacts = {
    kind: 'postgresql',
    version: '15.20 (Debian 15.20-0+deb12u1)',
    encrypted: true,
    readOnly: false,
    latency: 1,
    clockAhead: 0,
    applied: 10,
    pending: [],
    unknown: [],
  };
  const settings = { mode: 'production', databaseUrl: new Secret('postgres://me:seeded@db:5432/x') } as const;

  test('and is as it should be is well', () => {
    expect(lines(inspectDatabase(settings, well))).toEqual(['ok Its schema is up to date.']);
  });

  test.each<[string, Partial<DatabaseFacts>, RegExp]>([
    [
      'a standby',
      { readOnly: true },
      /^fail The database takes no writes: .* Let DATABASE_URL name the primary\./m,
    ],
    [
      'an old one',
      { version: '12.4' },
      /^warn PostgreSQL 12\.4 is older than any that was tested\. Use PostgreSQL 15/m,
    ],
    [
      'one over an open network',
      { encrypted: false },
      /^warn The connection to the database leaves this machine without TLS\. Add \?sslmode=verify-full/m,
    ],
    ['one far away', { latency: 80.4 }, /^warn One small statement takes 80 ms/m],
    [
      'an empty one',
      { applied: 0, pending: ['A1'] },
      /^warn It is empty: its tables are not made yet\. Run `portcullis migrate`/m,
    ],
    [
      'one of an older version',
      { pending: ['A1', 'B2'] },
      /^warn 2 migrations are pending: A1, B2\. Run `portcullis migrate`/m,
    ],
    [
      'one of a newer version',
      { unknown: ['Z9'] },
      /^warn A newer version has migrated this database: Z9 is not known here\. Update this installation\./m,
    ],
    [
      'the embedded one in production',
      { kind: 'embedded', encrypted: null },
      /^warn The embedded database does not wait for the disk/m,
    ],
  ])('%s', (_title, change, says) => {
    expect(lines(inspectDatabase(settings, { ...well, ...change })).join('\n')).toMatch(says);
  });

  test('on this machine needs no TLS', () => {
    const here = { ...settings, databaseUrl: new Secret('postgres://me@127.0.0.1/x') };
    expect(lines(inspectDatabase(here, { ...well, encrypted: false }))).toEqual([
      'ok Its schema is up to date.',
    ]);
  });
});

test.each([
  [
    'postgres://ann:seeded@db.example.com:5432/x?password=seeded&sslmode=require',
    'postgres://ann@db.example.com:5432/x',
    true,
  ],
  ['postgres://ann:see%40ded@localhost/x', 'postgres://ann@localhost/x', false],
  ['postgres:///x?host=/run/postgresql&password=seeded', 'postgres:///x', false],
  ['postgres://ann:seeded@%2Frun%2Fpostgresql/x', 'postgres://ann@%2Frun%2Fpostgresql/x', false],
  ['redis://:seeded@[::1]:6379/2', 'redis://[::1]:6379/2', false],
  ['rediss://ann:seeded@cache:6380#seeded', 'rediss://ann@cache:6380', true],
])('an address is shown without what proves us there: %s', (url, shown, remote) => {
  expect(showAddress(new Secret(url))).toBe(shown);
  expect(isRemote(new Secret(url))).toBe(remote);
});
