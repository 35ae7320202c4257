import type { Foundation } from './assemble.ts';
import { comparedPlaces, passes, visitStands, type ClausePlan } from './clause-plan.ts';
import type { Evaluate } from './compile-expression.ts';
import { EffectStream, effectAt, isAllowed, type Outcome, type RowEffect } from './effects.ts';
import { PlainClause } from './plain-clause.ts';
import type { ModelShape } from './read-model.ts';
import { noRow } from './row-index.ts';

export interface PlannedParts {
  readonly shape: Pick<
    ModelShape,
    'requestTokens' | 'policyTokens' | 'effect' | 'namesPolicy' | 'effectColumn'
  >;
  readonly foundation: Foundation;
  readonly plans: readonly ClausePlan[];
  readonly matcher: Evaluate;
  /** The same where there is no row: nothing is evaluated out of a column then. */
  readonly matcherOfNoRow: Evaluate;
}

/**
 * A policy that decides from its indexes: which rows could match is found, not looked for. Rows that the indexes can't decide
 * alone are asked of the whole matcher, in policy order.
 */
export class PlannedPolicy {
  readonly parts: PlannedParts;
  readonly #compared: readonly number[];
  readonly #isExact: boolean;
  readonly #plain: PlainClause | null;
  readonly #isEmpty: boolean;

  constructor(parts: PlannedParts) {
    this.parts = parts;
    this.#compared = comparedPlaces(parts.foundation.clauses);
    this.#isExact = parts.plans.every(({ isExact }) => isExact);
    const [only, ...others] = parts.plans;
    this.#isEmpty = !parts.shape.namesPolicy || parts.foundation.rowCount === 0;
    this.#plain =
      only !== undefined && others.length === 0 && !this.#isEmpty
        ? PlainClause.from(only, parts.shape.effect === 'allow-override')
        : null;
  }

  /** Whether the request is allowed. @throws Error where it has too many or too few values, and where the matcher throws */
  enforce(request: readonly unknown[]): boolean {
    const { shape } = this.parts;
    const plain = this.#plain;
    if (plain !== null && request.length === shape.requestTokens.length && this.#isComparable(request)) {
      plain.ask(request);
      return isAllowed(shape.effect, plain.allow, plain.deny, noRow);
    }
    return this.#enforceExact(request) ?? this.decide(request).allowed;
  }

  /** From the stands alone, however many rows are in them; `null` where the indexes can't decide. */
  #enforceExact(request: readonly unknown[]): boolean | null {
    const { shape, plans } = this.parts;
    const isExact = this.#isExact && !this.#isEmpty && request.length === shape.requestTokens.length;
    if (!isExact || !this.#isComparable(request)) return null;
    let [allow, deny] = [noRow, noRow];
    for (const plan of plans) {
      const passed = passes(plan, request);
      if (passed === false) continue;
      if (passed === null || plan.index === null) return null;
      visitStands(plan, request, (stand) => {
        allow = Math.min(allow, stand.allow);
        deny = Math.min(deny, stand.deny);
      });
    }
    return isAllowed(shape.effect, allow, deny, noRow);
  }

  /** The same, with the row that decided as stock names it. */
  decide(request: readonly unknown[]): Outcome {
    const { shape, matcher } = this.parts;
    if (this.#isEmpty) return this.#decideOnce(request);
    this.#checkSize(request);
    const isFound = this.#isComparable(request);
    const candidates = isFound ? this.#candidates(request) : null;
    const stream = new EffectStream(shape.effect);
    // A policy with rows is one, also where none of them is met.
    stream.push('neither', -1);
    const { rows, isDecided } = candidates ?? { rows: this.parts.foundation.rows.keys(), isDecided: false };
    for (const number of rows) {
      const row = this.parts.foundation.rows[number];
      if (row === null || row === undefined) continue;
      const effect = effectAt(row, shape.effectColumn);
      stream.push(isDecided ? effect : told(matcher(request, row), effect, shape.effect), number);
      if (stream.isDone) break;
    }
    return stream.outcome;
  }

  /** Every row that matches, in policy order, whatever its effect. */
  matching(request: readonly unknown[]): readonly number[] {
    this.#checkSize(request);
    const { rows, isDecided } = this.#isComparable(request)
      ? this.#candidates(request)
      : { rows: [...this.parts.foundation.rows.keys()], isDecided: false };
    return isDecided ? rows : rows.filter((number) => this.#matches(number, request));
  }

  /** The values of a row, or an empty list. */
  row(number: number | null): readonly string[] {
    const row = number === null ? undefined : this.parts.foundation.rows[number];
    return (row ?? []) as readonly string[];
  }

  #matches(number: number, request: readonly unknown[]): boolean {
    const row = this.parts.foundation.rows[number];
    return (
      row !== null &&
      row !== undefined &&
      told(this.parts.matcher(request, row), 'allow', 'allow-override') === 'allow'
    );
  }

  /** Rows that could match, in policy order, and whether that is all there is to ask. */
  #candidates(request: readonly unknown[]): {
    readonly rows: readonly number[];
    readonly isDecided: boolean;
  } {
    const found = new Set<number>();
    let isDecided = this.#isExact;
    for (const plan of this.parts.plans) {
      const passed = passes(plan, request);
      if (passed === false) continue;
      if (passed === null) isDecided = false;
      if (plan.index === null) return { rows: [...this.parts.foundation.rows.keys()], isDecided };
      visitStands(plan, request, ({ rows }) => {
        for (const row of rows) found.add(row);
      });
    }
    return { rows: [...found].sort((a, b) => a - b), isDecided };
  }

  /** Without a row, stock asks its matcher once, of nothing. */
  #decideOnce(request: readonly unknown[]): Outcome {
    const { shape, matcherOfNoRow } = this.parts;
    const stream = new EffectStream(shape.effect);
    const holds = Boolean(
      matcherOfNoRow(
        request,
        shape.policyTokens.map(() => ''),
      ),
    );
    stream.push(holds ? 'allow' : 'neither', 0);
    return {
      allowed: stream.outcome.allowed,
      row: this.parts.foundation.rows.findIndex((row) => row !== null),
    };
  }

  #isComparable(request: readonly unknown[]): boolean {
    for (let at = 0; at < this.#compared.length; at += 1)
      if (typeof request[this.#compared[at] ?? 0] !== 'string') return false;
    return true;
  }

  #checkSize(request: readonly unknown[]): void {
    const { requestTokens } = this.parts.shape;
    if (request.length === requestTokens.length) return;
    throw new Error(
      `The request has ${request.length} values; the model's has ${requestTokens.length}: ${requestTokens.map((token) => token.slice(2)).join(', ')}.`,
    );
  }
}

/** What a row says whose matcher came to that. Numbers are effects to stock: 1 allows, 3 denies. */
function told(value: unknown, effect: RowEffect, kind: ModelShape['effect']): RowEffect {
  if (typeof value === 'boolean') return value ? effect : 'neither';
  if (typeof value === 'string') return value === '' ? 'neither' : effect;
  if (typeof value !== 'number')
    throw new Error(`The matcher came to ${typeof value}: it must be true or false, a number or a text.`);
  if (value === 0 || value === 2) return 'neither';
  if (value === 1) return effect;
  return value === 3 || kind === 'priority' ? 'deny' : 'neither';
}
