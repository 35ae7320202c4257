import { describe, expect, test } from '@jest/globals';
import { parse, type ExecutionResult } from 'graphql';
import { silentLog } from '../../../src/core/log.ts';
import { buildGuardedSchema } from '../../../src/graphql/build-schema.ts';
import { defineModule } from '../../../src/graphql/module.ts';
import { executeGuarded } from '../../../src/graphql/guard/execute-guarded.ts';
import { coordinatesOf } from '../../../src/graphql/guard/guarded-schema.ts';
import { stands } from '../../../src/policy/decision.ts';
import type { UserRow } from '../../../src/store/contract/users.ts';
import {
  allowAll,
  ask,
  decisionsBy,
  recordingLog,
  start,
  stateFor,
  testLimits,
  userCalled,
} from '../asking.ts';

interface Parcel {
  readonly id: string;
  readonly owner: string | null;
  readonly label: string;
}

/** Parcels that can be given away: in place, or as a new row. `broken` has no owner to compute a fact from. */
function depot() {
  const parcels = new Map<string, { id: string; owner: string | null; label: string }>([
    ['1', { id: '1', owner: 'ann', label: 'one' }],
    ['broken', { id: 'broken', owner: null, label: 'two' }],
  ]);
  const act = {
    on: 'Parcel',
    load: (args: { id: string }, load: { parcel: (id: string) => unknown }) => load.parcel(args.id),
  };
  const schema = buildGuardedSchema([
    defineModule<unknown, { readonly parcel: Parcel }>({
      name: 'depot',
      typeDefs: /* GraphQL */ `
        type Query {
          parcel(id: ID!): Parcel
          parcels: [Parcel]
        }
        type Mutation {
          give(id: ID!, to: String!): Parcel
          giveInPlace(id: ID!, to: String!): Parcel
          label(id: ID!, label: String!): Parcel
        }
        type Parcel {
          id: ID
          label: String
        }
      `,
      facts: {
        Parcel: {
          owner: (parcel: Parcel) => parcel.owner!.toLowerCase(),
          later: () => Promise.reject(new Error('hunter2')),
        },
      },
      acts: {
        'Query.parcel': act,
        'Mutation.give': act,
        'Mutation.giveInPlace': act,
        'Mutation.label': act,
      },
      loaders: {
        parcel: (ids) => Promise.resolve(new Map([...parcels].filter(([id]) => ids.includes(id)))),
      },
      resolvers: {
        Query: { parcel: (parcel: Parcel) => parcel, parcels: () => [...parcels.values()] },
        Mutation: {
          give: (parcel: Parcel, { to }: { to: string }) => {
            const given = { ...parcel, owner: to };
            parcels.set(parcel.id, given);
            return given;
          },
          giveInPlace: (parcel: Parcel, { to }: { to: string }) => Object.assign(parcel, { owner: to }),
          label: (parcel: Parcel, { label }: { label: string }) => {
            const labelled = { ...parcel, label };
            parcels.set(parcel.id, labelled);
            return labelled;
          },
        },
      },
    }),
  ]);
  return { schema, parcels };
}

const own = decisionsBy({
  principal: userCalled('ann'),
  decide: (coordinate, { object }) => coordinate === 'Query.parcels' || object?.['owner'] === 'ann',
});

describe('what a mutation has written', () => {
  test('C38: decides the next field: what was given away is not written by its old owner any more', async () => {
    const { schema, parcels } = depot();
    const source =
      'mutation { give(id: "1", to: "bob") { __typename } label(id: "1", label: "stolen") { id } }';
    const { data, errors } = await ask(schema, source, { decisions: own });
    expect(data).toEqual({ give: { __typename: 'Parcel' }, label: null });
    expect(errors).toMatchObject([{ path: ['label'], extensions: { code: 'FORBIDDEN' } }]);
    expect(parcels.get('1')).toEqual({ id: '1', owner: 'bob', label: 'one' });
  });

  test('C38: decides its own answer, where it changed the very object that it acted on', async () => {
    const { schema } = depot();
    const { data } = await ask(schema, 'mutation { giveInPlace(id: "1", to: "bob") { id label } }', {
      decisions: own,
    });
    expect(data).toEqual({ giveInPlace: { id: null, label: null } });
  });

  test('is what the next field acts on: it writes nothing back from before', async () => {
    const { schema, parcels } = depot();
    const source = 'mutation { a: give(id: "1", to: "Ann") { id } b: label(id: "1", label: "new") { id } }';
    await ask(schema, source, { decisions: own });
    expect(parcels.get('1')).toEqual({ id: '1', owner: 'Ann', label: 'new' });
  });
});

