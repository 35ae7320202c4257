import { actionOf, type Coordinate } from '../core/coordinate.ts';
import type { Log } from '../core/log.ts';
import { isCoordinate } from '../core/names.ts';
import type { Principal } from '../core/principal.ts';
import { type ConditionOutcome, RequestConditions, type View } from './conditions-of-request.ts';
import type { FailureLog } from './condition-failures.ts';
import type {
  Decision,
  DecisionContext,
  Decisions,
  Preview,
  Remedy,
  RequestEnvironment,
  Standing,
} from './decision.ts';
import type { CompiledCondition } from './loaded-policy.ts';
import { type StandingRemedies, stepUpCallsOf } from './remedies.ts';
import type { RuleDesk } from './rule-desk.ts';
import { decisionOf, type Entry } from './tables/entry.ts';
import { hear, keyWith, mostInKey, mostOutcomes, outcomesIn, render } from './tables/outcomes.ts';
import type { PermissionSet } from './tables/permission-tables.ts';

export interface DecisionsNeeds {
  readonly policyVersion: string;
  readonly desk: RuleDesk;
  readonly conditions: ReadonlyMap<string, CompiledCondition>;
  readonly remedies: StandingRemedies;
  /** The schema's coordinates, and the number of each in the tables. */
  readonly coordinates: ReadonlySet<Coordinate>;
  readonly numbers: ReadonlyMap<Coordinate, number>;
  readonly failures: FailureLog;
  readonly log: Log;
}

const noMarks = new Uint32Array(0);

/**
 * The decisions of one request. A class: one is made for every request, and most of it is never asked for. `set` is the
 * principal's, or `null` where its names can't be decided: all is denied then.
 */
export class RequestDecisions implements Decisions {
  readonly principal: Principal;
  readonly #needs: DecisionsNeeds;
  readonly #set: PermissionSet | null;
  readonly #environment: RequestEnvironment;
  #subjects: ReadonlySet<string> | null = null;
  #conditions: RequestConditions | null = null;
  #decided: Map<Entry, Decision> | null = null;
  #previews: Map<Coordinate, Preview> | null = null;
  /** Of names that are no coordinates of the schema: what the server itself asks for. */
  #others: Map<Coordinate, Entry> | null = null;

  constructor(
    needs: DecisionsNeeds,
    principal: Principal,
    set: PermissionSet | null,
    environment: RequestEnvironment,
  ) {
    this.principal = principal;
    this.#needs = needs;
    this.#set = set;
    this.#environment = environment;
  }

  get policyVersion(): string {
    return this.#needs.policyVersion;
  }

