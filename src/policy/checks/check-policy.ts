import { checkConditionNames } from './check-condition-names.ts';
import { checkDuplicates } from './check-duplicates.ts';
import { checkHierarchies } from './check-hierarchies.ts';
import { checkNeverDecides } from './check-never-decides.ts';
import { checkObjects } from './check-objects.ts';
import { checkSubjects } from './check-subjects.ts';
import type { PolicyUnderCheck } from './policy-under-check.ts';
import type { Report } from './report.ts';

/** The checks of a whole policy, after each row was found valid by itself. They do not depend on each other. */
const checks: readonly ((policy: PolicyUnderCheck, report: Report) => void)[] = [
  checkDuplicates,
  checkHierarchies,
  checkSubjects,
  checkObjects,
  checkConditionNames,
  checkNeverDecides,
];

export function checkPolicy(policy: PolicyUnderCheck, report: Report): void {
  for (const check of checks) check(policy, report);
}
