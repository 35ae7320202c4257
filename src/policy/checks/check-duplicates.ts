import { showProvenance, type Provenance } from '../rule.ts';
import type { PolicyUnderCheck } from './policy-under-check.ts';
import { fault, placeOf, type Report } from './report.ts';

/** No row of the files stands twice. A grant may repeat one: it goes on holding when the file's row is deleted. */
export function checkDuplicates({ rows }: PolicyUnderCheck, report: Report): void {
  const seen = new Map<string, Provenance>();
  const check = (columns: readonly (string | null)[], provenance: Provenance): void => {
    if (provenance.kind !== 'file') return;
    const key = JSON.stringify(columns);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, provenance);
    else
      report.add(
        placeOf(provenance),
        fault('duplicate-row', `The row repeats ${showProvenance(first)}.`, 'Delete one of them.'),
      );
  };
  for (const rule of rows.rules) {
    check(['p', rule.subject, rule.object, rule.action, rule.effect, rule.condition], rule.provenance);
  }
  for (const { member, group, provenance } of rows.memberships) check(['g', member, group], provenance);
  for (const { member, permission, provenance } of rows.coverage)
    check(['g2', member, permission], provenance);
}
