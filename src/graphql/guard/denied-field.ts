import type { Coordinate } from '../../core/coordinate.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Decision, DecisionReason } from '../../policy/decision.ts';
import { showProvenance, type Rule } from '../../policy/rule.ts';
import type { RequestState } from '../context.ts';

/** A field that was denied in one operation, for the record: more than callers are told. */
export interface DeniedField {
  readonly coordinate: Coordinate;
  /** How many times: a list has many rows. */
  readonly count: number;
  /** What callers were told, and why it was so, each once. */
  readonly codes: readonly ErrorCode[];
  readonly reasons: readonly DecisionReason[];
  /** Where the rules that decided stand: `groups.csv:14`. Empty where none did: nothing matches, denied. */
  readonly rules: readonly string[];
  readonly policyVersion: string;
}

/** Takes a denied field on record: after the operation, and after each event of a subscription, once for each field. */
export type RecordDenial = (denied: DeniedField, state: RequestState) => void;

/** The log as the record, for whoever has no other. */
export const tellDenials =
  (log: Log): RecordDenial =>
  (denied, { principal, requestId }) =>
    log.info(
      { event: 'decision.denied', ...denied, subject: principal.subject, requestId },
      'A field was denied.',
    );

/** Adds up the denials of one coordinate. A policy has so many rules, so it stays small however many rows there are. */
export class DenialTally {
  readonly #first: Decision;
  #last: Decision | null = null;
  #count = 0;
  readonly #codes = new Set<ErrorCode>();
  readonly #reasons = new Set<DecisionReason>();
  readonly #rules = new Set<Rule>();

  constructor(first: Decision) {
    this.#first = first;
  }

  add(decision: Decision, code: ErrorCode): void {
    this.#count += 1;
    this.#codes.add(code);
    // One value for all rows, where no object was looked at.
    if (decision === this.#last) return;
    this.#last = decision;
    this.#reasons.add(decision.reason);
    for (const rule of decision.rules) this.#rules.add(rule);
  }

  /** Another denial just like the last one. */
  countAgain(): void {
    this.#count += 1;
  }

  get field(): DeniedField {
    return {
      coordinate: this.#first.coordinate,
      count: this.#count,
      codes: [...this.#codes],
      reasons: [...this.#reasons],
      rules: [...this.#rules].map(({ provenance }) => showProvenance(provenance)),
      policyVersion: this.#first.policyVersion,
    };
  }
}
