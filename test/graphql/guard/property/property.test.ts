import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import type { Coordinate } from '../../../../src/core/coordinate.ts';
import { actionOf } from '../../../../src/core/coordinate.ts';
import { buildGuardedSchema } from '../../../../src/graphql/build-schema.ts';
import { describeSchema } from '../../../../src/graphql/describe-schema.ts';
import type { GuardedSchema } from '../../../../src/graphql/guard/guarded-schema.ts';
import { defineModule } from '../../../../src/graphql/module.ts';
import { buildSnapshot } from '../../../../src/policy/build-snapshot.ts';
import { newDecisionTally } from '../../../../src/policy/decision-tally.ts';
import { loadPolicy } from '../../../../src/policy/files/load-policy.ts';
import { environment, filesOf, noRows, recordingLog, standingClock, user } from '../../../policy/fixture.ts';
import { openStock } from '../../../policy/parity/open-stock.ts';
import { rounds } from '../../../rounds.ts';
import { ask, type Asking, stateFor } from '../../asking.ts';
import { askNaively, guardNaively, pathsOf, type Seen } from './naive-guard.ts';
import { type RandomDocument, randomDocument } from './random-document.ts';
import { type RandomSchema, randomSchema, type Thing, valueOf } from './random-schema.ts';

/** Resolvers of a random schema, that write down which of them ran. */
function resolversOf({ fields, behaviours }: RandomSchema, ran: string[]) {
  const resolver =
    (coordinate: string, type: string) => (source: Thing | undefined, args: { n?: number | null }) => {
      ran.push(coordinate);
      const seed = Buffer.from(`${source?.name ?? ''}${coordinate}`).reduce((sum, byte) => sum + byte, 0);
      const behaviour = behaviours[coordinate];
      if (behaviour === 'throws') throw new Error(coordinate);
      if (behaviour === 'rejects') return Promise.reject(new Error(coordinate));
      const value = behaviour === 'null' && !type.endsWith('!') ? null : valueOf(type, seed + (args.n ?? 0));
      return behaviour === 'promise' ? Promise.resolve(value) : value;
    };
  return Object.fromEntries(
    Object.entries(fields).map(([name, types]) => [
      name,
      Object.fromEntries(
        Object.entries(types).map(([field, type]) => [field, resolver(`${name}.${field}`, type)]),
      ),
    ]),
  );
}

const rows = (coordinates: readonly Coordinate[]): fc.Arbitrary<string> => {
  const objects = [...coordinates, 'A.*', 'B.*', 'Query.*', 'Query.*', '*'];
  const row = fc
    .record({
      subject: fc.constantFrom(
        'authenticated',
        'authenticated',
        'group:a',
        'group:b',
        'user:ann',
        'everyone',
      ),
      object: fc.constantFrom(...objects),
      effect: fc.constantFrom('allow', 'allow', 'allow', 'deny'),
      condition: fc.option(
        fc.constantFrom(
          'self(r.ctx)',
          '!self(r.ctx)',
          "fresh(r.ctx, '5m')",
          "in_group(r.ctx, 'group:c')",
          'r.ctx.args.n == 1',
          "r.ctx.object.owner != 'id-of-bob' || fresh(r.ctx, '5m')",
        ),
      ),
    })
    .map(
      ({ subject, object, effect, condition }) =>
        `p, ${subject}, ${object}, *, ${effect}${condition === null ? '' : `, "${condition}"`}`,
    );
  const wide = fc.constantFrom('Query.*', '*', '*').map((object) => `p, authenticated, ${object}, *, allow`);
  return fc
    .tuple(fc.option(wide, { freq: 4 }), fc.uniqueArray(row, { minLength: 1, maxLength: 12 }))
    .map(([first, all]) => (first === null ? all : [first, ...all]).join('\n'));
};

function guardedSchema(random: RandomSchema, ran: string[]): GuardedSchema<unknown> {
  const owner = (thing: Thing) => thing.owner;
  return buildGuardedSchema<unknown>([
    defineModule<unknown>({
      name: 'random',
      typeDefs: random.typeDefs,
      resolvers: resolversOf(random, ran),
      facts: { A: { owner }, B: { owner } },
    }),
  ]);
}

