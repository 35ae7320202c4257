import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operator } from '../../src/accounts/actor.ts';
import { parseUsername } from '../../src/core/names.ts';
import type { AuditRow } from '../../src/store/contract/audit.ts';
import { grantTo, identityOf, nesting } from '../store/rows.ts';
import { storeKinds } from '../store/store-kinds.ts';
import { ask, type PublicError } from './asking.ts';
import { openHouse, settled, type House } from './house.ts';

/** Mia may change everything that a permission covers, and gives nothing that she does not have. */
const rows = `
g, user:mia, group:managers
p, group:managers, accounts.view_user, *, allow
p, group:managers, accounts.view_group, *, allow
p, group:managers, accounts.manage_user, *, allow
p, group:managers, accounts.manage_group, *, allow
p, group:managers, Note.*, *, allow
p, group:managers, Query.note, *, allow
p, group:managers, accounts.grant_permission, *, allow
p, group:managers, accounts.end_session, *, allow
p, group:managers, accounts.view_identity, *, allow
g, user:uma, group:user-managers
p, group:user-managers, accounts.manage_user, *, allow
g, user:gil, group:group-managers
p, group:group-managers, accounts.manage_group, *, allow
g, user:pam, group:granters
p, group:granters, accounts.grant_permission, *, allow
g, user:sol, group:watchers
p, group:watchers, accounts.end_session, *, allow
p, group:quiet, Query.notes, *, deny
g, user:leo, group:leaders
p, group:leaders, Mutation.addGroupMember, *, allow, "in_group(r.ctx, r.ctx.object.subject)"
`;

const managers = ['mia', 'uma', 'gil', 'pam', 'sol', 'leo'] as const;

/** Ids of what mutations act on. */
interface Ids {
  readonly ann: string;
  readonly sid: string;
  readonly session: string;
  readonly identity: string;
  readonly grant: string;
}

interface Mutation {
  readonly name: string;
  readonly input: (ids: Ids) => Record<string, unknown>;
  /** What is asked of the payload, and what it answers. */
  readonly asks: string;
  readonly answers: unknown;
  readonly event: string;
}

const id = ({ ann }: Ids) => ({ id: ann });

