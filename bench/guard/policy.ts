import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/core/log.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Declarations } from '../../src/policy/declarations.ts';
import type { PolicyEngine } from '../../src/policy/engine.ts';
import { loadPolicy } from '../../src/policy/files/load-policy.ts';
import type { LoadedPolicy } from '../../src/policy/loaded-policy.ts';
import { openPolicyEngine } from '../../src/policy/open-engine.ts';
import { readFolders } from '../../src/policy/read-folders.ts';
import type { PolicyRows } from '../../src/policy/rule.ts';
import { allowedCoordinates, conditionalField, deniedField } from './parcels.ts';

const wantedRules = 5_000;
const areas = 90;
const fieldsOfArea = 20;
const partsOfArea = 4;
const teams = 250;
const divisions = 25;

const two = (number: number): string => `${number}`.padStart(2, '0');
const team = (number: number): string => `group:team-${number % teams}`;
const division = (number: number): string => `group:division-${number % divisions}`;
const field = (area: number, number: number): string => `Area${two(area % areas)}.field${two(number)}`;

/** The groups of whoever is measured: a handful, one of them inside a division. */
export const benchGroups: readonly `group:${string}`[] = [
  'group:parcel-readers',
  'group:team-3',
  'group:team-17',
  'group:team-101',
  'group:support',
];

/** The rest of a grown schema: types that nothing measured asks for, and that the policy speaks of all the same. */
export const otherTypeDefs = Array.from({ length: areas }, (_, area) => {
  const fields = Array.from({ length: fieldsOfArea }, (_each, number) => `field${two(number)}: String`);
  return `extend type Query { area${two(area)}: Area${two(area)} }\ntype Area${two(area)} { ${fields.join(' ')} }`;
}).join('\n');

const parcelRows: readonly string[] = [
  ...[...allowedCoordinates].map((coordinate) => `g2, ${coordinate}, parcels.view_parcel`),
  'p, group:parcel-readers, parcels.view_parcel, *, allow',
  `p, authenticated, ${conditionalField}, *, allow, self(r.ctx)`,
  `g2, ${deniedField}, parcels.view_price`,
  'p, group:accountants, parcels.view_price, *, allow',
];

function coverageRows(): readonly string[] {
  return Array.from({ length: areas }, (_, area) => area).flatMap((area) => [
    ...Array.from({ length: fieldsOfArea }, (_, number) => {
      const permission = `area_${two(area)}.view_part_${number % partsOfArea}`;
      return `g2, ${field(area, number)}, ${permission}`;
    }),
    ...Array.from(
      { length: partsOfArea },
      (_, part) => `g2, area_${two(area)}.view_part_${part}, area_${two(area)}.view_all`,
    ),
    `g2, Query.area${two(area)}, area_${two(area)}.view_all`,
  ]);
}

/** Rules about permissions, coordinates and conditions, allows and denies, in no order that an index would like. */
function* generatedRules(): Generator<string> {
  for (let number = 0; ; number += 1) {
    const area = (number * 17 + Math.floor(number / areas)) % areas;
    const place = Math.floor(number / 7);
    if (number % 50 === 7) yield `p, ${team(number)}, ${field(area, place % fieldsOfArea)}, *, deny`;
    else if (number % 50 === 23)
      yield `p, ${division(place)}, ${field(area, place % fieldsOfArea)}, *, allow, "aal(r.ctx, 2)"`;
    else if (number % 5 === 1) yield `p, ${division(place)}, ${field(area, place % fieldsOfArea)}, *, allow`;
    else yield `p, ${team(place)}, area_${two(area)}.view_part_${number % partsOfArea}, *, allow`;
  }
}

const noRows: PolicyRows = { rules: [], memberships: [], coverage: [] };

export interface BenchPolicy {
  readonly engine: PolicyEngine;
  /** The same files, loaded by the engine's own loader: what stock Casbin is given. */
  readonly loaded: LoadedPolicy;
  close(): Promise<void>;
}

/** The shipped folder and a generated one beside it: 5,000 rules together. */
export async function openBenchPolicy(declarations: Declarations): Promise<BenchPolicy> {
  const shipped = new URL('../../policies', import.meta.url).pathname;
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-bench-'));
  const folders = [shipped, folder];
  const load = async (): Promise<LoadedPolicy> => {
    const { files } = await readFolders(folders, { production: true, settleMs: 0 });
    return loadPolicy(files, declarations, noRows, { production: true });
  };
  const memberships = Array.from({ length: teams }, (_, number) => `g, ${team(number)}, ${division(number)}`);
  const write = (rules: Iterable<string>): Promise<void> =>
    writeFile(
      join(folder, 'generated.csv'),
      [...parcelRows, ...memberships, ...coverageRows(), ...rules, ''].join('\n'),
    );
  try {
    await write([]);
    const missing = wantedRules - (await load()).rows.rules.length;
    const rules = new Set<string>();
    for (const rule of generatedRules()) {
      if (rules.size === missing) break;
      rules.add(rule);
    }
    await write(rules);
    const engine = await openPolicyEngine({
      folders,
      lastGoodFile: null,
      production: true,
      declarations,
      grants: { load: () => Promise.resolve({ epoch: 0, rows: noRows }) },
      watch: false,
      settleMs: 0,
      clock: systemClock,
      log: silentLog,
    });
    return { engine, loaded: await load(), close: () => engine.close() };
  } finally {
    await rm(folder, { recursive: true });
  }
}
