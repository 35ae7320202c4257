import { GraphQLError, type ASTNode } from 'graphql';
import { errorCatalogue, type ErrorCode } from '../../core/errors.ts';
import type { Decision, DecisionContext, DecisionReason, Decisions, Remedy } from '../../policy/decision.ts';
import { type DeniedField, DenialTally } from './denied-field.ts';

interface Denial {
  readonly error: GraphQLError;
  count: number;
}

/** A field that stands denied: whatever it is asked with, the next denial is like the first. */
interface StandingDenial {
  readonly denial: Denial;
  readonly tally: DenialTally;
  readonly reason: DecisionReason;
}

/** Where a field was denied: its nodes in the document, and its path in the answer (`null` before anything ran). */
export interface DeniedAt {
  readonly nodes: readonly ASTNode[];
  readonly path: () => readonly (string | number)[] | null;
  /** The field's number, where it stands denied whatever it is asked with. */
  readonly number?: number | null;
}

const codeOf: Readonly<Record<Remedy['kind'], ErrorCode>> = {
  none: 'FORBIDDEN',
  'log-in': 'UNAUTHENTICATED',
  'step-up': 'STEP_UP_REQUIRED',
};

function remedyFor(decisions: Decisions, decision: Decision, context: DecisionContext): Remedy {
  try {
    return decision.reason === 'engine-failed' ? { kind: 'none' } : decisions.remedyFor(decision, context);
  } catch {
    return { kind: 'none' };
  }
}

/**
 * The denials of one operation. A list of 1,000 rows with a denied column is one error with a count: an error each is a
 * way to burn a server. Grouped by what the caller may know (coordinate and code, never the reason: it could tell a
 * missing object from somebody else's).
 */
export class Denials {
  /** A decision that looked at no object is one value for all rows, and asked about once. */
  readonly #remedies = new WeakMap<Decision, Remedy>();
  readonly #denials = new Map<string, Denial>();
  readonly #tallies = new Map<string, DenialTally>();
  readonly #standing = new Map<number, StandingDenial>();

  /** Counts a denial, and answers the one error that stands for all of its kind. */
  record(decisions: Decisions, decision: Decision, context: DecisionContext, at: DeniedAt): GraphQLError {
    const remedy = this.#remedies.get(decision) ?? remedyFor(decisions, decision, context);
    this.#remedies.set(decision, remedy);
    const code = codeOf[remedy.kind];
    const key = [decision.coordinate, code, ...(remedy.kind === 'step-up' ? remedy.calls : [])].join(' ');
    let denial = this.#denials.get(key);
    if (denial === undefined) {
      denial = { error: errorOf(decision, code, remedy, at), count: 0 };
      this.#denials.set(key, denial);
    }
    denial.count += 1;
    denial.error.extensions['count'] = denial.count;
    const tally = this.#tally(decision, code);
    if (typeof at.number === 'number')
      this.#standing.set(at.number, { denial, tally, reason: decision.reason });
    return denial.error;
  }

  /** Counts another denial of a field that stands denied, and answers its reason; `undefined` where it is the first. */
  countAgain(number: number): DecisionReason | undefined {
    const known = this.#standing.get(number);
    if (known === undefined) return undefined;
    known.denial.count += 1;
    known.tally.countAgain();
    return known.reason;
  }

  /** One for each kind, with its count. */
  get errors(): readonly GraphQLError[] {
    return [...this.#denials.values()].map(({ error, count }) => {
      error.extensions['count'] = count;
      return error;
    });
  }

  /** What there is to record: one for each denied coordinate, whatever its rows were told. */
  get fields(): readonly DeniedField[] {
    return [...this.#tallies.values()].map((tally) => tally.field);
  }

  #tally(decision: Decision, code: ErrorCode): DenialTally {
    let tally = this.#tallies.get(decision.coordinate);
    if (tally === undefined) this.#tallies.set(decision.coordinate, (tally = new DenialTally(decision)));
    tally.add(decision, code);
    return tally;
  }
}

/** An error with a path is left alone by the executor: one instance stands in the answer for all its rows. */
function errorOf(
  decision: Decision,
  code: ErrorCode,
  remedy: Remedy,
  { nodes, path }: DeniedAt,
): GraphQLError {
  return new GraphQLError(errorCatalogue[code].message, {
    nodes,
    path: path() ?? undefined,
    extensions: {
      code,
      coordinate: decision.coordinate,
      count: 0,
      ...(remedy.kind === 'step-up' ? { stepUp: remedy.calls } : {}),
      policyVersion: decision.policyVersion,
    },
  });
}
