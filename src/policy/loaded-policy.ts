import type { Declarations } from './declarations.ts';
import type { ConditionForm } from './conditions/form.ts';
import type { ConditionScope } from './conditions/scope.ts';
import type { Finding } from './finding.ts';
import type { CoverageRow, PolicyRows } from './rule.ts';

/** A file of a policy folder, as read. */
export interface PolicyFile {
  /** The base name: `groups.csv`, `model.conf`. */
  readonly name: string;
  /** Bytes are decoded as UTF-8, strictly. */
  readonly text: string | Uint8Array;
}

/**
 * What a policy's effect expression says. One spelling is supported: at least one rule allows, and none denies
 * (`some(where (p.eft == allow)) && !some(where (p.eft == deny))`).
 */
export type PolicyEffect = 'allow-and-no-deny';

/** A policy from text to validated rows: nothing is decided yet. Where any finding is an error, it must not decide. */
export interface LoadedPolicy {
  /** The model's text in canonical form, for casbin. */
  readonly model: string;
  readonly effect: PolicyEffect;
  /** As written, in the order in which they decide: files in name order, line by line, then grants. */
  readonly rows: PolicyRows;
  /** `rows.coverage` with each `Type.*` on the left replaced by the type's coordinates. What casbin gets. */
  readonly coverage: readonly CoverageRow[];
  /** Errors and warnings, by file and line. */
  readonly findings: readonly Finding[];
  /** Every condition that a rule of `rows` has, compiled, by its source text. */
  readonly conditions: ReadonlyMap<string, CompiledCondition>;
  /** Whether the matcher is the default one: rules then match by what somebody counts as, never by the name itself. */
  readonly defaultMatcher: boolean;
}

/** From text to rows: pure, no I/O, never throws. It is `files/load-policy.ts`. */
export type LoadPolicy = (
  /** `model.conf` and `*.csv`, in any order: they are taken in name order. */
  files: readonly PolicyFile[],
  declarations: Declarations,
  /** Appended after the files' rows, and checked like them. */
  grants: PolicyRows,
  /** In production `development.csv` is left out. */
  options: { readonly production: boolean },
) => LoadedPolicy;

/** A rule's condition as closures made from its checked tree. */
export interface CompiledCondition {
  readonly source: string;
  readonly usesObject: boolean;
  readonly usesArgs: boolean;
  /** The step-up calls in it, as written, such as `fresh(r.ctx, '5m')`. Each once. */
  readonly stepUpCalls: readonly string[];
  /** Accounts that it compares the principal's name with, bare names. */
  readonly usernames: ReadonlySet<string>;
  /** What it is made of. */
  readonly form: ConditionForm;
  /** @throws {ConditionFailed} (`conditions/condition-failed.ts`) where it cannot be evaluated: neither true nor false. */
  evaluate(scope: ConditionScope): boolean;
}
