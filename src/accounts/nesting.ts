import { PortcullisError } from '../core/errors.ts';
import type { MembershipRow } from '../policy/rule.ts';
import type { NestingRow } from '../store/store.ts';

/** Groups above a group, as casbin follows them (its role manager stops after ten, without a word). */
export const longestChain = 10;

type Parents = ReadonlyMap<string, ReadonlySet<string>>;

const prefix = 'group:';

function parentsOf(rows: readonly MembershipRow[], nestings: readonly NestingRow[]): Parents {
  const parents = new Map<string, Set<string>>();
  const add = (member: string, group: string): void => {
    const above = parents.get(member);
    if (above === undefined) parents.set(member, new Set([group]));
    else above.add(group);
  };
  for (const { member, group, provenance } of rows) {
    if (provenance.kind === 'file' && member.startsWith(prefix) && group.startsWith(prefix)) {
      add(member.slice(prefix.length), group.slice(prefix.length));
    }
  }
  for (const { member, group } of nestings) add(member, group);
  return parents;
}

/**
 * Of the snapshot's rows only those of files count: the ones made at run time are in `nestings`, and newer there.
 * Throws BAD_USER_INPUT where the groups would go round in a circle, or make a chain that the policy refuses: such a
 * nesting, once written, would refuse every later snapshot.
 */
export function checkNestings(rows: readonly MembershipRow[], nestings: readonly NestingRow[]): void {
  const parents = parentsOf(rows, nestings);
  const heights = new Map<string, number>();

  /** How many groups the longest chain from here has, itself included. */
  function height(group: string, below: ReadonlySet<string>): number {
    const known = heights.get(group);
    if (known !== undefined) return known;
    if (below.has(group)) {
      throw new PortcullisError('BAD_USER_INPUT', {
        message: `The group ${group} would be a member of itself.`,
      });
    }
    const path = new Set(below).add(group);
    const above = [...(parents.get(group) ?? [])].map((parent) => height(parent, path));
    const found = 1 + Math.max(0, ...above);
    heights.set(group, found);
    return found;
  }

  for (const group of parents.keys()) {
    if (height(group, new Set()) > longestChain) {
      throw new PortcullisError('BAD_USER_INPUT', {
        message: `Groups can be nested ${longestChain} deep; this would be deeper.`,
      });
    }
  }
}
