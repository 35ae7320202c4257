/**
 * What the guard costs: the same schema, resolvers and executor, guarded by the shipped policy and not guarded, in one
 * process, alternating round by round. The ratio of the unguarded side to itself (A/A) shows how far to trust the rest.
 *
 *     npx tsx bench/guard.ts
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, parse } from 'graphql';
import { systemClock } from '../src/core/clock.ts';
import { originAs, originWithoutRequest } from '../src/core/origin.ts';
import { silentLog } from '../src/core/log.ts';
import { parseUsername } from '../src/core/names.ts';
import type { UserPrincipal } from '../src/core/principal.ts';
import { buildGuardedSchema } from '../src/graphql/build-schema.ts';
import type { RequestState } from '../src/graphql/context.ts';
import { describeSchema } from '../src/graphql/describe-schema.ts';
import { executeGuarded } from '../src/graphql/guard/execute-guarded.ts';
import { defineModule } from '../src/graphql/module.ts';
import { coreModules } from '../src/graphql/modules/core-modules.ts';
import type { CoreServices } from '../src/graphql/modules/core-services.ts';
import { openPolicyEngine } from '../src/policy/open-engine.ts';

const rounds = Number(process.argv[2] ?? 400);
const typeDefs = /* GraphQL */ `
  type Query {
    row: Row
    rows: [Row]
    ownRows: [OwnRow]
  }
  type Row {
    id: ID
    title: String
    text: String
    owner: String
  }
  type OwnRow {
    id: ID
    title: String
    text: String
    owner: String
  }
`;
const rows = Array.from({ length: 100 }, (_, index) => ({
  id: `${index}`,
  title: 't',
  text: 'x',
  owner: 'id-of-ann',
}));
const resolvers = { Query: { row: () => rows[0], rows: () => rows, ownRows: () => rows } };
const policyRows = [
  'p, authenticated, Query.row, *, allow',
  'p, authenticated, Query.rows, *, allow',
  'p, authenticated, Query.ownRows, *, allow',
  'p, authenticated, Row.*, *, allow',
  'p, authenticated, OwnRow.*, *, allow, self(r.ctx)',
].join('\n');

const ann = parseUsername('ann');
if (ann === null) throw new Error('ann is a username');
const principal: UserPrincipal = {
  kind: 'user',
  subject: `user:${ann}`,
  id: 'id-of-ann',
  username: ann,
  groups: [],
  attributes: {},
  authentication: { authenticator: 'password', amr: ['pwd'], aal: 1, authTime: 0 },
};

const benched = defineModule<unknown>({
  name: 'bench',
  typeDefs,
  resolvers,
  facts: { OwnRow: { owner: (row: { owner: string }) => row.owner } },
});
const guarded = buildGuardedSchema<CoreServices>([...coreModules, benched]);
const plain = makeExecutableSchema({ typeDefs, resolvers });

const folder = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
await writeFile(join(folder, 'bench.csv'), `${policyRows}\n`);
const policy = await openPolicyEngine({
  folders: [new URL('../policies', import.meta.url).pathname, folder],
  lastGoodFile: null,
  production: true,
  declarations: { ...describeSchema(guarded), attributes: {} },
  grants: { load: () => Promise.resolve({ epoch: 0, rows: { rules: [], memberships: [], coverage: [] } }) },
  watch: false,
  clock: systemClock,
  log: silentLog,
});
const snapshot = policy.current();

/** A request's own decisions, as a server makes them. */
const requestState = (): RequestState => {
  const environment = { now: systemClock.now(), address: null, provable: { amr: ['pwd'], aal: 1 } } as const;
  return {
    requestId: 'bench',
    origin: originAs(originWithoutRequest('anonymous'), principal),
    environment,
    principal,
    snapshot,
    decisions: snapshot.decisionsFor(principal, environment),
    sessionId: null,
    actions: { logIn: () => Promise.resolve(), logOut: () => Promise.resolve({ continueAt: null }) },
  };
};

const queries = {
  'one row': '{ row { id title } }',
  '100 rows × 4 fields': '{ rows { id title text owner } }',
  '100 rows × 4 fields, each under a condition on its row': '{ ownRows { id title text owner } }',
};
const limits = { maxCost: 100_000, timeout: 10_000, suggestions: false };

async function time(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) * 1_000;
}

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;

const results = [];
for (const [name, source] of Object.entries(queries)) {
  const document = parse(source);
  const unguardedRun = () => execute({ schema: plain, document });
  const guardedRun = () =>
    executeGuarded<CoreServices>({
      schema: guarded,
      document,
      state: requestState(),
      services: {} as CoreServices,
      limits,
      clock: systemClock,
      log: silentLog,
    });
  const answers = [await guardedRun(), await unguardedRun()].map((answer) => JSON.stringify(answer));
  if (answers[0] !== answers[1]) throw new Error(`The two sides answer differently:\n${answers.join('\n')}`);
  const times = { guarded: [] as number[], unguarded: [] as number[], again: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    // Who comes after whom changes with each round: a guarded run leaves the caches full of its own.
    const [one, other] = round % 2 === 0 ? [times.unguarded, times.again] : [times.again, times.unguarded];
    const turns = [
      async () => times.guarded.push(await time(guardedRun)),
      async () => one.push(await time(unguardedRun)),
      async () => other.push(await time(unguardedRun)),
    ];
    for (let turn = 0; turn < turns.length; turn += 1) await turns[(round + turn) % turns.length]?.();
  }
  const unguarded = median(times.unguarded);
  results.push({
    query: name,
    'guarded µs': Math.round(median(times.guarded)),
    'unguarded µs': Math.round(unguarded),
    ratio: Number((median(times.guarded) / unguarded).toFixed(2)),
    'A/A ratio': Number((median(times.again) / unguarded).toFixed(2)),
    rounds,
  });
}
console.table(results);
await mkdir(new URL('results/', import.meta.url), { recursive: true });
await writeFile(
  new URL('results/guard.json', import.meta.url),
  `${JSON.stringify({ at: new Date().toISOString(), node: process.version, rules: snapshot.rows.rules.length, results }, null, 2)}\n`,
);
await policy.close();
await rm(folder, { recursive: true });
