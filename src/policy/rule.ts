/** Where a row of the policy comes from: a line of a reviewed file, or something an administrator added at run time. */
export type Provenance =
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  | { readonly kind: 'grant'; readonly id: string; readonly by: string; readonly at: number };

export type Effect = 'allow' | 'deny';

/** One `p` row. `object` is a permission, a coordinate, `Type.*` or `*`; `action` is an action or `*`. */
export interface Rule {
  readonly subject: string;
  readonly object: string;
  readonly action: string;
  readonly effect: Effect;
  /** The condition's source text; `null` where the row has no such column. */
  readonly condition: string | null;
  readonly provenance: Provenance;
}

/** One `g` row: `member` (a user, a group or a built-in subject) belongs to `group`. */
export interface MembershipRow {
  readonly member: string;
  readonly group: string;
  readonly provenance: Provenance;
}

/** One `g2` row: `member` (a coordinate, `Type.*` or a permission) belongs to `permission`. */
export interface CoverageRow {
  readonly member: string;
  readonly permission: string;
  readonly provenance: Provenance;
}

/** The rows of a policy, in the order in which they decide: files in name order, line by line, then grants. */
export interface PolicyRows {
  readonly rules: readonly Rule[];
  readonly memberships: readonly MembershipRow[];
  readonly coverage: readonly CoverageRow[];
}

/** `groups.csv:14`, or `grant 7f3a by user:root on 2026-11-20`. */
export function showProvenance(provenance: Provenance): string {
  return provenance.kind === 'file'
    ? `${provenance.file}:${provenance.line}`
    : `grant ${provenance.id.slice(-4)} by ${provenance.by} on ${new Date(provenance.at).toISOString().slice(0, 10)}`;
}
