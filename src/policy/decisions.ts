import { actionOf, type Coordinate } from '../core/coordinate.ts';
import type { Log } from '../core/log.ts';
import { isCoordinate } from '../core/names.ts';
import type { Principal } from '../core/principal.ts';
import { type ConditionOutcome, looksAtContext, openConditions, type View } from './conditions-of-request.ts';
import type { FailureLog } from './condition-failures.ts';
import type { Decision, DecisionReason, Decisions, Preview, Remedy, RequestEnvironment } from './decision.ts';
import type { PolicyEnforcer, Verdict } from './enforcer.ts';
import type { CompiledCondition } from './loaded-policy.ts';
import type { ObjectIndex } from './objects.ts';
import { findStandingRemedy, stepUpCallsOf } from './remedies.ts';
import type { Rule } from './rule.ts';

export interface DecisionsNeeds {
  readonly policyVersion: string;
  readonly enforcer: PolicyEnforcer;
  readonly conditions: ReadonlyMap<string, CompiledCondition>;
  readonly objects: Pick<ObjectIndex, 'rulesOver'>;
  /** Everything that somebody logged in counts as, whoever it is. */
  readonly authenticated: ReadonlySet<string>;
  readonly failures: FailureLog;
  readonly log: Log;
}

/** What a condition that can't be known yet counts as: the best for the caller, or the worst. */
type Assumption = 'best' | 'worst';

interface Hearing extends Verdict {
  /** Deny rules among the matched whose condition could not be evaluated. */
  readonly failed: ReadonlySet<Rule>;
  /** Whether any condition in it looks at the object or the arguments. */
  readonly depends: boolean;
}

/** What was heard at one coordinate, by what the conditions came out as. */
interface Heard {
  /** The rules whose conditions Casbin asked for: the same ones each time, as nothing else looks at a context. */
  readonly asked: readonly Rule[];
  readonly byOutcomes: Map<string, Hearing>;
}