describe('a fact that throws', () => {
  test('C38: answers like a missing object, to the byte: what it belongs to is nobody else’s to know', async () => {
    const { schema } = depot();
    const asking = { decisions: own };
    const broken = await ask(schema, '{ parcel(id: "broken") { id } }', asking);
    const missing = await ask(schema, '{ parcel(id: "9") { id } }', asking);
    expect(broken).toEqual(missing);
    expect(missing.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('is told to the log once for an operation, and the other facts are there', async () => {
    const { schema } = depot();
    const log = recordingLog();
    const { data } = await ask(schema, '{ parcels { id label } }', { decisions: own, log });
    expect(data).toEqual({
      parcels: [
        { id: '1', label: 'one' },
        { id: null, label: null },
      ],
    });
    const told = log.lines.filter(({ level }) => level === 'error');
    expect(told.map(({ fields }) => (fields as { fact: string }).fact)).toEqual([
      'Parcel.later',
      'Parcel.owner',
    ]);
  });
});

test('the account that a request began with is none any more once something was written, nor for an event', async () => {
  const schema = buildGuardedSchema([
    defineModule({
      name: 'account',
      typeDefs: /* GraphQL */ `
        type Query {
          name: String
        }
        type Mutation {
          write: String
        }
        type Subscription {
          told: String
        }
      `,
      resolvers: {
        Subscription: {
          told: {
            subscribe: async function* () {
              yield await Promise.resolve({});
            },
            resolve: (_: unknown, _args: object, { account }: { account?: UserRow | null }) =>
              account?.name ?? null,
          },
        },
        Query: { name: (_: unknown, _args: object, { account }) => account?.name ?? null },
        Mutation: { write: (_: unknown, _args: object, { account }) => account?.name ?? null },
      },
    }),
  ]);
  const account: UserRow = {
    id: '1',
    username: 'ann' as UserRow['username'],
    name: 'Ann',
    status: 'active',
    attributes: {},
    sessionEpoch: 0,
    createdAt: 0,
  };
  const state = { ...stateFor(allowAll), account };
  expect(await ask(schema, '{ name }', { state })).toEqual({ data: { name: 'Ann' } });
  expect(await ask(schema, 'mutation { first: write second: write }', { state })).toEqual({
    data: { first: 'Ann', second: null },
  });
  const stream = await start(schema, 'subscription { told }', { state });
  if (!(Symbol.asyncIterator in stream)) throw new Error('no stream');
  expect((await stream.next()).value).toEqual({ data: { told: null } });
});

describe('an operation whose time is over', () => {
  const rows = 1_000;
  const schema = buildGuardedSchema<unknown>([
    defineModule<unknown>({
      name: 'shelf',
      typeDefs: 'type Query { items: [Item] } type Item { name: String }',
      resolvers: { Query: { items: () => Array.from({ length: rows }, () => ({ name: 'a' })) } },
    }),
  ]);
  /** How many names of a long list are rejected, where time is over from the second look at the clock on. */
  function rejectedOf(mark: number): number {
    const coordinates = coordinatesOf(schema);
    const numberOf = (coordinate: string): number =>
      [...coordinates].findIndex((each) => each === coordinate);
    const marks = new Uint32Array(coordinates.size);
    marks[numberOf('Query.items')] = stands.allowed;
    marks[numberOf('Item.name')] = mark;
    let looks = 0;
    const answer = executeGuarded<unknown>({
      schema,
      document: parse('{ items { name } }'),
      state: stateFor({
        ...decisionsBy({ decide: () => mark !== stands.denied }),
        standing: { coordinates, marks },
      }),
      services: {},
      limits: testLimits,
      clock: { now: () => 0, monotonic: () => (looks++ === 0 ? 0 : Infinity) },
      log: silentLog,
    }) as ExecutionResult;
    const late = answer.errors?.find(({ extensions }) => extensions['code'] === 'UNAVAILABLE');
    return Number(late?.extensions['count'] ?? 0);
  }

  test('has no field decided that nothing stands of', () => {
    expect(rejectedOf(stands.unknown)).toBe(rows);
  });

  test.each([
    ['under conditions', stands.depends, 16],
    ['that stand denied', stands.denied, 16],
    ['that stand allowed', stands.allowed, 128],
  ])('is found among fields %s within a few of them, and all that follow are rejected', (_, mark, within) => {
    expect(rejectedOf(mark)).toBeGreaterThan(rows - within);
  });
});
