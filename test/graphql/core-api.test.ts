import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { UserRow } from '../../src/store/contract/users.ts';
import { ask } from './asking.ts';
import { anonymous, openHouse, type House } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const as = (name: keyof House['people'] | null, source: string, variables: Record<string, unknown> = {}) =>
  ask(house.schema, source, {
    state: house.as(name === null ? anonymous : house.people[name]),
    services: house.services,
    variables,
  });

describe('the viewer', () => {
  const source =
    '{ viewer { subject kind user { username email } authentication { authenticator aal } groups { name } sessions { edges { node { id current } } } } }';

  test('is anonymous where nobody is logged in', async () => {
    expect(await as(null, source)).toEqual({
      data: {
        viewer: {
          subject: 'anonymous',
          kind: 'ANONYMOUS',
          user: null,
          authentication: null,
          groups: [],
          sessions: { edges: [] },
        },
      },
    });
  });

  test('knows their own account, groups and session, and needs no grant for it', async () => {
    expect(await as('bob', source)).toEqual({
      data: {
        viewer: {
          subject: 'user:bob',
          kind: 'USER',
          user: { username: 'bob', email: 'bob@example.com' },
          authentication: { authenticator: 'password', aal: 1 },
          groups: [{ name: 'writers' }],
          sessions: { edges: [{ node: { id: house.sessions.bob, current: true } }] },
        },
      },
    });
  });

  test('is the account that the request began with, where it is theirs and nothing was written since', async () => {
    const { bob, ann } = house.people;
    const accounts = new Map(
      await Promise.all([bob, ann].map(async ({ id }) => [id, await house.store.users.find(id)] as const)),
    );
    const nameOf = async (account: UserRow | null | undefined, source = '{ viewer { user { name } } }') => {
      const answer = await ask(house.schema, source, {
        state: { ...house.as(bob), ...(account === undefined ? {} : { account }) },
        services: house.services,
      });
      expect(answer.errors).toBeUndefined();
      return JSON.stringify(answer.data);
    };
    const { name } = accounts.get(bob.id)!;
    const known = { ...accounts.get(bob.id)!, name: 'As It Was Read' };
    expect(await nameOf(known)).toContain('As It Was Read');
    for (const account of [undefined, null, { ...accounts.get(ann.id)!, name: 'Not Mine' }])
      expect(await nameOf(account)).toContain(`"name":"${name}"`);
  });

  test('learns what they may do: yes, no, or it depends', async () => {
    const checks = ['Query.users', 'User.email', 'Query.viewer', 'Mutation.endSession'];
    const can = async (name: 'ann' | 'cleo') => {
      const { data } = await as(
        name,
        'query ($checks: [CanInput!]!) { viewer { can(checks: $checks) { coordinate answer } } }',
        { checks: checks.map((coordinate) => ({ coordinate })) },
      );
      return (data!['viewer'] as { can: { answer: string }[] }).can.map(({ answer }) => answer);
    };
    expect(await can('ann')).toEqual(['DENY', 'DEPENDS', 'ALLOW', 'DEPENDS']);
    expect(await can('cleo')).toEqual(['ALLOW', 'ALLOW', 'ALLOW', 'DEPENDS']);
  });

  test('is told which field they misspelt, and can not ask about more than 100', async () => {
    const source = 'query ($checks: [CanInput!]!) { viewer { can(checks: $checks) { answer } } }';
    expect(await as('ann', source, { checks: [{ coordinate: 'Query.user5' }] })).toMatchObject({
      errors: [{ message: 'The schema has no field "Query.user5".', extensions: { code: 'BAD_USER_INPUT' } }],
    });
    const many = Array.from({ length: 101 }, () => ({ coordinate: 'Query.users' }));
    expect(await as('ann', source, { checks: many })).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });
});