/** `subjects` is everything the principal counts as, or `null` where its names can't be decided: all is denied then. */
export function openDecisions(
  needs: DecisionsNeeds,
  principal: Principal,
  subjects: ReadonlySet<string> | null,
  environment: RequestEnvironment,
): Decisions {
  const { enforcer, policyVersion, log } = needs;
  const conditions = openConditions({ ...needs, principal, subjects: subjects ?? new Set(), environment });
  const settled = new Map<Coordinate, Decision>();
  const previews = new Map<Coordinate, Preview>();
  const previewed = new WeakSet<Decision>();
  const standing = new Map<Coordinate, Remedy | null>();
  const heard = new Map<Coordinate, Heard>();

  function hear(
    coordinate: Coordinate,
    view: View,
    assume: Assumption,
    outcomeOf = (rule: Rule): ConditionOutcome => conditions.outcomeOf(rule, view),
  ): Hearing {
    if (subjects === null || !isName(coordinate)) throw new TypeError('A name is outside its alphabet.');
    const failed = new Set<Rule>();
    let depends = false;
    const verdict = enforcer.enforce({
      subject: principal.subject,
      object: coordinate,
      action: actionOf(coordinate),
      subjects,
      holds(rule) {
        const condition = conditions.compiled(rule);
        if (condition !== null && looksAtContext(condition)) depends = true;
        const outcome = outcomeOf(rule);
        if (outcome === 'failed') failed.add(rule);
        if (outcome === 'failed') return rule.effect === 'deny';
        if (outcome === 'unknown') return (rule.effect === 'allow') === (assume === 'best');
        return outcome === 'true';
      },
    });
    return { ...verdict, failed, depends };
  }

  /**
   * A list has many rows, and Casbin walks every rule for each. What it answers depends on an object only through its
   * conditions, so the same outcomes are the same hearing.
   */
  function hearOnce(coordinate: Coordinate, view: View): Hearing {
    const known = heard.get(coordinate);
    if (known === undefined) {
      const outcomes = new Map<Rule, ConditionOutcome>();
      const hearing = hear(coordinate, view, 'worst', (rule) => {
        const outcome = conditions.outcomeOf(rule, view);
        if (rule.condition !== null) outcomes.set(rule, outcome);
        return outcome;
      });
      const byOutcomes = new Map([[keyOf(outcomes), hearing]]);
      heard.set(coordinate, { asked: [...outcomes.keys()], byOutcomes });
      return hearing;
    }
    const outcomes = new Map(known.asked.map((rule) => [rule, conditions.outcomeOf(rule, view)]));
    const key = keyOf(outcomes);
    const hearing =
      known.byOutcomes.get(key) ??
      hear(coordinate, view, 'worst', (rule) => {
        const outcome = rule.condition === null ? 'true' : outcomes.get(rule);
        if (outcome === undefined) throw new Error('Casbin asks for another condition than before.');
        return outcome;
      });
    known.byOutcomes.set(key, hearing);
    return hearing;
  }

  function decisionOf(coordinate: Coordinate, { allowed, matched, failed }: Hearing): Decision {
    const denies = matched.filter((rule) => rule.effect === 'deny');
    const allows = matched.filter((rule) => rule.effect === 'allow');
    // Whatever the enforcer answered, an allow needs a rule that allows and none that denies.
    if (allowed !== (allows.length > 0 && denies.length === 0))
      throw new Error('Casbin and its own rules disagree.');
    if (allowed) return answer(coordinate, 'allowed', allows);
    if (denies.length === 0) return answer(coordinate, 'no-rule-allows', []);
    return answer(
      coordinate,
      denies.every((rule) => failed.has(rule)) ? 'deny-condition-failed' : 'denied-by-rule',
      denies,
    );
  }

  const answer = (coordinate: Coordinate, reason: DecisionReason, rules: readonly Rule[]): Decision =>
    Object.freeze({
      effect: reason === 'allowed' ? 'allow' : 'deny',
      coordinate,
      action: isName(coordinate) ? actionOf(coordinate) : 'read',
      reason,
      rules,
      policyVersion,
    });

  function failClosed(coordinate: Coordinate, error: unknown): Decision {
    log.error(
      { event: 'decision.failed', coordinate, subject: principal.subject, policyVersion, err: error },
      'A decision failed: denied.',
    );
    return answer(coordinate, 'engine-failed', []);
  }

  function lookAhead(coordinate: Coordinate): Preview {
    const view: View = { context: null, afterLogin: false };
    const best = hear(coordinate, view, 'best');
    if (!best.depends || !best.allowed) return decisionOf(coordinate, best);
    const worst = hear(coordinate, view, 'worst');
    if (worst.allowed) return decisionOf(coordinate, worst);
    return Object.freeze({ effect: 'depends', coordinate, action: actionOf(coordinate) });
  }

  /** A list has many rows: what can be told of the coordinate alone is found once. */
  function standingRemedy(coordinate: Coordinate): Remedy | null {
    const known = standing.get(coordinate);
    if (known !== undefined) return known;
    const rules = needs.objects.rulesOver(coordinate);
    const found = findStandingRemedy(principal, coordinate, rules, needs.authenticated, conditions);
    standing.set(coordinate, found);
    return found;
  }

  return {
    principal,
    policyVersion,
    decide(coordinate, context) {
      const known = settled.get(coordinate);
      if (known !== undefined) return known;
      try {
        const hearing = hearOnce(coordinate, { context, afterLogin: false });
        const decision = decisionOf(coordinate, hearing);
        if (!hearing.depends) settled.set(coordinate, decision);
        return decision;
      } catch (error) {
        return failClosed(coordinate, error);
      }
    },
    preview(coordinate) {
      const known = previews.get(coordinate);
      if (known !== undefined) return known;
      let preview: Preview;
      try {
        preview = lookAhead(coordinate);
      } catch (error) {
        preview = failClosed(coordinate, error);
      }
      if (preview.effect !== 'depends') previewed.add(preview);
      previews.set(coordinate, preview);
      return preview;
    },
    remedyFor(decision, context) {
      const { coordinate } = decision;
      if (decision.effect === 'allow' || decision.reason === 'engine-failed') return { kind: 'none' };
      // What was denied before anything was loaded is looked at again in the same way.
      const seen = previewed.has(decision) ? null : context;
      try {
        const known = standingRemedy(coordinate);
        if (known !== null) return known;
        const before = hear(coordinate, { context: seen, afterLogin: false }, 'best');
        const after = hear(coordinate, { context: seen, afterLogin: true }, 'best');
        const calls = after.allowed ? stepUpCallsOf(before, after, conditions) : [];
        return calls.length > 0 ? { kind: 'step-up', calls } : { kind: 'none' };
      } catch (error) {
        failClosed(coordinate, error);
        return { kind: 'none' };
      }
    },
  };
}

const keyOf = (outcomes: ReadonlyMap<Rule, ConditionOutcome>): string => [...outcomes.values()].join();

const isName = (coordinate: unknown): coordinate is Coordinate =>
  typeof coordinate === 'string' && isCoordinate(coordinate);