/** The rows that the loader takes: what it refuses is left out. */
function acceptedRows(all: string, declarations: Parameters<typeof loadPolicy>[1]): string {
  const accepts = (rules: string): boolean =>
    loadPolicy(filesOf(rules), declarations, noRows, { production: false }).findings.every(
      ({ severity }) => severity !== 'error',
    );
  return all
    .split('\n')
    .reduce((text, line) => (accepts(`${text}${line}\n`) ? `${text}${line}\n` : text), '');
}

test(
  'an operation is answered as if every field had been decided by itself, by stock casbin',
  async () => {
    const met = { runs: 0, denied: 0, allowed: 0 };
    await fc.assert(
      fc.asyncProperty(
        randomSchema.chain((random) =>
          fc.record({
            random: fc.constant(random),
            documents: fc.array(randomDocument(random), { minLength: 1, maxLength: 3 }),
            rules: rows(
              Object.entries(random.fields).flatMap(([type, fields]) =>
                Object.keys(fields).map((field): Coordinate => `${type}.${field}`),
              ),
            ),
            groups: fc.subarray(['a', 'b', 'c']),
            name: fc.constantFrom('ann', 'bob'),
            authTime: fc.constantFrom(environment.now, environment.now - 3_600_000),
          }),
        ),
        async ({ random, documents, rules, groups, name, authTime }) => {
          const ran: string[] = [];
          const schema = guardedSchema(random, ran);
          const declarations = { ...describeSchema(schema), attributes: {} };
          const loaded = loadPolicy(filesOf(acceptedRows(rules, declarations)), declarations, noRows, {
            production: false,
          });
          const snapshot = await buildSnapshot(loaded, 'test', {
            schema: declarations.schema,
            clock: standingClock(),
            log: recordingLog(),
          });
          const who = { ...user(name, { groups, authTime }), id: `id-of-${name}` };
          const stock = await openStock(loaded, who);
          const subjects = snapshot.subjectsOf(who);
          const ranNaively: string[] = [];
          const naive = guardNaively(
            random.typeDefs,
            resolversOf(random, ranNaively),
            (coordinate, args, object) =>
              stock.enforceSync(who.subject, coordinate, actionOf(coordinate), {
                principal: who,
                subjects,
                environment,
                args,
                object: object === null ? null : { owner: (object as Thing).owner },
                optimistic: false,
              }),
          );

          for (const document of [...documents, ...documents]) {
            expect(validate(schema, parse(document.source))).toEqual([]);
            ran.length = 0;
            ranNaively.length = 0;
            const tally = newDecisionTally();
            const state = stateFor(snapshot.decisionsFor(who, environment));
            const seen = await askGuarded(schema, document, { state, tally });
            const expected = await askNaively(naive, document);
            expect(JSON.stringify(seen.data)).toBe(JSON.stringify(expected.data));
            expect(seen.denied).toEqual(expected.denied);
            // Of the failures of a list's rows, callers are told the first.
            expect(expected.failed).toEqual(expect.arrayContaining([...seen.failed]));
            expect(seen.failed.length > 0).toBe(expected.failed.length > 0);
            expect(ran).toEqual(ranNaively);
            // Names are resolved without being written down.
            expect(tally.allowed).toBeGreaterThanOrEqual(ran.length);
            met.runs += 1;
            met.allowed += ran.length > 2 ? 1 : 0;
            met.denied += Object.keys(seen.denied).length > 0 ? 1 : 0;
          }
        },
      ),
      { numRuns: rounds(60, 4_000) },
    );
    // It says something only where fields are denied, and others are reached.
    expect(met.denied).toBeGreaterThan(met.runs / 4);
    expect(met.allowed).toBeGreaterThan(met.runs / 6);
  },
  rounds(90_000, 3_600_000),
);

async function askGuarded(
  schema: GuardedSchema<unknown>,
  { source, variables }: RandomDocument,
  asking: Pick<Asking<unknown>, 'state' | 'tally'>,
): Promise<Seen> {
  const { data, errors = [] } = await ask(schema, source, { ...asking, variables, log: recordingLog() });
  const denials = errors.filter(({ extensions }) => extensions['coordinate'] !== undefined);
  const denied: Record<string, number> = {};
  for (const { extensions } of denials) {
    const coordinate = String(extensions['coordinate']);
    denied[coordinate] = (denied[coordinate] ?? 0) + Number(extensions['count']);
  }
  return { data, denied, failed: pathsOf(errors.filter((error) => !denials.includes(error))) };
}
