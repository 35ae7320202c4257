import type { SchemaCoordinates } from '../../core/coordinate.ts';
import type { PolicyRows, Provenance } from '../rule.ts';
import type { FindingCode } from '../checks/catalogue.ts';
import { fault, placeOf, type Fault, type Report } from '../checks/report.ts';
import {
  findActionFault,
  findEffectFault,
  findMembershipFault,
  findObjectFault,
  findPermissionFault,
  findSubjectFault,
} from './find-name-fault.ts';
import type { RowLists } from './parse-rows.ts';

/** What a changed schema does to a grant that was good when it was made: it must not stop the server. */
const stale: ReadonlySet<FindingCode> = new Set([
  'unknown-coordinate',
  'unknown-type',
  'interface-coordinate',
  'ambiguous-name',
]);

/** Appends the grants, held to the same names as the rows of files. */
export function acceptGrants(
  grants: PolicyRows,
  rows: RowLists,
  schema: SchemaCoordinates,
  report: Report,
): void {
  const isGood = (found: Fault | null, provenance: Provenance): boolean => {
    if (found === null) return true;
    const shown = stale.has(found.code) ? fault('stale-grant', found.message, 'Revoke the grant.') : found;
    report.add(placeOf(provenance), shown);
    return false;
  };
  rows.rules.push(
    ...grants.rules.filter(({ subject, object, action, effect, condition, provenance }) =>
      isGood(
        findSubjectFault(subject) ??
          findObjectFault(object, schema, true) ??
          findActionFault(action) ??
          findEffectFault(effect) ??
          (condition === null
            ? null
            : fault('grant-condition', 'The grant carries a condition.', 'Write the rule in a file.')),
        provenance,
      ),
    ),
  );
  rows.memberships.push(
    ...grants.memberships.filter(({ member, group, provenance }) =>
      isGood(findSubjectFault(member) ?? findMembershipFault(member, group), provenance),
    ),
  );
  rows.coverage.push(
    ...grants.coverage.filter(({ member, permission, provenance }) =>
      isGood(findObjectFault(member, schema, false) ?? findPermissionFault(permission, schema), provenance),
    ),
  );
}
