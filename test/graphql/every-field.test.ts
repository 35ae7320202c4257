import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  getNamedType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';
import type { Coordinate } from '../../src/core/coordinate.ts';
import type { CoreServices } from '../../src/graphql/modules/core-services.ts';
import type { GrantRow } from '../../src/store/contract/grants.ts';
import type { IdentityRow } from '../../src/store/contract/identities.ts';
import { at, grantTo, identityOf, recordAt } from '../store/rows.ts';
import { ask, decisionsBy } from './asking.ts';
import { anonymous, openHouse, type House } from './house.ts';

let house: House;
let empty: House;
/** Something of every kind, so that every field can be reached. */
const given = new Map<House, { readonly identity: IdentityRow; readonly grant: GrantRow }>();
beforeAll(async () => {
  house = await openHouse();
  empty = await openHouse({ policy: 'empty' });
  for (const { store, people } of [house, empty]) {
    const row = { identity: identityOf(people.root), grant: grantTo({ userId: people.root.id }) };
    await store.identities.insert(row.identity);
    await store.grants.add(row.grant);
    await store.audit.append([recordAt(at, { actorId: people.root.id, accountId: people.root.id })]);
    given.set(store === house.store ? house : empty, row);
  }
});
afterAll(async () => {
  await house.close();
  await empty.close();
});

/** Values for the arguments that must be given, by coordinate: each names something that exists. */
const argumentsFor = (of: House): Record<string, string> => {
  const { sessions, notes, people } = of;
  const { identity, grant } = given.get(of)!;
  const note = notes.insert({ title: 'new', text: 'new', ownerId: people.root.id, sharedWith: [] });
  const id = `(input: { id: "${note.id}"`;
  return {
    'Query.user': '(username: "root")',
    'Query.group': '(name: "superusers")',
    'Query.note': `(id: "${note.id}")`,
    'Query.__type': '(name: "User")',
    'Viewer.can': '(checks: [{ coordinate: "Query.viewer" }])',
    'Mutation.login': '(input: { username: "root", password: "x" })',
    'Mutation.endSession': `(input: { id: "${sessions.root}" })`,
    'Mutation.unlinkIdentity': `(input: { id: "${identity.id}" })`,
    'Mutation.revokePermission': `(input: { id: "${grant.id}" })`,
    'Mutation.grantPermission': '(input: { subject: "user:root", permission: "policy.view" })',
    'Mutation.renameUser': `(input: { id: "${people.root.id}", name: "Root" })`,
    'Mutation.createUser': '(input: { username: "zoe" })',
    ...Object.fromEntries(
      ['suspendUser', 'reactivateUser', 'deleteUser', 'endUserSessions'].map((name) => [
        `Mutation.${name}`,
        `(input: { id: "${people.root.id}" })`,
      ]),
    ),
    'Mutation.createGroup': '(input: { name: "new" })',
    'Mutation.deleteGroup': '(input: { name: "superusers" })',
    'Mutation.addGroupMember': '(input: { group: "superusers", member: "user:ann" })',
    'Mutation.removeGroupMember': '(input: { group: "superusers", member: "user:root" })',
    'Mutation.createNote': '(input: { title: "new" })',
    'Mutation.updateNote': `${id} })`,
    'Mutation.deleteNote': `${id} })`,
    'Mutation.shareNote': `${id}, group: "writers" })`,
  };
};

/** For each field of each object type, an operation that reaches it, and where it then stands in the answer. */
function reaches(of: House): Map<Coordinate, { source: string; path: string[] }> {
  const given = argumentsFor(of);
  const found = new Map<Coordinate, { source: string; path: string[] }>();
  const step = (type: GraphQLObjectType, field: GraphQLField<unknown, unknown>) =>
    `${field.name}${given[`${type.name}.${field.name}`] ?? ''}`;
  const queue: { type: GraphQLObjectType; opening: string; path: string[] }[] = [
    { type: of.schema.getQueryType()!, opening: 'query {', path: [] },
    { type: of.schema.getMutationType()!, opening: 'mutation {', path: [] },
  ];
  const seen = new Set<string>();
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (seen.has(at.type.name)) continue;
    seen.add(at.type.name);
    for (const field of Object.values(at.type.getFields())) {
      const child = getNamedType(field.type);
      const opening = `${at.opening} __typename ${step(at.type, field)}`;
      const path = [...at.path, field.name];
      const closing = '}'.repeat(at.path.length + 1);
      found.set(`${at.type.name}.${field.name}`, {
        source: `${opening} ${isObjectType(child) ? '{ __typename }' : ''} ${closing}`,
        path,
      });
      if (isObjectType(child)) queue.push({ type: child, opening: `${opening} {`, path });
    }
  }
  for (const name of ['__schema', '__type']) {
    const args = given[`Query.${name}`] ?? '';
    found.set(`Query.${name}` as Coordinate, { source: `{ ${name}${args} { __typename } }`, path: [name] });
  }
  return found;
}

