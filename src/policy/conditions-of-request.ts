import type { Principal } from '../core/principal.ts';
import type { FailureLog } from './condition-failures.ts';
import type { DecisionContext, RequestEnvironment } from './decision.ts';
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

/** The conditions of one request. What looks at neither object nor arguments is evaluated once. */
export interface RequestConditions {
  /** @throws where the rule's condition was never compiled. */
  outcomeOf(rule: Rule, view: View): ConditionOutcome;
  /** The same of a condition that is at hand. */
  evaluate(rule: Rule, condition: CompiledCondition, view: View): ConditionOutcome;
  compiled(rule: Rule): CompiledCondition | null;
}

interface Needs {
  readonly conditions: ReadonlyMap<string, CompiledCondition>;
  readonly principal: Principal;
  readonly subjects: ReadonlySet<string>;
  readonly environment: RequestEnvironment;
  readonly failures: FailureLog;
}

export const looksAtContext = (condition: CompiledCondition): boolean =>
  condition.usesObject || condition.usesArgs;

export function openConditions({
  conditions,
  principal,
  subjects,
  environment,
  failures,
}: Needs): RequestConditions {
  const settled = {
    now: new Map<string, ConditionOutcome>(),
    afterLogin: new Map<string, ConditionOutcome>(),
  };

  function compiled(rule: Rule): CompiledCondition | null {
    if (rule.condition === null) return null;
    const condition = conditions.get(rule.condition);
    if (condition === undefined) throw new Error('A rule has a condition that was never compiled.');
    return condition;
  }

  function run(rule: Rule, condition: CompiledCondition, view: View): ConditionOutcome {
    const { args, object } = view.context ?? { args: null, object: null };
    try {
      const held: unknown = condition.evaluate({
        principal,
        subjects,
        environment,
        args,
        object,
        optimistic: view.afterLogin,
      });
      if (typeof held !== 'boolean')
        throw new TypeError(`A condition answered ${typeof held}, not a boolean.`);
      return held ? 'true' : 'false';
    } catch (error) {
      failures.record(rule, error);
      return 'failed';
    }
  }

  function evaluate(rule: Rule, condition: CompiledCondition, view: View): ConditionOutcome {
    if (looksAtContext(condition)) return view.context === null ? 'unknown' : run(rule, condition, view);
    const known = view.afterLogin ? settled.afterLogin : settled.now;
    const before = known.get(condition.source);
    if (before !== undefined) return before;
    const outcome = run(rule, condition, view);
    known.set(condition.source, outcome);
    return outcome;
  }

  return {
    compiled,
    evaluate,
    outcomeOf(rule, view) {
      const condition = compiled(rule);
      return condition === null ? 'true' : evaluate(rule, condition, view);
    },
  };
}
