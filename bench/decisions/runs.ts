import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { runChild } from '../run-child.ts';
import {
  cacheSchema,
  changesSchema,
  coldSchema,
  conditionSchema,
  loadSchema,
  peersSchema,
  warmSchema,
  type CacheTold,
  type ChangesTold,
  type Cold,
  type ConditionTold,
  type LoadTold,
  type PeerRows,
  type Warm,
} from './samples.ts';
import { effectNames } from './worlds/effects.ts';
import { buildRbac } from './worlds/rbac.ts';
import { textsOf } from './worlds/world.ts';

/** How much is measured: everything, or as much as shows that each part runs. */
export interface Scope {
  readonly pairs: number;
  readonly quick: boolean;
}

export type Sized<Told> = Told & { readonly rules: number };

const ofSizes = async <Told extends object>(
  sizes: readonly number[],
  run: (size: number) => Promise<Told>,
): Promise<readonly Sized<Told>[]> => {
  const told: Sized<Told>[] = [];
  for (const rules of sizes) told.push({ ...(await run(rules)), rules });
  return told;
};

/** Ten million memberships need more than Node takes by itself. */
const heap = `--max-old-space-size=${Math.floor((totalmem() * 0.75) / (1024 * 1024))}`;
const measure = <Told>(
  what: string,
  parameters: readonly (string | number)[],
  schema: z.ZodType<Told>,
): Promise<Told> => runChild(new URL(`measure-${what}.ts`, import.meta.url), parameters, schema, [heap]);

const withinScope = (quick: boolean, sizes: readonly number[]): readonly number[] =>
  quick ? sizes.filter((size) => size <= 1_000) : sizes;

export interface WarmRuns {
  readonly policy: string;
  readonly sizes: readonly Sized<Warm>[];
}

/** Every policy whose decisions are held against a `Map`, the plain one first. */
export async function runWarm({ pairs, quick }: Scope): Promise<readonly WarmRuns[]> {
  const wanted = [
    { policy: 'roles', sizes: [100, 1_000, 10_000, 100_000] },
    { policy: 'domains', sizes: [1_000, 10_000, 100_000] },
    { policy: 'keyMatch2', sizes: quick ? [1_000] : [10_000] },
    ...effectNames.map((policy) => ({ policy, sizes: [1_000, 10_000, 100_000] })),
  ];
  const runs: WarmRuns[] = [];
  for (const { policy, sizes } of wanted)
    runs.push({
      policy,
      sizes: await ofSizes(withinScope(quick, sizes), (size) =>
        measure('warm', [policy, size, pairs], warmSchema),
      ),
    });
  return runs;
}

export const runPeers = ({ pairs, quick }: Scope): Promise<readonly Sized<{ readonly peers: PeerRows }>[]> =>
  ofSizes(withinScope(quick, [100, 1_000, 10_000, 100_000]), async (size) => ({
    peers: await measure('peers', [size, pairs], peersSchema),
  }));

export const runCold = ({ pairs, quick }: Scope): Promise<readonly Sized<Cold>[]> =>
  ofSizes(withinScope(quick, [1_000, 10_000]), (size) => measure('cold', [size, pairs], coldSchema));

export const runCache = ({ pairs }: Scope): Promise<readonly Sized<CacheTold>[]> =>
  ofSizes([1_000], (size) => measure('cache', [size, pairs], cacheSchema));

export const runCondition = ({ pairs, quick }: Scope): Promise<readonly Sized<ConditionTold>[]> =>
  ofSizes(withinScope(quick, [1_000, 10_000]), (size) =>
    measure('condition', [size, pairs], conditionSchema),
  );

export interface LoadRuns {
  readonly rules: number;
  readonly users: number;
  readonly ours: readonly LoadTold[];
  readonly stock: readonly LoadTold[];
  /** Stock Casbin once more in each round: A/A. */
  readonly again: readonly LoadTold[];
}

/** Files on disk, loaded by each in a process of its own; who comes first changes from round to round. */
export async function runLoad({ quick }: Scope): Promise<LoadRuns> {
  const [rules, users, rounds] = quick ? [1_000, 1_000, 1] : [100_000, 100_000, 3];
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
  const told: Record<'ours' | 'stock' | 'again', LoadTold[]> = { ours: [], stock: [], again: [] };
  const orders = [
    ['ours', 'stock', 'again'],
    ['again', 'ours', 'stock'],
    ['stock', 'again', 'ours'],
  ] as const;
  try {
    await writePolicy(folder, rules, users);
    for (let round = 0; round < rounds; round += 1)
      for (const turn of orders[round % orders.length] ?? orders[0]) {
        const whose = turn === 'ours' ? 'ours' : 'stock';
        told[turn].push(await measure('load', [whose, folder, rules, users], loadSchema));
      }
  } finally {
    await rm(folder, { recursive: true });
  }
  return { rules, users, ...told };
}

async function writePolicy(folder: string, rules: number, users: number): Promise<void> {
  const world = buildRbac(rules, users);
  const model = await open(join(folder, 'model.conf'), 'w');
  await model.writeFile(world.model);
  await model.close();
  const policy = await open(join(folder, 'policy.csv'), 'w');
  for (const text of textsOf(world)) await policy.writeFile(text);
  await policy.close();
}

export async function runChanges({ quick }: Scope): Promise<Sized<ChangesTold>> {
  const [rules, users, times] = quick ? [1_000, 1_000, 20] : [100_000, 100_000, 200];
  return { ...(await measure('changes', [rules, users, times], changesSchema)), rules };
}
