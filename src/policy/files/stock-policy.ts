import type { LoadedPolicy } from '../loaded-policy.ts';
import type { MembershipRow } from '../rule.ts';

/** What stock casbin reads: the text of a model and of a policy. */
export interface StockPolicy {
  readonly model: string;
  readonly policy: string;
}

/**
 * A policy as plain casbin takes it, with `Type.*` on the left of `g2` expanded: read by stock casbin, it gives our answers.
 *
 * @param principalRows The memberships of one principal, which no file holds.
 */
export function renderStockPolicy(
  loaded: LoadedPolicy,
  principalRows: readonly MembershipRow[] = [],
): StockPolicy {
  const rows = [
    ...loaded.rows.rules.map(({ subject, object, action, effect, condition }) => [
      'p',
      subject,
      object,
      action,
      effect,
      ...(condition === null ? [] : [`"${condition.replaceAll('"', '""')}"`]),
    ]),
    ...[...loaded.rows.memberships, ...principalRows].map(({ member, group }) => ['g', member, group]),
    ...loaded.coverage.map(({ member, permission }) => ['g2', member, permission]),
  ];
  // A policy without rows is a comment: casbin's string adapter refuses an empty text.
  return {
    model: loaded.model,
    policy: ['# policy', ...rows.map((columns) => columns.join(', ')), ''].join('\n'),
  };
}
