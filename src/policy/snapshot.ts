import type { Coordinate } from '../core/coordinate.ts';
import type { Principal } from '../core/principal.ts';
import type { DecisionContext, Decisions, RequestEnvironment } from './decision.ts';
import type { Finding } from './finding.ts';
import type { PolicyRows, Rule } from './rule.ts';

/** How much of the schema the policy speaks of. */
export interface Coverage {
  readonly total: number;
  /**
   * Coordinates that a rule (allow or deny) speaks of: by their own name, by `Type.*` or by a permission. A rule over
   * `*` speaks of nothing in particular: the superusers' own would cover every schema whole.
   */
  readonly covered: number;
  /** The others: denied to everybody but whom a rule over `*` allows. Sorted. */
  readonly uncovered: readonly Coordinate[];
}

/** Why a decision came out as it did, rule by rule. */
export interface Explanation {
  readonly effect: 'allow' | 'deny' | 'depends';
  readonly reason: string;
  /** Every subject the principal counts as, with the chain of memberships that leads there. */
  readonly subjects: readonly { readonly subject: string; readonly path: readonly string[] }[];
  readonly candidates: readonly RuleExplanation[];
}

/** A rule whose object covers the coordinate, and how far it got. */
export interface RuleExplanation {
  readonly rule: Rule;
  readonly subjectMatched: boolean;
  readonly actionMatched: boolean;
  /** `null` where there is no condition, or it was not reached; `unknown` where it needs an object or arguments. */
  readonly condition: 'true' | 'false' | 'failed' | 'unknown' | null;
  readonly decided: boolean;
}

/** One immutable, validated, compiled version of the policy. A request is decided by the one it started with. */
export interface PolicySnapshot {
  /** Digest of the content (model, files, grants): `sha256-` and the first 16 hex digits. */
  readonly version: string;
  readonly rows: PolicyRows;
  /** Warnings only: an error would have refused the snapshot. */
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  /** Every group that a row names, bare names, sorted. */
  readonly groups: readonly string[];
  /** Every permission and the coordinates it covers, directly or through other permissions. */
  readonly permissions: ReadonlyMap<string, ReadonlySet<Coordinate>>;
  /** How often the condition of each rule could not be evaluated since this snapshot was made. */
  readonly failedConditions: ReadonlyMap<Rule, number>;
  /** Everything the principal counts as: itself, built-in subjects, direct groups and those above them. */
  subjectsOf(principal: Principal): ReadonlySet<string>;
  decisionsFor(principal: Principal, environment: RequestEnvironment): Decisions;
  explain(
    principal: Principal,
    coordinate: Coordinate,
    environment: RequestEnvironment,
    context: DecisionContext | null,
  ): Explanation;
}
