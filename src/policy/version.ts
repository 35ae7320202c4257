import { createHash } from 'node:crypto';
import type { PolicyFile } from './loaded-policy.ts';
import type { PolicyRows, Provenance } from './rule.ts';

/**
 * The version of a policy: `sha256-` and 16 hex digits over what it is made of. Files count by name and content, grants
 * by their rows; neither times of files nor the order in which a folder lists them.
 */
export function policyVersion(files: readonly PolicyFile[], grants: PolicyRows): string {
  const hash = createHash('sha256');
  for (const { name, text } of files.toSorted((a, b) => compare(a.name, b.name))) {
    const bytes = Buffer.from(text);
    hash.update(`${JSON.stringify(name)} ${bytes.length}\n`).update(bytes);
  }
  hash.update(JSON.stringify(grantColumns(grants)));
  return `sha256-${hash.digest('hex').slice(0, 16)}`;
}

/** By code units, whatever the locale: the order in which stock casbin reads files joined by name. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const grantColumns = ({ rules, memberships, coverage }: PolicyRows): unknown => [
  rules.map((r) => [r.subject, r.object, r.action, r.effect, r.condition, ...columnsOf(r.provenance)]),
  memberships.map((m) => [m.member, m.group, ...columnsOf(m.provenance)]),
  coverage.map((c) => [c.member, c.permission, ...columnsOf(c.provenance)]),
];

const columnsOf = (provenance: Provenance): readonly (string | number)[] =>
  provenance.kind === 'grant'
    ? [provenance.id, provenance.by, provenance.at]
    : [provenance.file, provenance.line];
