import type { Foundation } from './assemble.ts';
import { passes, visitStands, type ClausePlan } from './clause-plan.ts';
import type { Evaluate } from './compile-expression.ts';
import { EffectStream, effectAt, isAllowed, type Outcome, type RowEffect } from './effects.ts';
import type { OperandReader } from './operand-reader.ts';
import { PatternTimedOut } from './patterns/pattern-timed-out.ts';
import { PlainClause } from './plain-clause.ts';
import type { EffectKind, ModelShape } from './read-model.ts';
import { noRow } from './slab.ts';

export interface PlannedParts {
  readonly shape: Pick<
    ModelShape,
    'requestTokens' | 'policyTokens' | 'effect' | 'namesPolicy' | 'effectColumn'
  >;
  readonly foundation: Foundation;
  readonly plans: readonly ClausePlan[];
  readonly operands: OperandReader;
  readonly matcher: Evaluate;
  /** The same where there is no row: nothing is evaluated out of a column then. */
  readonly matcherOfNoRow: Evaluate;
}

interface Candidates {
  readonly rows: Iterable<number>;
  /** Whether they match: else the matcher has to say so. */
  readonly isDecided: boolean;
}

/**
 * A policy that decides from its indexes: which rows could match is found, not looked for. Rows that the indexes can't decide
 * alone are asked of the whole matcher, in policy order.
 */
export class PlannedPolicy {
  readonly parts: PlannedParts;
  readonly #isExact: boolean;
  readonly #isEmpty: boolean;
  /** Where there is one clause, and it is plain. */
  readonly #plain: PlainClause | null;
  readonly #hasGates: boolean;
  // At hand: every decision asks for them.
  readonly #operands: OperandReader;
  readonly #effect: EffectKind;
  readonly #size: number;

  constructor(parts: PlannedParts) {
    this.parts = parts;
    const { plans, operands, shape, foundation } = parts;
    this.#operands = operands;
    this.#effect = shape.effect;
    this.#size = shape.requestTokens.length;
    this.#hasGates = plans.some(({ gates }) => gates.length > 0);
    this.#isExact = plans.every(({ isExact }) => isExact);
    this.#isEmpty = !shape.namesPolicy || foundation.rowCount === 0;
    const [only, ...others] = plans;
    this.#plain =
      only !== undefined && others.length === 0 && !this.#isEmpty
        ? PlainClause.from(only, (operand) => operands.placeOf(operand), shape.effect === 'allow-override')
        : null;
  }

  /** Whether the request is allowed. @throws Error where it has too many or too few values, and where the matcher throws */
  enforce(request: readonly unknown[]): boolean {
    const plain = this.#plain;
    if (plain === null || request.length !== this.#size) return this.#enforceByStands(request);
    const read = this.#operands.read(request);
    if (read === null || (this.#hasGates && passes(this.parts.plans[0] as ClausePlan, request) !== true))
      return this.#enforceByStands(request);
    if (plain.hasPatterns) {
      if (!isInTime(() => plain.ask(read))) return this.#ask(request, this.#everyRow()).allowed;
    } else plain.ask(read);
    return isAllowed(this.#effect, plain.allow, plain.deny);
  }

  /** From what stands in the indexes alone, however many rows that is, where it can be. */
  #enforceByStands(request: readonly unknown[]): boolean {
    const { operands, plans } = this.parts;
    if (this.#isEmpty || !this.#isExact || request.length !== this.#size) return this.decide(request).allowed;
    const read = operands.read(request);
    if (read === null) return this.decide(request).allowed;
    let [allow, deny] = [noRow, noRow];
    for (const plan of plans) {
      const passed = passes(plan, request);
      if (passed === false) continue;
      if (passed === null || plan.index === null) return this.decide(request).allowed;
      const isFound = isInTime(() => {
        visitStands(plan, read, ({ data }, stand) => {
          allow = Math.min(allow, data[stand] ?? noRow);
          deny = Math.min(deny, data[stand + 1] ?? noRow);
        });
      });
      if (!isFound) return this.#ask(request, this.#everyRow()).allowed;
    }
    return isAllowed(this.#effect, allow, deny);
  }

  /** The same, with the row that decided as stock names it. */
  decide(request: readonly unknown[]): Outcome {
    if (this.#isEmpty) return this.#decideOnce(request);
    this.#checkSize(request);
    return this.#ask(request, this.#candidates(request));
  }

  /** What rows come to, in their order. */
  #ask(request: readonly unknown[], { rows, isDecided }: Candidates): Outcome {
    const { shape, matcher, foundation } = this.parts;
    const stream = new EffectStream(shape.effect);
    // A policy with rows is one, also where none of them is met.
    stream.push('neither', -1);
    for (const number of rows) {
      const row = foundation.rows[number];
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
    const { rows, isDecided } = this.#candidates(request);
    return [...rows].filter((number) => {
      const row = this.parts.foundation.rows[number];
      if (row === null || row === undefined) return false;
      return isDecided || told(this.parts.matcher(request, row), 'allow', 'allow-override') === 'allow';
    });
  }

  /** The values of a row, or an empty list. */
  row(number: number | null): readonly string[] {
    const row = number === null ? undefined : this.parts.foundation.rows[number];
    return (row ?? []) as readonly string[];
  }

  /** Rows that could match, in policy order. */
  #candidates(request: readonly unknown[]): Candidates {
    const { operands, plans, foundation } = this.parts;
    const read = operands.read(request);
    if (read === null) return this.#everyRow();
    const found = new Set<number>();
    for (const plan of plans) {
      const passed = passes(plan, request);
      if (passed === false) continue;
      if (passed === null) return this.#everyRow();
      if (plan.index === null) return { rows: foundation.rows.keys(), isDecided: this.#isExact };
      const isFound = isInTime(() => {
        visitStands(plan, read, (slab, stand) => {
          for (const row of slab.rowsOf(stand)) found.add(row);
        });
      });
      if (!isFound) return this.#everyRow();
    }
    return { rows: [...found].sort((a, b) => a - b), isDecided: this.#isExact };
  }

  /** The matcher is asked about each. */
  #everyRow(): Candidates {
    return { rows: this.parts.foundation.rows.keys(), isDecided: false };
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

  #checkSize(request: readonly unknown[]): void {
    const { requestTokens } = this.parts.shape;
    if (request.length === requestTokens.length) return;
    throw new Error(
      `The request has ${request.length} values; the model's has ${requestTokens.length}: ${requestTokens.map((token) => token.slice(2)).join(', ')}.`,
    );
  }
}

/**
 * False where a pattern has no answer in time. It may be of somebody else's row, which the matcher never comes to: so the rows
 * have to be asked one by one.
 */
function isInTime(look: () => void): boolean {
  try {
    look();
    return true;
  } catch (error) {
    if (error instanceof PatternTimedOut) return false;
    throw error;
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
