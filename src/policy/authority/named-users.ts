import type { LoadedPolicy } from '../loaded-policy.ts';

/** The accounts that rows of files are about or compare with: bare names. */
export function namedUsersOf({
  rows,
  conditions,
}: Pick<LoadedPolicy, 'rows' | 'conditions'>): ReadonlySet<string> {
  const ofFiles = <Row extends { readonly provenance: { readonly kind: string } }>(
    all: readonly Row[],
  ): readonly Row[] => all.filter(({ provenance }) => provenance.kind === 'file');
  const subjects = [
    ...ofFiles(rows.rules).map(({ subject }) => subject),
    ...ofFiles(rows.memberships).map(({ member }) => member),
  ];
  return new Set([
    ...subjects
      .filter((subject) => subject.startsWith('user:'))
      .map((subject) => subject.slice('user:'.length)),
    ...[...conditions.values()].flatMap(({ usernames }) => [...usernames]),
  ]);
}