const mutations: readonly Mutation[] = [
  {
    name: 'createUser',
    input: () => ({
      username: 'Zoe',
      name: 'Zoe Z',
      email: 'zoe@example.com',
      password: 'correct horse battery',
      groups: ['support'],
    }),
    asks: 'user { username name email status groups { name } }',
    answers: {
      user: {
        username: 'zoe',
        name: 'Zoe Z',
        email: 'zoe@example.com',
        status: 'ACTIVE',
        groups: [{ name: 'support' }],
      },
    },
    event: 'account.created',
  },
  {
    name: 'renameUser',
    input: (ids) => ({ id: ids.ann, username: 'ANNA', name: 'Anna' }),
    asks: 'user { username name }',
    answers: { user: { username: 'anna', name: 'Anna' } },
    event: 'account.renamed',
  },
  {
    name: 'suspendUser',
    input: id,
    asks: 'user { status }',
    answers: { user: { status: 'SUSPENDED' } },
    event: 'account.suspended',
  },
  {
    name: 'reactivateUser',
    input: (ids) => ({ id: ids.sid }),
    asks: 'user { status }',
    answers: { user: { status: 'ACTIVE' } },
    event: 'account.reactivated',
  },
  {
    name: 'deleteUser',
    input: id,
    asks: 'user { username }',
    answers: { user: { username: 'ann' } },
    event: 'account.deleted',
  },
  {
    name: 'endUserSessions',
    input: id,
    asks: 'user { sessions { edges { node { id } } } }',
    answers: { user: { sessions: { edges: [] } } },
    event: 'account.sessions-ended',
  },
  {
    name: 'endSession',
    input: (ids) => ({ id: ids.session }),
    asks: 'session { address }',
    answers: { session: { address: '192.0.2.1' } },
    event: 'session.ended',
  },
  {
    name: 'unlinkIdentity',
    input: (ids) => ({ id: ids.identity }),
    asks: 'identity { issuer label }',
    answers: { identity: { issuer: 'https://op.example', label: 'ann@example.org' } },
    event: 'identity.unlinked',
  },
  {
    name: 'createGroup',
    input: () => ({ name: 'new-group' }),
    asks: 'group { name members { edges { node { username } } } }',
    answers: { group: { name: 'new-group', members: { edges: [] } } },
    event: 'group.created',
  },
  {
    name: 'deleteGroup',
    input: () => ({ name: 'readers' }),
    asks: 'group { name }',
    answers: { group: { name: 'readers' } },
    event: 'group.deleted',
  },
  {
    name: 'addGroupMember',
    input: () => ({ group: 'support', member: 'user:ann' }),
    asks: 'group { members { edges { node { username } } } }',
    answers: {
      group: { members: { edges: [{ node: { username: 'ann' } }, { node: { username: 'cleo' } }] } },
    },
    event: 'group.member-added',
  },
  {
    name: 'removeGroupMember',
    input: () => ({ group: 'support', member: 'user:cleo' }),
    asks: 'group { members { edges { node { username } } } }',
    answers: { group: { members: { edges: [] } } },
    event: 'group.member-removed',
  },
  {
    name: 'grantPermission',
    input: () => ({ subject: 'user:Ann', permission: 'accounts.view_user', action: 'read' }),
    asks: 'grant { subject permission action grantedBy }',
    answers: {
      grant: { subject: 'user:ann', permission: 'accounts.view_user', action: 'read', grantedBy: 'user:mia' },
    },
    event: 'grant.added',
  },
  {
    name: 'revokePermission',
    input: (ids) => ({ id: ids.grant }),
    asks: 'grant { subject permission }',
    answers: { grant: { subject: 'group:readers', permission: 'accounts.view_group' } },
    event: 'grant.removed',
  },
];

const documentOf = ({ name, asks }: Pick<Mutation, 'name' | 'asks'>): string => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  return `mutation ($input: ${type}) { ${name}(input: $input) { ${asks} } }`;
};

const codesOf = (errors: readonly PublicError[] | undefined) =>
  errors?.map(({ extensions }) => extensions['code']);

