import { PortcullisError } from '../core/errors.ts';
import type { MembershipRow } from '../policy/rule.ts';
import type { NestingRow } from '../store/contract/groups.ts';

/** Steps that casbin follows from a user upwards, the first one to a group of its own; past it stops without a word. */
const longestChain = 10;

type Parents = ReadonlyMap<string, readonly string[]>;

/** Of the snapshot's rows only those of files count: the ones made at run time are in `nestings`, and newer there. */
function parentsOf(rows: readonly MembershipRow[], nestings: readonly NestingRow[]): Parents {
  const pairs = [
    ...rows.filter(({ member, provenance }) => provenance.kind === 'file' && !isPerson(member)),
    ...nestings.map(({ member, group }) => ({ member: `group:${member}`, group: `group:${group}` })),
  ];
  const parents = new Map<string, string[]>();
  for (const { member, group } of pairs) parents.set(member, [...(parents.get(member) ?? []), group]);
  return parents;
}

/** Whoever stands below the first step. */
const isPerson = (subject: string): boolean => subject.startsWith('user:') || subject === 'anonymous';

/**
 * Throws BAD_USER_INPUT where groups would go round in a circle, or make a chain that the policy refuses: such a
 * nesting, once written, would refuse every later snapshot.
 */
export function checkNestings(rows: readonly MembershipRow[], nestings: readonly NestingRow[]): void {
  const parents = parentsOf(rows, nestings);
  const heights = new Map<string, number>();

  /** How many names the longest chain from here has, this one included. */
  function height(name: string, below: ReadonlySet<string>): number {
    if (below.has(name)) throw refused(`${name} would be a member of itself.`);
    const known = heights.get(name);
    if (known !== undefined) return known;
    const path = new Set(below).add(name);
    const above = (parents.get(name) ?? []).map((parent) => height(parent, path));
    const found = 1 + Math.max(0, ...above);
    heights.set(name, found);
    return found;
  }

  for (const name of parents.keys()) {
    if (height(name, new Set()) > longestChain) {
      throw refused(`Groups can be nested ${longestChain} deep; this would be deeper.`);
    }
  }
}

const refused = (message: string): PortcullisError => new PortcullisError('BAD_USER_INPUT', { message });
