import type { Coordinate } from '../core/coordinate.ts';
import type { Principal } from '../core/principal.ts';
import type { Remedy } from './decision.ts';
import type { Verdict } from './tables/outcomes.ts';
import type { CompiledCondition } from './loaded-policy.ts';
import { actsOn, type ObjectIndex } from './objects.ts';
import type { Rule } from './rule.ts';

/** What can be told of a denial by the coordinate alone. */
export interface StandingRemedies {
  /**
   * The remedy for whatever is denied of a coordinate; `null` where a rule over it asks for a step-up, so that only the
   * denied decision can tell.
   */
  find(principal: Principal, coordinate: Coordinate): Remedy | null;
}

interface Needs {
  readonly objects: Pick<ObjectIndex, 'rulesOver'>;
  /** What is told of these is remembered: all rules over a coordinate are looked at, and they may be thousands. */
  readonly coordinates: ReadonlySet<Coordinate>;
  /** Everything that somebody logged in counts as, whoever it is. */
  readonly authenticated: ReadonlySet<string>;
  readonly conditions: Conditions;
}

/** Of a coordinate, whether logging in might help somebody anonymous, and whether a rule asks for a step-up. */
interface Prospects {
  readonly login: boolean;
  readonly stepUp: boolean;
}

export function standingRemedies({
  objects,
  coordinates,
  authenticated,
  conditions,
}: Needs): StandingRemedies {
  const known = new Map<Coordinate, Prospects>();
  const prospectsOf = (coordinate: Coordinate): Prospects => {
    const before = known.get(coordinate);
    if (before !== undefined) return before;
    const rules = objects.rulesOver(coordinate);
    const prospects = {
      login: mightAllowSomebodyElse(rules, coordinate, authenticated),
      stepUp: rules.some((rule) => callsOf(rule, conditions).length > 0),
    };
    if (coordinates.has(coordinate)) known.set(coordinate, prospects);
    return prospects;
  };
  return {
    find(principal, coordinate) {
      const { login, stepUp } = prospectsOf(coordinate);
      if (principal.kind === 'anonymous') return { kind: login ? 'log-in' : 'none' };
      return stepUp ? null : { kind: 'none' };
    },
  };
}

/**
 * Whether logging in might help somebody anonymous: a rule over the coordinate allows someone who is not anonymous
 * alone, and no rule without a condition denies it to everybody who is logged in.
 */
function mightAllowSomebodyElse(
  rules: readonly Rule[],
  coordinate: Coordinate,
  authenticated: ReadonlySet<string>,
): boolean {
  const acting = rules.filter((rule) => actsOn(rule, coordinate));
  const denied = acting.some(
    (rule) => rule.effect === 'deny' && rule.condition === null && authenticated.has(rule.subject),
  );
  return !denied && acting.some((rule) => rule.effect === 'allow' && rule.subject !== 'anonymous');
}

/**
 * The step-up calls, as written, that stand between a denied caller and the same decision after a new login: those of
 * the denies that it lifts, and, where nothing allowed yet, those of the first rule that then allows.
 */
export function stepUpCallsOf(before: Verdict, after: Verdict, conditions: Conditions): readonly string[] {
  const still = new Set(after.matched);
  const lifted = before.matched.filter((rule) => rule.effect === 'deny' && !still.has(rule));
  const allowedBefore = before.matched.some((rule) => rule.effect === 'allow');
  const opened = allowedBefore ? [] : after.matched.slice(0, 1);
  const calls = [...lifted, ...opened].flatMap((rule) => callsOf(rule, conditions));
  return [...new Set(calls)];
}

type Conditions = ReadonlyMap<string, CompiledCondition>;

const callsOf = ({ condition }: Rule, conditions: Conditions): readonly string[] =>
  (condition === null ? undefined : conditions.get(condition))?.stepUpCalls ?? [];
