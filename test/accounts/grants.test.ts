import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Accounts } from '../../src/accounts/accounts.ts';
import { operator } from '../../src/accounts/actor.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { rounds } from '../rounds.ts';
import { user } from '../policy/fixture.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { environment } from './acting.ts';
import { openOffice, type Office } from './open-accounts.ts';

const rows = `g2, Query.users, people.view
g2, Mutation.deleteUser, people.change
g2, Query.notes, notes.view
p, group:filed, notes.view, *, allow
p, authenticated, Note.title, *, allow, "in_group(r.ctx, 'group:asked')"
p, group:named, nothing.at_all, *, allow
`;

describe.each(storeKinds)('groups and grants on the %s store', (kind) => {
  let opened: TestStore;
  let office: Office;
  let accounts: Accounts;

  beforeAll(async () => {
    opened = await openTestStore(kind);
  });
  afterAll(() => opened.close());
  beforeEach(async () => {
    await opened.empty();
    office = await openOffice({ store: opened.store, rows });
    ({ accounts } = office);
  });
  afterEach(() => office.close());

  /** As a request does it: the epoch first, then the policy of that epoch. */
  const may = async (
    { policy }: Office,
    store: Store,
    name: string,
    coordinate: 'Query.users' | 'Mutation.deleteUser',
    groups: readonly string[] = [],
  ): Promise<boolean> => {
    const snapshot = await policy.atEpoch(await store.groups.epoch());
    const decisions = snapshot.decisionsFor(user(name, { groups }), environment);
    return decisions.decide(coordinate, { args: {}, object: null }).effect === 'allow';
  };
  const grant = (subject: string, permission: string, action = '*') =>
    accounts.grant({ subject, permission, action }, operator);

  test('a permission is granted once, and revoked', async () => {
    const ann = await accounts.create({ username: 'ann' }, operator);
    const made = await grant('user:Ann', 'people.view');
    expect(made).toMatchObject({
      added: true,
      grant: { subject: 'user:ann', userId: ann.id, group: null, permission: 'people.view', by: 'operator' },
    });
    expect(await may(office, opened.store, 'ann', 'Query.users')).toBe(true);
    expect(await grant('user:ann', 'people.view')).toEqual({ added: false, grant: made.grant });
    expect(await accounts.revoke(made.grant.id, operator)).toEqual(made.grant);
    expect(await may(office, opened.store, 'ann', 'Query.users')).toBe(false);
    await expect(accounts.revoke(made.grant.id, operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await opened.store.audit.since(null, 100)).map(({ event, details }) => [event, details])).toEqual(
      [
        ['account.created', expect.anything()],
        [
          'grant.added',
          { grant: made.grant.id, subject: 'user:ann', permission: 'people.view', action: '*' },
        ],
        [
          'grant.removed',
          { grant: made.grant.id, subject: 'user:ann', permission: 'people.view', action: '*' },
        ],
      ],
    );
  });

  test('a grant follows the account to another name, and goes with it', async () => {
    const ann = await accounts.create({ username: 'ann' }, operator);
    await grant('user:ann', 'people.view');
    await accounts.rename(ann.id, { username: 'anna' }, operator);
    await accounts.create({ username: 'ann' }, operator);
    expect(await may(office, opened.store, 'anna', 'Query.users')).toBe(true);
    expect(await may(office, opened.store, 'ann', 'Query.users')).toBe(false);
    await accounts.delete(ann.id, operator);
    await accounts.create({ username: 'anna' }, operator);
    expect(await may(office, opened.store, 'anna', 'Query.users')).toBe(false);
    expect(await opened.store.grants.list()).toEqual([]);
  });

  test.each([
    ['user:ann', 'people.vew', '*', /no permission "people\.vew"\. Did you mean people\.view\?/],
    ['user:ann', 'Query.users', '*', /no permission "Query\.users"/],
    ['user:ann', '*', '*', /no permission/],
    [
      'user:ann',
      'people.view',
      'write',
      /Nothing of people\.view is ever asked for as write\. Take read or \*/,
    ],
    ['user:ann', 'people.view', 'execute', /read, write, subscribe or \*/],
    ['user:ann', 'nothing.at_all', '*', /covers nothing/],
    ['user:ann', 'portcullis.grant_beyond', 'read', /Take write or \*/],
    ['ann', 'people.view', '*', /user:<name> or group:<name>/],
    ['everyone', 'people.view', '*', /user:<name> or group:<name>/],
    ['group:Not Good', 'people.view', '*', /group’s name/],
    ['user:nobody', 'people.view', '*', /No account/],
    ['user:ann', `${'x'.repeat(10_000)}.y`, '*', /no permission/],
  ])('%s is not granted %s for %s', async (subject, permission, action, says) => {
    await accounts.create({ username: 'ann' }, operator);
    await expect(accounts.grant({ subject, permission, action }, operator)).rejects.toMatchObject({
      code: says.source.startsWith('No account') ? 'NOT_FOUND' : 'BAD_USER_INPUT',
      message: expect.stringMatching(says) as unknown,
    });
    expect(await opened.store.grants.list()).toEqual([]);
  });

  test('a grant of what the policy no longer knows is warned of, and stops nothing', async () => {
    await grant('group:new', 'people.change');
    await grant('group:new', 'people.view');
    await office.writePolicy('g2, Query.users, people.view\n');
    expect(await may(office, opened.store, 'ann', 'Query.users', ['new'])).toBe(true);
    expect(office.policy.current().findings.map(({ code }) => code)).toContain('stale-grant');
  });

  test('a group is made once, whoever else speaks of it', async () => {
    expect(await accounts.createGroup('new', operator)).toMatchObject({ name: 'new' });
    for (const name of ['new', 'filed', 'superusers']) {
      await expect(accounts.createGroup(name, operator)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    await expect(accounts.createGroup('New', operator)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('a group goes with its members, nestings and grants; one that a file speaks of stays', async () => {
    const ann = await accounts.create({ username: 'ann', groups: ['new', 'filed', 'asked'] }, operator);
    await accounts.addToGroup('new', 'group:inner', operator);
    await accounts.addToGroup('filed', 'group:new', operator);
    await grant('group:new', 'people.view');
    await accounts.deleteGroup('new', operator);
    expect((await opened.store.groups.groupsOf([ann.id])).get(ann.id)).toEqual(['asked', 'filed']);
    expect(await opened.store.groups.nestings()).toEqual([]);
    expect(await opened.store.grants.list()).toEqual([]);
    await expect(accounts.deleteGroup('new', operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const [name, place] of [
      ['filed', 'rules.csv:4'],
      ['asked', 'rules.csv:5'],
      ['superusers', 'builtin.csv:4'],
    ] as const) {
      await expect(accounts.deleteGroup(name, operator)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining(place) as unknown,
      });
    }
    expect((await opened.store.groups.groupsOf([ann.id])).get(ann.id)).toEqual(['asked', 'filed']);
  });

  test('a name that is taken or can not be is refused, and nothing is half changed', async () => {
    const ann = await accounts.create({ username: 'ann', name: 'Ann' }, operator);
    await accounts.create({ username: 'bob' }, operator);
    for (const to of [
      { username: 'BOB', name: 'Bob' },
      { username: 'everyone' },
      { username: 'a b' },
      { username: '' },
      { name: 'two\nlines' },
    ]) {
      await expect(accounts.rename(ann.id, to, operator)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    expect(await accounts.byUsername('ann')).toEqual(ann);
    expect(await accounts.rename(ann.id, { username: 'ANN' }, operator)).toEqual(ann);
    const gone = '00000000-0000-7000-8000-000000000001';
    await expect(accounts.rename(gone, { name: 'x' }, operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(accounts.endSessions(gone, operator)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('20 changes at once are all made, whatever process they come from', async () => {
    const store = await openStore({ ...opened.options, attach: true });
    const other = await openOffice({ store, rows });
    try {
      const names = Array.from({ length: 20 }, (_, at) => `user${at}`);
      await Promise.all(
        names.map((username, at) =>
          (at % 2 === 0 ? accounts : other.accounts).create({ username, groups: ['new'] }, operator),
        ),
      );
      const members = await opened.store.groups.membersOf('new', { after: null, limit: 100 });
      expect(members.map(({ username }) => username)).toEqual(names.toSorted());
    } finally {
      await other.close();
      await store.close();
    }
  });

  const times = rounds(20, 500);
  test(
    `C46: a grant and its end are seen by another process at its next request: ${times} times, 0 too late`,
    async () => {
      const store = await openStore({ ...opened.options, attach: true });
      const other = await openOffice({ store, rows });
      await accounts.create({ username: 'ann' }, operator);
      let late = 0;
      try {
        for (let round = 0; round < times; round += 1) {
          const made = await grant('group:helpers', 'people.view');
          if (!(await may(other, store, 'ann', 'Query.users', ['helpers']))) late += 1;
          await accounts.addToGroup('helpers', 'group:inner', operator);
          if (!(await may(other, store, 'ann', 'Query.users', ['inner']))) late += 1;
          await accounts.removeFromGroup('helpers', 'group:inner', operator);
          if (await may(other, store, 'ann', 'Query.users', ['inner'])) late += 1;
          await accounts.revoke(made.grant.id, operator);
          if (await may(other, store, 'ann', 'Query.users', ['helpers'])) late += 1;
        }
        expect(late).toBe(0);
      } finally {
        await other.close();
        await store.close();
      }
    },
    rounds(60_000, 300_000),
  );
});
