import { PortcullisError } from '../core/errors.ts';
import { showProvenance, type PolicyRows } from '../policy/rule.ts';

/**
 * Where a policy file speaks of a group, such as `groups.csv:14`: as a subject, on either side of a `g` row, or in a
 * condition. `null` where none does. Grants do not count.
 */
export function findMention(group: string, { rules, memberships }: PolicyRows): string | null {
  const name = `group:${group}`;
  const quoted = [`'${name}'`, `"${name}"`];
  const rule = rules.find(
    ({ provenance, subject, condition }) =>
      provenance.kind === 'file' &&
      (subject === name || quoted.some((literal) => condition?.includes(literal) === true)),
  );
  const row = memberships.find(
    ({ provenance, member, group: above }) =>
      provenance.kind === 'file' && (member === name || above === name),
  );
  const found = rule ?? row;
  return found === undefined ? null : showProvenance(found.provenance);
}

/**
 * CONFLICT where a policy file says the same: whoever took the member out at run time would think that it is out.
 *
 * @param member `user:<name>` or `group:<name>`
 * @param group bare
 */
export function checkNotFiled(member: string, group: string, { memberships }: PolicyRows): void {
  const row = memberships.find(
    (each) => each.provenance.kind === 'file' && each.member === member && each.group === `group:${group}`,
  );
  if (row !== undefined) throw standsInFile(`${member} in group:${group}`, showProvenance(row.provenance));
}

/** What only an editor of the policy files can change. */
export const standsInFile = (what: string, place: string): PortcullisError =>
  new PortcullisError('CONFLICT', {
    message: `${what} stands in ${place}. Take it out of the policy files first.`,
  });