describe.each(storeKinds)('administration on the %s store', (kind) => {
  let house: House;
  let ids: Ids;

  /** Everybody, and everything that mutations act on. */
  async function build(): Promise<void> {
    await house.reset();
    const { store, people, services } = house;
    for (const username of managers) await services.accounts.create({ username }, operator);
    const sid = await services.accounts.create({ username: 'sid' }, operator);
    await services.accounts.changeStatus(sid.id, 'suspended', operator);
    await services.accounts.createGroup('readers', operator);
    await store.users.setPassword(people.ann.id, '$some$hash', 0, { endSessions: false });
    const identity = identityOf(people.ann);
    await store.identities.insert(identity);
    const grant = grantTo({ group: 'readers' }, { permission: 'accounts.view_group' });
    await store.grants.add(grant);
    ids = {
      ann: people.ann.id,
      sid: sid.id,
      session: house.sessions.ann,
      identity: identity.id,
      grant: grant.id,
    };
  }

  beforeAll(async () => {
    house = await openHouse({ rows, kind });
  });
  afterAll(() => house.close());

  const as = async (name: string, source: string, variables: Record<string, unknown> = {}) =>
    ask(house.schema, source, {
      state: await house.request(name),
      services: house.services,
      variables,
    });
  const run = (name: string, { input, ...mutation }: Pick<Mutation, 'name' | 'asks' | 'input'>) =>
    as(name, documentOf(mutation), { input: input(ids) });
  const change = (by: string, name: string, input: object, asks = '__typename') =>
    as(by, documentOf({ name, asks }), { input });

  /** What is there, but the trail (denials are told there) and when sessions were last used. */
  async function digest(): Promise<string> {
    for (const name of [...managers, 'root', 'bob']) await house.request(name);
    const tables = ['users', 'passwords', 'email_addresses', 'identities', 'groups', 'memberships'];
    const more = ['group_nestings', 'grants', 'policy_epoch', 'administration'];
    const found = [];
    for (const table of [...tables, ...more])
      found.push(await house.sql(`SELECT t::text FROM ${table} t ORDER BY 1`));
    const sessions = await house.sql(`SELECT public_id FROM sessions WHERE ended_at IS NULL ORDER BY 1`);
    return JSON.stringify([found, sessions.length]);
  }
  async function recordsOf(event: string): Promise<readonly AuditRow[]> {
    await settled(house.audit);
    const rows = await house.store.audit.list({ event }, { after: null, limit: 20 });
    return rows.filter(({ subject }) => subject !== 'operator');
  }

  describe('every mutation', () => {
    beforeAll(build);

    const strangers = ['nobody', 'bob', 'cleo', 'aud', 'sid'] as const;

    test.each(mutations)(
      'C39: $name is denied to those whom no rule allows it, and changes nothing',
      async (mutation) => {
        const others = mutation.name.startsWith('end') ? strangers : [...strangers, 'sol'];
        for (const name of others) {
          await house.request(name);
          const before = await digest();
          const { data, errors } = await run(name, mutation);
          const anonymous = name === 'nobody' || name === 'sid';
          expect({ name, data: Object.values(data ?? {}), codes: new Set(codesOf(errors)) }).toEqual({
            name,
            data: data === null || data === undefined ? [] : [null],
            codes: new Set([anonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN']),
          });
          expect(await digest()).toBe(before);
          expect(await recordsOf(mutation.event)).toEqual([]);
        }
      },
    );

    test.each([
      [
        'uma',
        ['createUser', 'renameUser', 'suspendUser', 'reactivateUser', 'deleteUser', 'unlinkIdentity'],
        'accounts.manage_user',
      ],
      ['gil', ['createGroup', 'deleteGroup', 'addGroupMember', 'removeGroupMember'], 'accounts.manage_group'],
      ['pam', ['grantPermission', 'revokePermission'], 'accounts.grant_permission'],
      ['sol', ['endUserSessions', 'endSession'], 'accounts.end_session'],
      ['mia', mutations.map(({ name }) => name), 'all of them'],
      ['cleo', [], 'accounts.view_user'],
      ['aud', [], 'policy.view'],
    ])('%s may run %j, by %s', async (name, allowed) => {
      const checks = mutations.map((mutation) => ({ coordinate: `Mutation.${mutation.name}` }));
      const source =
        'query ($checks: [CanInput!]!) { viewer { can(checks: $checks) { coordinate answer } } }';
      const { data } = await as(name, source, { checks });
      const { can } = data!['viewer'] as { can: { coordinate: string; answer: string }[] };
      const own = ['Mutation.endSession', 'Mutation.endUserSessions', 'Mutation.unlinkIdentity'];
      expect(can).toEqual(
        mutations.map((mutation) => {
          const coordinate = `Mutation.${mutation.name}`;
          const otherwise = own.includes(coordinate) ? 'DEPENDS' : 'DENY';
          return { coordinate, answer: allowed.includes(mutation.name) ? 'ALLOW' : otherwise };
        }),
      );
    });
  });

  describe('whoever the policy allows it', () => {
    test.each(mutations)('runs $name, and it is recorded', async (mutation) => {
      await build();
      const before = await digest();
      const { data, errors } = await run('mia', mutation);
      expect(errors).toBeUndefined();
      expect(data).toEqual({ [mutation.name]: mutation.answers });
      expect(await digest()).not.toBe(before);
      expect(await recordsOf(mutation.event)).toMatchObject([
        {
          event: mutation.event,
          subject: 'user:mia',
          actorId: expect.any(String) as unknown,
          requestId: 'request-1',
          policyVersion: expect.stringMatching(/^sha256-/) as unknown,
        },
      ]);
    });
  });

  describe('C38: an object', () => {
    beforeAll(build);

    const missing = '00000000-0000-7000-8000-000000000000';
    const acting = mutations.filter(({ input }) => 'id' in input({} as Ids));

    test.each(acting)('of somebody else is answered by $name as if it were not there', async (mutation) => {
      const nothing = await run('bob', { ...mutation, input: () => ({ id: missing }) });
      expect(codesOf(nothing.errors)).toEqual(['FORBIDDEN']);
      expect(await run('bob', mutation)).toEqual(nothing);
      expect(await run('bob', { ...mutation, input: () => ({ id: 'no id' }) })).toEqual(nothing);
    });

    test.each(acting)('that is not there is not found by those who may run $name', async (mutation) => {
      for (const id of [missing, 'no id']) {
        const { data, errors } = await run('mia', { ...mutation, input: () => ({ id }) });
        expect(data).toEqual({ [mutation.name]: null });
        expect(codesOf(errors)).toEqual(['NOT_FOUND']);
      }
    });

    test.each(['deleteGroup', 'addGroupMember', 'removeGroupMember'])(
      'that is no group is not found by %s: none is made by a slip of the pen',
      async (name) => {
        const input = name === 'deleteGroup' ? { name: 'suport' } : { group: 'suport', member: 'user:ann' };
        expect(codesOf((await change('mia', name, input)).errors)).toEqual(['NOT_FOUND']);
        expect(codesOf((await change('bob', name, input)).errors)).toEqual(['FORBIDDEN']);
      },
    );
  });

  describe('C75: nobody gives what they do not have themselves', () => {
    beforeAll(build);

    test.each([
      ['addGroupMember', { group: 'superusers', member: 'user:mia' }],
      ['addGroupMember', { group: 'superusers', member: 'user:ann' }],
      ['addGroupMember', { group: 'superusers', member: 'group:managers' }],
      ['addGroupMember', { group: 'auditors', member: 'user:ann' }],
      ['grantPermission', { subject: 'user:ann', permission: 'policy.view' }],
      ['grantPermission', { subject: 'group:managers', permission: 'policy.view', action: 'read' }],
      ['grantPermission', { subject: 'user:mia', permission: 'portcullis.grant_beyond' }],
      ['createUser', { username: 'zoe', groups: ['support', 'superusers'] }],
    ])('by %s with %j', async (name, input) => {
      const before = await digest();
      const told = (await recordsOf('administration.refused')).length;
      const { data, errors } = await change('mia', name, input);
      expect(data).toEqual({ [name]: null });
      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(/^You cannot give what you do not have yourself: /) as unknown,
          extensions: { code: 'FORBIDDEN' },
        },
      ]);
      expect(await digest()).toBe(before);
      const records = await recordsOf('administration.refused');
      expect(records).toHaveLength(told + 1);
      expect(records[0]).toMatchObject({ subject: 'user:mia', details: { reason: 'beyond-granter' } });
    });

    test('nor what a deny rule takes from others', async () => {
      const added = await change('root', 'addGroupMember', { group: 'quiet', member: 'user:gil' });
      expect(added.errors).toBeUndefined();
      const back = await change('gil', 'removeGroupMember', { group: 'quiet', member: 'user:gil' });
      expect(back.errors).toMatchObject([
        { message: 'You cannot give what you do not have yourself: Query.notes.' },
      ]);
    });

    test('whoever may manage their own groups alone does so, and no others', async () => {
      const own = await change('leo', 'addGroupMember', { group: 'leaders', member: 'user:ann' });
      expect(own.errors).toBeUndefined();
      const other = await change('leo', 'addGroupMember', { group: 'support', member: 'user:leo' });
      expect(codesOf(other.errors)).toEqual(['FORBIDDEN']);
      expect(await change('leo', 'addGroupMember', { group: 'suport', member: 'user:leo' })).toEqual(other);
    });

    test('a superuser gives everything', async () => {
      const { errors } = await change('root', 'addGroupMember', { group: 'auditors', member: 'user:ann' });
      expect(errors).toBeUndefined();
    });
  });

  describe('bad input', () => {
    beforeAll(async () => {
      await build();
      await house.store.groups.addNesting(nesting('readers', 'writers'));
    });

    test.each([
      ['createUser', { username: 'ANN' }, 'BAD_USER_INPUT', /username is taken/],
      ['createUser', { username: 'everyone' }, 'BAD_USER_INPUT', /reserved/],
      ['createUser', { username: 'no name', email: 'x' }, 'BAD_USER_INPUT', /username.*e-mail address/s],
      ['createUser', { username: 'zoe', password: 'short' }, 'BAD_USER_INPUT', /12/],
      ['createUser', { username: 'zoe', groups: ['No Group'] }, 'BAD_USER_INPUT', /group’s name/],
      ['renameUser', { id: 'ann', username: 'bob' }, 'BAD_USER_INPUT', /username is taken/],
      ['renameUser', { id: 'ann', username: '' }, 'BAD_USER_INPUT', /username/],
      ['renameUser', { id: 'ann', name: 'two\nlines' }, 'BAD_USER_INPUT', /one line/],
      ['renameUser', { id: 'ann' }, 'BAD_USER_INPUT', /new username, a new name, or both/],
      ['renameUser', { id: 'ann', username: null, name: null }, 'BAD_USER_INPUT', /or both/],
      ['createGroup', { name: 'support' }, 'BAD_USER_INPUT', /group of that name already/],
      ['createGroup', { name: 'readers' }, 'BAD_USER_INPUT', /group of that name already/],
      ['createGroup', { name: 'group:x' }, 'BAD_USER_INPUT', /group’s name/],
      ['createGroup', { name: 'everyone' }, 'BAD_USER_INPUT', /built-in/],
      ['deleteGroup', { name: 'support' }, 'CONFLICT', /groups\.csv:\d+/],
      ['addGroupMember', { group: 'support', member: 'ann' }, 'BAD_USER_INPUT', /user:<name>/],
      ['addGroupMember', { group: 'support', member: 'user:nobody' }, 'NOT_FOUND', /spelling/],
      ['addGroupMember', { group: 'readers', member: 'group:readers' }, 'BAD_USER_INPUT', /itself/],
      ['addGroupMember', { group: 'readers', member: 'group:writers' }, 'BAD_USER_INPUT', /circle|itself/],
      ['addGroupMember', { group: 'readers', member: 'everyone' }, 'BAD_USER_INPUT', /user:<name>/],
      [
        'grantPermission',
        { subject: 'user:ann', permission: 'accounts.view_users' },
        'BAD_USER_INPUT',
        /knows no permission "accounts\.view_users".*accounts\.view_user/s,
      ],
      [
        'grantPermission',
        { subject: 'user:ann', permission: 'accounts.view_user', action: 'write' },
        'BAD_USER_INPUT',
        /as write/,
      ],
      [
        'grantPermission',
        { subject: 'user:ann', permission: 'accounts.view_user', action: 'all' },
        'BAD_USER_INPUT',
        /for the action/,
      ],
      [
        'grantPermission',
        { subject: 'everyone', permission: 'accounts.view_user' },
        'BAD_USER_INPUT',
        /user:<name>/,
      ],
      [
        'grantPermission',
        { subject: 'user:nobody', permission: 'accounts.view_user' },
        'NOT_FOUND',
        /spelling/,
      ],
    ])('to %s, %j, is %s with a sentence, and changes nothing', async (name, input, code, sentence) => {
      const sent = 'id' in input ? { ...input, id: ids.ann } : input;
      const before = await digest();
      const { data, errors } = await change('root', name, sent);
      expect(data).toEqual({ [name]: null });
      expect(errors).toMatchObject([
        { message: expect.stringMatching(sentence) as unknown, extensions: { code } },
      ]);
      expect(await digest()).toBe(before);
    });

    test.each([
      ['createUser', { username: 'Ann' }, { username: 'ann', reason: 'bad-user-input' }],
      ['renameUser', { id: 'ann', username: 'bob' }, { to: { username: 'bob' }, reason: 'bad-user-input' }],
      ['createGroup', { name: 'support' }, { group: 'support', reason: 'bad-user-input' }],
      ['deleteGroup', { name: 'support' }, { group: 'support', reason: 'conflict' }],
      ['addGroupMember', { group: 'readers', member: 'user:nobody' }, { reason: 'not-found' }],
      ['addGroupMember', { group: 'readers', member: 'group:readers' }, { reason: 'bad-user-input' }],
      ['grantPermission', { subject: 'user:ann', permission: 'no.such' }, { reason: 'bad-user-input' }],
    ])(
      'to %s, %j, is recorded: who asked for what, and what they were told',
      async (name, input, details) => {
        const told = (await recordsOf('administration.refused')).length;
        const { errors } = await change('root', name, 'id' in input ? { ...input, id: ids.ann } : input);
        const records = await recordsOf('administration.refused');
        expect(records).toHaveLength(told + 1);
        expect(records[0]).toMatchObject({
          subject: 'user:root',
          details: { ...details, said: errors![0]!.message },
        });
      },
    );

    test('a username that a policy names is given by those who have as much, and by nobody else', async () => {
      await house.services.accounts.delete(
        (await house.store.users.findByUsername(parseUsername('pam')!))!.id,
        operator,
      );
      const beyond = await change('uma', 'createUser', { username: 'pam' });
      expect(codesOf(beyond.errors)).toEqual(['FORBIDDEN']);
      const renamed = await change('uma', 'renameUser', { id: ids.ann, username: 'pam' });
      expect(codesOf(renamed.errors)).toEqual(['FORBIDDEN']);
      const made = await change('mia', 'createUser', { username: 'pam' }, 'user { username }');
      expect(made).toEqual({ data: { createUser: { user: { username: 'pam' } } } });
    });
  });

  test('the last administrator is not removed, suspended or deleted, and it is recorded', async () => {
    await build();
    const root = house.people.root.id;
    const before = await digest();
    for (const [name, input] of [
      ['removeGroupMember', { group: 'superusers', member: 'user:root' }],
      ['suspendUser', { id: root }],
      ['deleteUser', { id: root }],
    ] as const) {
      const { errors } = await change('root', name, input);
      expect(errors).toMatchObject([
        { message: expect.stringMatching(/nobody in charge/) as unknown, extensions: { code: 'CONFLICT' } },
      ]);
      expect(await digest()).toBe(before);
    }
    expect(await recordsOf('administration.refused')).toHaveLength(3);
    await change('root', 'addGroupMember', { group: 'superusers', member: 'user:bob' });
    const left = await change('root', 'suspendUser', { id: root }, 'user { status }');
    expect(left.errors).toBeUndefined();
  });

  describe('sessions of others', () => {
    beforeAll(build);

    const list = '{ user(username: "ann") { sessions { edges { node { id address userAgent current } } } } }';

    test('C32: are listed and ended by those whom the policy allows it', async () => {
      const before = await as('mia', list);
      expect(before.errors).toBeUndefined();
      expect(before.data).toMatchObject({
        user: { sessions: { edges: [{ node: { id: ids.session, address: '192.0.2.1', current: false } }] } },
      });
      await change('mia', 'endSession', { id: ids.session });
      expect((await as('mia', list)).data).toEqual({ user: { sessions: { edges: [] } } });
      expect(await recordsOf('session.ended')).toMatchObject([
        { subject: 'user:mia', accountId: ids.ann, details: { session: ids.session } },
      ]);
      expect(codesOf((await change('mia', 'endSession', { id: ids.session })).errors)).toEqual(['NOT_FOUND']);
    });

    test('C38: are not seen by support, who see everybody', async () => {
      const { data, errors } = await as('cleo', list);
      expect(data).toEqual({ user: { sessions: null } });
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', coordinate: 'User.sessions' } }]);
    });

    test('one’s own end all at once, without anybody’s leave', async () => {
      await house.request('bob');
      const own = await change('bob', 'endUserSessions', { id: house.people.bob.id }, 'user { username }');
      expect(own).toEqual({ data: { endUserSessions: { user: { username: 'bob' } } } });
      expect((await house.request('bob')).principal.kind).toBe('anonymous');
    });
  });

  describe('at the next request', () => {
    beforeAll(build);

    const users = '{ users { edges { node { username } } } }';

    test('C46: a membership, a nesting and a grant act, and their end', async () => {
      const allowed = async (name: string) => codesOf((await as(name, users)).errors) === undefined;
      for (const [give, input, take] of [
        ['addGroupMember', { group: 'support', member: 'user:ann' }, 'removeGroupMember'],
        ['addGroupMember', { group: 'support', member: 'group:readers' }, 'removeGroupMember'],
        ['grantPermission', { subject: 'user:ann', permission: 'accounts.view_user' }, 'revokePermission'],
        [
          'grantPermission',
          { subject: 'group:readers', permission: 'accounts.view_user' },
          'revokePermission',
        ],
      ] as const) {
        await house.store.groups.addMember('readers', ids.ann, 'operator', 0);
        expect(await allowed('ann')).toBe(false);
        const given = await change(
          'mia',
          give,
          input,
          give === 'grantPermission' ? 'grant { id }' : '__typename',
        );
        expect(given.errors).toBeUndefined();
        expect(await allowed('ann')).toBe(true);
        const grant = (given.data!['grantPermission'] as { grant: { id: string } } | undefined)?.grant;
        const taken = await change('mia', take, grant === undefined ? input : { id: grant.id });
        expect(taken.errors).toBeUndefined();
        expect(await allowed('ann')).toBe(false);
      }
    });

    test('C46: who was suspended is anonymous, and stays so when let in again', async () => {
      expect((await house.request('bob')).principal.subject).toBe('user:bob');
      await change('mia', 'suspendUser', { id: house.people.bob.id });
      expect((await house.request('bob')).principal.subject).toBe('anonymous');
      expect(codesOf((await as('bob', '{ notes { title } }')).errors)).toEqual(['UNAUTHENTICATED']);
      await change('mia', 'reactivateUser', { id: house.people.bob.id });
      expect((await house.request('bob')).principal.subject).toBe('anonymous');
    });

    test('a request goes on with what it began with', async () => {
      const began = await house.request('ann');
      await change('mia', 'grantPermission', { subject: 'user:ann', permission: 'accounts.view_user' });
      const { errors } = await ask(house.schema, users, { state: began, services: house.services });
      expect(codesOf(errors)).toEqual(['FORBIDDEN']);
    });
  });

  describe('what was given', () => {
    beforeAll(async () => {
      await build();
      const { store, people } = house;
      await store.groups.addMember('readers', people.bob.id, 'operator', 0);
      await store.grants.add(grantTo({ userId: people.ann.id }));
      await store.groups.addNesting(nesting('writers', 'support'));
    });

    test('is listed, the oldest first, to those who may see the policy or give permissions', async () => {
      const source =
        '{ grants { edges { node { subject permission action grantedBy grantedAt } } pageInfo { hasNextPage } } }';
      for (const name of ['aud', 'pam', 'root']) {
        const { data, errors } = await as(name, source);
        expect(errors).toBeUndefined();
        expect(data).toMatchObject({
          grants: {
            edges: [
              { node: { subject: 'group:readers', permission: 'accounts.view_group', action: '*' } },
              { node: { subject: 'user:ann', permission: 'accounts.view_user', grantedBy: 'user:root' } },
            ],
            pageInfo: { hasNextPage: false },
          },
        });
      }
      for (const name of ['ann', 'cleo', 'gil'])
        expect(codesOf((await as(name, source)).errors)).toEqual(['FORBIDDEN']);
    });

    test('is shown with whom it was given to, and to themselves', async () => {
      const group = '{ group(name: "readers") { grants { edges { node { permission } } } } }';
      expect((await as('aud', group)).data).toEqual({
        group: { grants: { edges: [{ node: { permission: 'accounts.view_group' } }] } },
      });
      const user = '{ user(username: "ann") { grants { edges { node { subject permission } } } } }';
      const given = { subject: 'user:ann', permission: 'accounts.view_user' };
      for (const name of ['ann', 'root']) {
        expect(await as(name, user)).toEqual({ data: { user: { grants: { edges: [{ node: given }] } } } });
      }
      expect((await as('cleo', user)).data).toEqual({ user: { grants: null } });
    });

    test('shows the groups within a group, of files and of the database', async () => {
      const { data } = await as('aud', '{ group(name: "support") { subgroups { name } } }');
      expect(data).toEqual({ group: { subgroups: [{ name: 'lead' }, { name: 'writers' }] } });
    });
  });

  describe('identities', () => {
    beforeAll(build);

    const own = '{ viewer { identities { edges { node { id issuer label authenticator } } } } }';
    const others = '{ user(username: "ann") { identities { edges { node { label } } } } }';

    test('are seen by their owner and those permitted, and by no one else', async () => {
      expect((await as('ann', own)).data).toMatchObject({
        viewer: { identities: { edges: [{ node: { id: ids.identity, label: 'ann@example.org' } }] } },
      });
      expect((await as('nobody', own)).data).toEqual({ viewer: { identities: { edges: [] } } });
      expect((await as('mia', others)).data).toEqual({
        user: { identities: { edges: [{ node: { label: 'ann@example.org' } }] } },
      });
      expect((await as('cleo', others)).data).toEqual({ user: { identities: null } });
    });

    test('are unlinked by their owner, but for the only way to log in', async () => {
      const unlink = (identity: string) =>
        change('ann', 'unlinkIdentity', { id: identity }, 'identity { label }');
      expect(await unlink(ids.identity)).toEqual({
        data: { unlinkIdentity: { identity: { label: 'ann@example.org' } } },
      });
      await house.sql('DELETE FROM passwords WHERE user_id = $1', [ids.ann]);
      const only = identityOf(house.people.ann);
      await house.store.identities.insert(only);
      expect((await unlink(only.id)).errors).toMatchObject([
        {
          message: expect.stringMatching(/only way to log in/) as unknown,
          extensions: { code: 'CONFLICT' },
        },
      ]);
    });
  });

  test('C22: an account is deleted only soon after having proved who one is', async () => {
    await build();
    const state = await house.request('root');
    if (state.principal.kind !== 'user') throw new Error('Root is logged in.');
    const authTime = state.environment.now - 16 * 60_000;
    const principal = {
      ...state.principal,
      authentication: { ...state.principal.authentication, authTime },
    };
    const late = {
      ...state,
      principal,
      decisions: state.snapshot.decisionsFor(principal, state.environment),
    };
    const before = await digest();
    const { errors } = await ask(house.schema, documentOf({ name: 'deleteUser', asks: '__typename' }), {
      state: late,
      services: house.services,
      variables: { input: { id: ids.ann } },
    });
    expect(errors).toMatchObject([
      { extensions: { code: 'STEP_UP_REQUIRED', stepUp: ["fresh(r.ctx, '15m')"] } },
    ]);
    expect(await digest()).toBe(before);
    expect((await change('root', 'deleteUser', { id: ids.ann })).errors).toBeUndefined();
  });

  test('whoever a careless policy lets in without a name changes nothing all the same', async () => {
    const careless = await openHouse({ policy: 'empty', rows: 'p, anonymous, *, *, allow\n', kind });
    try {
      const { errors } = await ask(careless.schema, documentOf({ name: 'createGroup', asks: '__typename' }), {
        state: await careless.request('nobody'),
        services: careless.services,
        variables: { input: { name: 'mine' } },
      });
      expect(codesOf(errors)).toEqual(['UNAUTHENTICATED']);
      expect((await careless.store.groups.list()).map(({ name }) => name)).not.toContain('mine');
    } finally {
      await careless.close();
    }
  });
});