describe('with the shipped policy', () => {
  const seeUsers = '{ users { edges { node { username email } } } }';
  const seeUser = '{ user(username: "Ann") { username email } }';
  const seeGroups = '{ groups { edges { node { name } } } }';
  const seeGroup = '{ group(name: "support") { name members { edges { node { username } } } } }';
  const seePolicy =
    '{ policy { version source coverage { total covered } rules(first: 1) { edges { node { source effect } } } } }';
  const seePermissions = '{ permissions { edges { node { name coordinates } } } }';
  const seeSchema = '{ __schema { queryType { name } } }';

  /** What came out: everything asked for, nothing, or nothing and a request to log in. */
  const outcome = async (name: keyof House['people'] | null, source: string) => {
    const { data, errors } = await as(name, source);
    const codes = [...new Set(errors?.map((error) => error.extensions['code']))];
    const answered = Object.values(data ?? { nothing: null }).every((value) => value !== null);
    return answered ? (codes.length === 0 ? 'all' : 'part') : codes.join(' ');
  };

  test.each([
    [
      'users',
      seeUsers,
      { nobody: 'UNAUTHENTICATED', ann: 'FORBIDDEN', cleo: 'all', aud: 'FORBIDDEN', root: 'all' },
    ],
    [
      'a user',
      seeUser,
      { nobody: 'UNAUTHENTICATED', ann: 'all', bob: 'FORBIDDEN', cleo: 'all', root: 'all' },
    ],
    [
      'groups',
      seeGroups,
      { nobody: 'UNAUTHENTICATED', ann: 'FORBIDDEN', cleo: 'FORBIDDEN', aud: 'all', root: 'all' },
    ],
    [
      'a group',
      seeGroup,
      { nobody: 'UNAUTHENTICATED', ann: 'FORBIDDEN', cleo: 'FORBIDDEN', aud: 'part', root: 'all' },
    ],
    [
      'the policy',
      seePolicy,
      { nobody: 'UNAUTHENTICATED', ann: 'FORBIDDEN', cleo: 'FORBIDDEN', aud: 'all', root: 'all' },
    ],
    ['permissions', seePermissions, { nobody: 'UNAUTHENTICATED', ann: 'FORBIDDEN', aud: 'all', root: 'all' }],
    [
      'the schema',
      seeSchema,
      { nobody: 'UNAUTHENTICATED', ann: 'FORBIDDEN', cleo: 'FORBIDDEN', aud: 'FORBIDDEN', root: 'all' },
    ],
  ])('C37: %s are for those whom a rule names', async (_, source, expected) => {
    const found: Record<string, string> = {};
    for (const name of Object.keys(expected)) {
      found[name] = await outcome(name === 'nobody' ? null : (name as keyof House['people']), source);
    }
    expect(found).toEqual(expected);
  });

  test('C64: production answers no introspection to whoever is not a superuser; development does', async () => {
    const development = await openHouse({ production: false });
    try {
      const state = development.as(anonymous);
      const { data } = await ask(development.schema, seeSchema, { state, services: development.services });
      expect(data).toEqual({ __schema: { queryType: { name: 'Query' } } });
    } finally {
      await development.close();
    }
  });

  test('lists are pages: 1 to 100 rows, after a cursor', async () => {
    const page =
      'query ($first: Int!, $after: String) { users(first: $first, after: $after) { edges { node { username } } pageInfo { hasNextPage hasPreviousPage endCursor } } }';
    type Page = {
      edges: { node: { username: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    const seen: string[] = [];
    let after: string | null = null;
    for (let more = true; more;) {
      const { data }: { data?: Record<string, unknown> | null } = await as('cleo', page, { first: 2, after });
      const users = data!['users'] as Page;
      seen.push(...users.edges.map(({ node }) => node.username));
      more = users.pageInfo.hasNextPage;
      after = users.pageInfo.endCursor;
    }
    expect(seen).toEqual(['ann', 'aud', 'bob', 'cleo', 'root']);
    const madeUp = Buffer.from('ann\0').toString('base64url');
    for (const variables of [
      { first: 0 },
      { first: 101 },
      { first: 1, after: 'no cursor!' },
      { first: 1, after: madeUp },
    ]) {
      expect(await as('cleo', page, variables)).toMatchObject({
        errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
      });
    }
  });

  test('C38: an auditor may page through the members of a group, and no cursor tells who they are', async () => {
    const page =
      '{ group(name: "superusers") { members { edges { cursor node { username } } pageInfo { startCursor endCursor } } } }';
    const { data } = await as('aud', page);
    expect(data).toMatchObject({ group: { members: { edges: [{ node: { username: null } }] } } });
    const texts = JSON.stringify(data).match(/[\w-]{4,}/g) ?? [];
    const decoded = texts.map((text) => Buffer.from(text, 'base64url').toString('utf8'));
    expect(decoded.filter((text) => text.includes('root'))).toEqual([]);
  });

  test('C38: nobody can end a session of somebody else, nor learn that it exists', async () => {
    const end = (id: string) =>
      as('ann', 'mutation ($id: ID!) { endSession(input: { id: $id }) { session { id } } }', { id });
    const missing = await end('00000000-0000-7000-8000-000000000000');
    for (const name of ['bob', 'cleo', 'aud', 'root'] as const) {
      expect(await end(house.sessions[name])).toEqual(missing);
    }
    expect(missing).toMatchObject({
      data: { endSession: null },
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    const alive = await as('bob', '{ viewer { sessions { edges { node { id } } } } }');
    expect(alive.data).toEqual({ viewer: { sessions: { edges: [{ node: { id: house.sessions.bob } }] } } });
  });

  test('ends a session of their own', async () => {
    const mutation = 'mutation ($id: ID!) { endSession(input: { id: $id }) { session { id userAgent } } }';
    const { data } = await as('aud', mutation, { id: house.sessions.aud });
    expect(data).toEqual({ endSession: { session: { id: house.sessions.aud, userAgent: 'test' } } });
    expect((await as('aud', '{ viewer { sessions { edges { node { id } } } } }')).data).toEqual({
      viewer: { sessions: { edges: [] } },
    });
  });
});

test('a line in a policy file makes a person a member, and the group shows them', async () => {
  const other = await openHouse({ rows: 'g, user:ann, group:support\n' });
  try {
    const asking = { state: other.as(other.people.ann), services: other.services };
    const { data, errors } = await ask(
      other.schema,
      '{ viewer { groups { name } } users { edges { node { email } } } }',
      asking,
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ viewer: { groups: [{ name: 'support' }] } });
    const root = { state: other.as(other.people.root), services: other.services };
    const members = await ask(
      other.schema,
      '{ group(name: "support") { members { edges { node { username groups { name } } } } } }',
      root,
    );
    expect(members.data).toEqual({
      group: {
        members: {
          edges: [
            { node: { username: 'ann', groups: [{ name: 'support' }] } },
            { node: { username: 'cleo', groups: [{ name: 'support' }] } },
          ],
        },
      },
    });
  } finally {
    await other.close();
  }
});

describe('logging in and out', () => {
  const login =
    'mutation { login(input: { username: "ann", password: "correct horse battery" }) { viewer { subject user { email } } } }';

  test('answers the rest of the operation as whoever logged in', async () => {
    const state = { current: house.as(anonymous) };
    const attempts: unknown[] = [];
    const { data, errors } = await ask(house.schema, login, {
      services: house.services,
      state: {
        ...state.current,
        get principal() {
          return state.current.principal;
        },
        get decisions() {
          return state.current.decisions;
        },
        actions: {
          logOut: () => Promise.resolve({ continueAt: null }),
          logIn: (attempt) => {
            attempts.push(attempt);
            state.current = house.as(house.people.ann);
            return Promise.resolve();
          },
        },
      },
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ login: { viewer: { subject: 'user:ann', user: { email: 'ann@example.com' } } } });
    expect(attempts).toEqual([
      { authenticator: null, credentials: { username: 'ann', password: 'correct horse battery' } },
    ]);
  });

  test('a logout says where the browser goes to be logged out there too', async () => {
    const source = 'mutation { logout { viewer { subject } continueAt { url } } }';
    const state = { current: house.as(house.people.ann) };
    const continueAt = new URL('https://acme.example/logout?client_id=portcullis');
    const { data, errors } = await ask(house.schema, source, {
      services: house.services,
      state: {
        ...state.current,
        get principal() {
          return state.current.principal;
        },
        get decisions() {
          return state.current.decisions;
        },
        actions: {
          logIn: () => Promise.resolve(),
          logOut: () => {
            state.current = house.as(anonymous);
            return Promise.resolve({ continueAt });
          },
        },
      },
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      logout: { viewer: { subject: 'anonymous' }, continueAt: { url: continueAt.href } },
    });
  });

  test('C08: is one attempt an operation: aliases are refused before any is made', async () => {
    let attempts = 0;
    const state = house.as(anonymous);
    const many = Array.from(
      { length: 20 },
      (_, index) => `a${index}: login(input: { username: "ann", password: "${index}" }) { viewer { kind } }`,
    );
    const { errors } = await ask(house.schema, `mutation { ${many.join(' ')} }`, {
      services: house.services,
      state: {
        ...state,
        actions: {
          logIn: () => {
            attempts += 1;
            return Promise.resolve();
          },
          logOut: () => Promise.resolve({ continueAt: null }),
        },
      },
    });
    expect(attempts).toBe(0);
    expect(errors).toMatchObject([{ message: 'Mutation.login must be the only field of its operation.' }]);
  });
});
