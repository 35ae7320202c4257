import type { Random } from '../random.ts';

/** A row of a policy file, its kind first: `['p', 'role1', 'data1', 'read']`. */
export type Row = readonly string[];

export interface Question {
  /** What a request is made of, the subject first. */
  readonly values: readonly string[];
  readonly allowed: boolean;
}

/** A policy, who is in it, and what they may: the answers come from how it was made, and from no engine. */
export interface World {
  readonly name: string;
  readonly model: string;
  readonly rules: readonly Row[];
  readonly users: readonly string[];
  membershipsOf(user: number): readonly Row[];
  /** Something that a user could ask: often about what one of their roles may. */
  draw(user: number, random: Random): Question;
}

/** How many users a policy has for each of its rules, where nothing else is said. */
export const usersPerRule = 10;
/** How many rules a role has. */
export const rulesPerRole = 10;

export const policyName = 'policy.csv';
const usersPerText = 20_000;

/** The policy as texts of a bounded length, for all of its users or for some. */
export function* textsOf(world: World, users?: readonly number[]): Generator<string> {
  yield linesOf(world.rules);
  const count = users?.length ?? world.users.length;
  for (let first = 0; first < count; first += usersPerText) {
    const rows: Row[] = [];
    for (let place = first; place < Math.min(count, first + usersPerText); place += 1)
      rows.push(...world.membershipsOf(users?.[place] ?? place));
    yield linesOf(rows);
  }
}

const linesOf = (rows: readonly Row[]): string => rows.map((row) => `${row.join(', ')}\n`).join('');
