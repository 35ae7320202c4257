import type { PolicyUnderCheck } from './policy-under-check.ts';
import { fault, placeOf, type Report } from './report.ts';

/** The shipped file: its groups are there for administrators to give at run time. */
const shipped = 'builtin.csv';

/** Every subject of a rule or its condition can be somebody: groups have members, and `everyone` is given its two rows. */
export function checkSubjects({ rows, conditions }: PolicyUnderCheck, report: Report): void {
  const joined = new Set(rows.memberships.map(({ group }) => group));
  const built = new Set(
    rows.memberships.filter(({ group }) => group === 'everyone').map(({ member }) => member),
  );
  const warned = new Set<string>();
  const used = [
    ...rows.rules.map(({ subject, provenance }) => ({ subject, provenance })),
    ...rows.rules.flatMap(({ condition, provenance }) =>
      [...(conditions.get(condition ?? '')?.groups ?? [])].map((subject) => ({ subject, provenance })),
    ),
    ...rows.memberships.map(({ member, provenance }) => ({ subject: member, provenance })),
  ];
  for (const { subject, provenance } of used) {
    if (warned.has(subject)) continue;
    if (/^user:.*[^\x20-\x7e]/.test(subject)) {
      warned.add(subject);
      report.add(
        placeOf(provenance),
        fault(
          'unfamiliar-letters',
          `${subject} has letters outside ASCII.`,
          'Check that the account is the one you mean.',
        ),
      );
    }
    if (subject === 'everyone' && built.size < 2) {
      warned.add(subject);
      const missing = ['authenticated', 'anonymous']
        .filter((member) => !built.has(member))
        .map((member) => `g, ${member}, everyone`);
      report.add(
        placeOf(provenance),
        fault(
          'missing-built-in',
          'The row is about everyone, and no rows say who that is.',
          `Write: ${missing.join(' and ')}`,
        ),
      );
    }
    const isUnjoined = subject.startsWith('group:') && !joined.has(subject);
    if (isUnjoined && provenance.kind === 'file' && provenance.file !== shipped) {
      warned.add(subject);
      report.add(
        placeOf(provenance),
        fault(
          'group-without-members',
          `No row makes anybody a member of ${subject}.`,
          `Correct the name, write g, <member>, ${subject}, or add members at run time.`,
        ),
      );
    }
  }
}