  get standing(): Standing {
    return { coordinates: this.#needs.coordinates, marks: this.#set?.table.marks ?? noMarks };
  }

  decide(coordinate: Coordinate, context: DecisionContext): Decision {
    try {
      const entry = this.#entryOf(coordinate);
      if (entry.settled !== null) return entry.settled;
      return entry.usesContext ? this.#decideBy(entry, context) : this.#decideOnce(entry);
    } catch (error) {
      return this.#failClosed(coordinate, error);
    }
  }

  preview(coordinate: Coordinate): Preview {
    const known = this.#previews?.get(coordinate);
    if (known !== undefined) return known;
    let preview: Preview;
    try {
      preview = this.#lookAhead(this.#entryOf(coordinate));
    } catch (error) {
      preview = this.#failClosed(coordinate, error);
    }
    (this.#previews ??= new Map()).set(coordinate, preview);
    return preview;
  }

  remedyFor(decision: Decision, context: DecisionContext): Remedy {
    const { coordinate, effect, reason } = decision;
    if (effect === 'allow' || reason === 'engine-failed') return { kind: 'none' };
    try {
      const standing = this.#needs.remedies.find(this.principal, coordinate);
      if (standing !== null) return standing;
      // What was denied before anything was loaded is looked at again in the same way.
      const seen = this.#previews?.get(coordinate) === decision ? null : context;
      return this.#stepUp(this.#entryOf(coordinate), seen);
    } catch (error) {
      this.#failClosed(coordinate, error);
      return { kind: 'none' };
    }
  }

  #entryOf(coordinate: Coordinate): Entry {
    const { numbers } = this.#needs;
    const set = this.#checkedSet();
    const number = numbers.get(coordinate);
    if (number !== undefined)
      return set.table.find(number) ?? set.entryAt(number, () => this.#ask(coordinate));
    if (!isName(coordinate)) throw outsideAlphabet();
    const entry = this.#others?.get(coordinate) ?? this.#ask(coordinate);
    (this.#others ??= new Map()).set(coordinate, entry);
    return entry;
  }

  #ask(coordinate: Coordinate): Entry {
    return this.#needs.desk.ask(coordinate, this.principal.subject, this.#allSubjects());
  }

  /** Where no condition looks at an object or arguments, one answer holds for the request. */
  #decideOnce(entry: Entry): Decision {
    const known = this.#decided?.get(entry);
    if (known !== undefined) return known;
    const decision = this.#decideBy(entry, null);
    (this.#decided ??= new Map()).set(entry, decision);
    return decision;
  }

  /** What conditions come out as decides, so the same outcomes are the same decision: for every row, and every request. */
  #decideBy(entry: Entry, context: DecisionContext | null): Decision {
    const conditions = this.#openedConditions();
    let key = 0;
    for (const { rule, condition } of entry.candidates) {
      key = keyWith(key, condition === null ? 'true' : conditions.evaluate(rule, condition, context, false));
    }
    const isExact = entry.candidates.length <= mostInKey;
    const known = isExact ? entry.byOutcomes.get(key) : undefined;
    if (known !== undefined) return known;
    const outcomes = isExact
      ? outcomesIn(key, entry.candidates.length)
      : this.#outcomesOf(entry, { context, afterLogin: false });
    const decision = render(entry, hear(entry, outcomes, 'worst'), this.policyVersion);
    if (isExact && entry.byOutcomes.size < mostOutcomes) entry.byOutcomes.set(key, decision);
    return decision;
  }

  #lookAhead(entry: Entry): Preview {
    if (entry.settled !== null) return entry.settled;
    if (!entry.usesContext) return this.#decideOnce(entry);
    const outcomes = this.#outcomesOf(entry, { context: null, afterLogin: false });
    const best = hear(entry, outcomes, 'best');
    if (!best.allowed) return render(entry, best, this.policyVersion);
    const worst = hear(entry, outcomes, 'worst');
    if (worst.allowed) return render(entry, worst, this.policyVersion);
    const { coordinate } = entry;
    return Object.freeze({ effect: 'depends', coordinate, action: actionOf(coordinate) });
  }

  #stepUp(entry: Entry, context: DecisionContext | null): Remedy {
    const before = hear(entry, this.#outcomesOf(entry, { context, afterLogin: false }), 'best');
    const after = hear(entry, this.#outcomesOf(entry, { context, afterLogin: true }), 'best');
    const calls = after.allowed ? stepUpCallsOf(before, after, this.#needs.conditions) : [];
    return calls.length > 0 ? { kind: 'step-up', calls } : { kind: 'none' };
  }

  #outcomesOf({ candidates }: Entry, { context, afterLogin }: View): readonly ConditionOutcome[] {
    const conditions = this.#openedConditions();
    return candidates.map(({ rule, condition }) =>
      condition === null ? 'true' : conditions.evaluate(rule, condition, context, afterLogin),
    );
  }

  #openedConditions(): RequestConditions {
    return (this.#conditions ??= new RequestConditions(
      this.#needs,
      this.principal,
      this.#checkedSet().subjects,
      this.#environment,
    ));
  }

  /** Everything that the principal counts as, itself included. */
  #allSubjects(): ReadonlySet<string> {
    return (this.#subjects ??= new Set([...this.#checkedSet().subjects, this.principal.subject]));
  }

  #checkedSet(): PermissionSet {
    if (this.#set === null) throw outsideAlphabet();
    return this.#set;
  }

  #failClosed(coordinate: Coordinate, error: unknown): Decision {
    const { log, policyVersion } = this.#needs;
    const { subject } = this.principal;
    log.error(
      { event: 'decision.failed', coordinate, subject, policyVersion, err: error },
      'A decision failed: denied.',
    );
    return engineFailed(coordinate, policyVersion);
  }
}

/** Of whatever was asked for: it may be no name at all. */
const engineFailed = (coordinate: Coordinate, policyVersion: string): Decision =>
  isName(coordinate)
    ? decisionOf(coordinate, 'engine-failed', [], policyVersion)
    : Object.freeze({
        effect: 'deny',
        coordinate,
        action: 'read',
        reason: 'engine-failed',
        rules: [],
        policyVersion,
      });

const isName = (coordinate: unknown): coordinate is Coordinate =>
  typeof coordinate === 'string' && isCoordinate(coordinate);

const outsideAlphabet = (): TypeError => new TypeError('A name is outside its alphabet.');
