import type { Finding } from '../finding.ts';
import type { PolicyRows } from '../rule.ts';
import { fault, newReport, placeOf } from './report.ts';

/**
 * User names of the files that no account has: only `policy check` beside a database can know.
 *
 * @param usernames Canonical names of all accounts that the rows could mean.
 */
export function checkAccounts(
  { rules, memberships }: PolicyRows,
  usernames: ReadonlySet<string>,
): readonly Finding[] {
  const report = newReport();
  const named = [
    ...rules.map(({ subject, provenance }) => ({ subject, provenance })),
    ...memberships.map(({ member, provenance }) => ({ subject: member, provenance })),
  ];
  for (const { subject, provenance } of named) {
    if (!subject.startsWith('user:') || usernames.has(subject.slice('user:'.length))) continue;
    report.add(
      placeOf(provenance),
      fault('unknown-account', `No account is called ${subject}.`, 'Correct the name, or make the account.'),
    );
  }
  return report.findings();
}
