import type { Principal } from '../core/principal.ts';
import type { FailureLog } from './condition-failures.ts';
import type { DecisionContext, RequestEnvironment } from './decision.ts';
import type { ConditionScope } from './conditions/scope.ts';
import type { CompiledCondition } from './loaded-policy.ts';
import type { Rule } from './rule.ts';

/** `failed`: it could not be evaluated. `unknown`: it needs an object or arguments, which are not there yet. */
export type ConditionOutcome = 'true' | 'false' | 'failed' | 'unknown';

/** With what eyes a rule's condition is looked at. */
export interface View {
  /** `null` before anything was loaded: a preview. */
  readonly context: DecisionContext | null;
  /** True: as after the best new login that could be proved here. */
  readonly afterLogin: boolean;
}

interface Needs {
  readonly conditions: ReadonlyMap<string, CompiledCondition>;
  readonly failures: FailureLog;
}

export const looksAtContext = (condition: CompiledCondition): boolean =>
  condition.usesObject || condition.usesArgs;

/** What conditions look at in one request. One value for all of them: they read it, and keep nothing of it. */
class RequestScope implements ConditionScope {
  readonly principal: Principal;
  readonly environment: RequestEnvironment;
  readonly #others: ReadonlySet<string>;
  args: ConditionScope['args'] = null;
  object: ConditionScope['object'] = null;
  optimistic = false;
  #subjects: ReadonlySet<string> | null = null;

  constructor(principal: Principal, others: ReadonlySet<string>, environment: RequestEnvironment) {
    this.principal = principal;
    this.environment = environment;
    this.#others = others;
  }

  /** Few conditions ask. */
  get subjects(): ReadonlySet<string> {
    return (this.#subjects ??= new Set([...this.#others, this.principal.subject]));
  }
}

/** The conditions of one request. What looks at neither object nor arguments is evaluated once. */
export class RequestConditions {
  readonly #needs: Needs;
  readonly #scope: RequestScope;
  #now: Map<string, ConditionOutcome> | null = null;
  #afterLogin: Map<string, ConditionOutcome> | null = null;

  /** `subjects` is all that the principal counts as, itself or not. */
  constructor(
    needs: Needs,
    principal: Principal,
    subjects: ReadonlySet<string>,
    environment: RequestEnvironment,
  ) {
    this.#needs = needs;
    this.#scope = new RequestScope(principal, subjects, environment);
  }

  /** @throws where the rule's condition was never compiled. */
  outcomeOf(rule: Rule, view: View): ConditionOutcome {
    if (rule.condition === null) return 'true';
    const condition = this.#needs.conditions.get(rule.condition);
    if (condition === undefined) throw new Error('A rule has a condition that was never compiled.');
    return this.evaluate(rule, condition, view.context, view.afterLogin);
  }

  /** The same of a condition that is at hand. */
  evaluate(
    rule: Rule,
    condition: CompiledCondition,
    context: DecisionContext | null,
    afterLogin: boolean,
  ): ConditionOutcome {
    if (looksAtContext(condition))
      return context === null ? 'unknown' : this.#run(rule, condition, context, afterLogin);
    const known = afterLogin
      ? (this.#afterLogin ??= new Map<string, ConditionOutcome>())
      : (this.#now ??= new Map<string, ConditionOutcome>());
    const before = known.get(condition.source);
    if (before !== undefined) return before;
    const outcome = this.#run(rule, condition, context, afterLogin);
    known.set(condition.source, outcome);
    return outcome;
  }

  #run(
    rule: Rule,
    condition: CompiledCondition,
    context: DecisionContext | null,
    afterLogin: boolean,
  ): ConditionOutcome {
    const scope = this.#scope;
    // A getter of an object's facts may ask in turn: the outer question is gone back to.
    const { args, object, optimistic } = scope;
    scope.args = context === null ? null : context.args;
    scope.object = context === null ? null : context.object;
    scope.optimistic = afterLogin;
    try {
      const held: unknown = condition.evaluate(scope);
      if (typeof held !== 'boolean')
        throw new TypeError(`A condition answered ${typeof held}, not a boolean.`);
      return held ? 'true' : 'false';
    } catch (error) {
      this.#needs.failures.record(rule, error);
      return 'failed';
    } finally {
      scope.args = args;
      scope.object = object;
      scope.optimistic = optimistic;
    }
  }
}
