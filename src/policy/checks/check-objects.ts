import { isPermissionName } from '../../core/names.ts';
import { ownPermissions } from '../own-permissions.ts';
import type { Rule } from '../rule.ts';
import type { PolicyUnderCheck } from './policy-under-check.ts';
import { fault, placeOf, type Fault, type Report } from './report.ts';

/** Every rule can match something: its permission covers a coordinate, and its action occurs there. */
export function checkObjects(policy: PolicyUnderCheck, report: Report): void {
  for (const { member, provenance } of policy.rows.coverage) {
    if (!isPermissionName(member) || ownPermissions.has(member)) continue;
    if (policy.targets(member, '*').size > 0) continue;
    const message = `The permission ${member} covers nothing.`;
    report.add(
      placeOf(provenance),
      provenance.kind === 'grant'
        ? fault('stale-grant', message, 'Revoke the grant.')
        : fault(
            'unknown-permission',
            message,
            'Correct its name, or write the g2 row that gives it a coordinate.',
          ),
    );
  }
  for (const rule of policy.rows.rules) {
    const found = findEmptyRule(rule, policy);
    if (found !== null) report.add(placeOf(rule.provenance), found);
  }
}

function findEmptyRule(
  { object, action, effect, provenance }: Rule,
  { targets }: PolicyUnderCheck,
): Fault | null {
  const own = ownPermissions.get(object);
  if (targets(object, action).size > 0 || (own !== undefined && (action === '*' || action === own)))
    return null;
  const covers = targets(object, '*').size > 0 || own !== undefined;
  const message = covers
    ? `Nothing of ${object} is ever asked for as ${action}.`
    : `${object} covers nothing.`;
  if (provenance.kind === 'grant') return fault('stale-grant', message, 'Revoke the grant.');
  if (covers) return fault('impossible-action', message, 'Write * for the action.');
  const remedy = 'Correct the name, or write the g2 row that gives it a coordinate.';
  return effect === 'deny'
    ? fault('guards-nothing', message, remedy)
    : fault('covers-nothing', message, remedy);
}