/** Everything at that place, through lists; what is missing because its parent is null is not counted. */
function valuesAt(data: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(data)) return data.flatMap((each) => valuesAt(each, path));
  const [first, ...rest] = path;
  if (first === undefined) return [data];
  return typeof data === 'object' && data !== null
    ? valuesAt((data as Record<string, unknown>)[first], rest)
    : [];
}

const withoutTypenames = (data: unknown): unknown[] => {
  if (Array.isArray(data)) return data.flatMap(withoutTypenames);
  if (typeof data !== 'object' || data === null) return data === null || data === undefined ? [] : [data];
  return Object.entries(data).flatMap(([name, value]) =>
    name === '__typename' ? [] : withoutTypenames(value),
  );
};

test('C37: with an empty policy, no operation returns anything but __typename, for every field', async () => {
  const operations = reaches(empty);
  expect(new Set(operations.keys())).toEqual(empty.coordinates);
  expect(empty.policy.current().rows.rules).toEqual([]);
  for (const principal of [anonymous, empty.people.ann, empty.people.root]) {
    for (const [coordinate, { source }] of operations) {
      const state = empty.as(principal);
      const { data, errors } = await ask(empty.schema, source, { state, services: empty.services });
      expect({ coordinate, answered: withoutTypenames(data) }).toEqual({ coordinate, answered: [] });
      expect(errors?.length).toBeGreaterThan(0);
    }
  }
});

test('C37: each field is denied by itself, where everything around it is allowed', async () => {
  const operations = reaches(house);
  expect(new Set(operations.keys())).toEqual(house.coordinates);
  const unreached: string[] = [];
  const services = withoutEffect(house);
  for (const denied of operations.keys()) {
    const { source, path } = reaches(house).get(denied)!;
    const decisions = decisionsBy({
      principal: house.people.root,
      decide: (coordinate) => coordinate !== denied,
    });
    const actions = {
      logIn: () => Promise.resolve(),
      logOut: () => Promise.resolve({ continueAt: new URL('https://acme.example/logout') }),
    };
    const asking = { state: { ...house.as(house.people.root), decisions, actions }, services };
    const { data, errors } = await ask(house.schema, source, asking);
    const codes = errors?.map(
      ({ extensions }) => `${String(extensions['code'])} ${String(extensions['coordinate'])}`,
    );
    const values = valuesAt(data, path);
    expect({ denied, values: values.filter((value) => value !== null) }).toEqual({ denied, values: [] });
    // The parent was there, so it is this denial that left nothing.
    if (codes?.includes(`FORBIDDEN ${denied}`) !== true) unreached.push(denied);
  }
  expect(unreached).toEqual([]);
});

/** Services that answer as if they had done it: what is gone could not be reached again. */
function withoutEffect(of: House): CoreServices {
  const { services, store, people } = of;
  const root = async () => (await store.users.find(people.root.id))!;
  const grant = async () => (await store.grants.find(given.get(of)!.grant.id))!;
  const nothing = () => Promise.resolve();
  return {
    ...services,
    sessions: { ...services.sessions, endByPublicId: () => Promise.resolve(true) },
    identities: { unlink: nothing },
    accounts: {
      ...services.accounts,
      create: root,
      rename: root,
      changeStatus: root,
      delete: nothing,
      endSessions: nothing,
      createGroup: (name) => Promise.resolve({ name, createdAt: 0 }),
      deleteGroup: nothing,
      addToGroup: () => Promise.resolve(true),
      removeFromGroup: () => Promise.resolve(true),
      grant: async () => ({ grant: await grant(), added: true }),
      revoke: grant,
    },
  };
}

test('our own fields are nullable but ids, so that a denial takes nothing else along', () => {
  const nonNull = Object.values(house.schema.getTypeMap())
    .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => isNonNullType(field.type))
        .map((field) => `${type.name}.${field.name}`),
    );
  expect(nonNull.sort()).toEqual([
    'AuditRecord.id',
    'Grant.id',
    'Identity.id',
    'Note.id',
    'Session.id',
    'User.id',
  ]);
});
