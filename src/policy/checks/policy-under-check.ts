import type { ConditionUnit } from '../conditions/compile-condition.ts';
import type { Declarations } from '../declarations.ts';
import type { Targets } from '../files/targets.ts';
import type { CoverageRow, PolicyRows } from '../rule.ts';

/** All rows of a policy, each valid by itself: what the checks of the whole look at. */
export interface PolicyUnderCheck {
  readonly rows: PolicyRows;
  /** `rows.coverage`, expanded. */
  readonly coverage: readonly CoverageRow[];
  readonly declarations: Declarations;
  readonly targets: Targets;
  /** Every condition of `rows`, by source text. */
  readonly conditions: ReadonlyMap<string, ConditionUnit>;
  /** Whether the matcher is the default one: others may match otherwise than some warnings suppose. */
  readonly defaultMatcher: boolean;
}
