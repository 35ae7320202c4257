import type { Clause, Operand } from './analyse.ts';
import { inOrder, type ClausePlan } from './clause-plan.ts';
import {
  compileExpression,
  isTruthy,
  type MatcherFunction,
  type Names,
  type Row,
} from './compile-expression.ts';
import { Dictionary } from './dictionary.ts';
import { evaluateColumns } from './evaluate-columns.ts';
import { OperandReader } from './operand-reader.ts';
import { PatternColumn } from './pattern-column.ts';
import type { PatternLanguage } from './patterns/pattern-language.ts';
import { PlannedPolicy } from './planned-policy.ts';
import { findAnew, ReachCache, type CacheCounts, type Closures, type Reach } from './reach-cache.ts';
import type { ModelShape } from './read-model.ts';
import type { RowIndex } from './row-index.ts';
import { Step } from './step.ts';

/** Who has which role, for one role definition. */
export interface RoleSource {
  readonly reach: Reach;
  readonly hasLink: (name: string, role: string, domain: string | null) => boolean;
}

export interface PlanNeeds {
  readonly shape: ModelShape;
  readonly roles: (name: string) => RoleSource;
  readonly functions: ReadonlyMap<string, MatcherFunction>;
  /** Functions that are taken to hold: whoever asks looks at them. */
  readonly assumed?: ReadonlySet<string>;
  /** How many names it is remembered for whom they count as; `null` where that may change from one question to the next. */
  readonly cachedNames: number | null;
  readonly counts?: CacheCounts;
}

/** What a policy decides from. Whatever grows only is shared with the policies that are made from this one. */
export interface Foundation {
  readonly clauses: readonly Clause[];
  /** In policy order; `null` for one that was taken out. */
  readonly rows: readonly (Row | null)[];
  /** How many are still there. */
  readonly rowCount: number;
  /** Of each column that is indexed. */
  readonly dictionaries: ReadonlyMap<number, Dictionary>;
  /** By their order of columns. */
  readonly indexes: ReadonlyMap<string, RowIndex>;
  /** How many rows have each value, of each column that holds patterns. */
  readonly uses: ReadonlyMap<number, readonly number[]>;
  /** By column and language. */
  readonly patterns: ReadonlyMap<string, PatternColumn>;
  /** By column and role. */
  readonly caches: ReadonlyMap<string, KeptCache>;
  /** Whether a row lacks a value of a column that is indexed. */
  readonly hasGaps: boolean;
}

/** Good for as long as neither roles nor the column have changed. */
export interface KeptCache {
  readonly cache: ReachCache;
  readonly source: RoleSource;
  readonly size: number;
}

/** @throws Unplannable, PatternRefused, or an Error where a column that is evaluated holds no expression */
export function assemble(foundation: Foundation, needs: PlanNeeds): PlannedPolicy {
  const { clauses, rows, dictionaries, indexes } = foundation;
  const functions = new Map([...needs.functions, ...roleFunctions(needs)]);
  const { names, check } = namesOf(needs.shape, functions);
  const matcher = compileExpression(needs.shape.matcher, names);
  const matcherOfNoRow = compileExpression(needs.shape.matcher, {
    ...names,
    evaluateColumn: () => () => undefined,
  });
  const checkRow = check();
  if (checkRow !== null) for (const row of rows) if (row !== null) checkRow(row);
  const operands = new OperandReader(clauses, needs.shape, (expression) =>
    compileExpression(expression, names),
  );
  const patterns = new Map(foundation.patterns);
  const caches = new Map(foundation.caches);

  const partsOf = (column: number) => {
    const values = dictionaries.get(column) ?? new Dictionary();
    return {
      values,
      placeOf: (operand: Operand) => operands.placeOf(operand),
      uses: foundation.uses.get(column) ?? [],
      closuresOf(role: string): Closures {
        if (needs.cachedNames === null) return findAnew(needs.roles(role).reach, values);
        const key = `${column} ${role}`;
        const source = needs.roles(role);
        const known = caches.get(key);
        if (known?.source === source && known.size === values.size) return known.cache;
        const cache = new ReachCache(
          source.reach,
          values,
          needs.cachedNames,
          needs.counts ?? { hits: 0, misses: 0 },
        );
        caches.set(key, { cache, source, size: values.size });
        return cache;
      },
      patternsOf(language: PatternLanguage): PatternColumn {
        const key = `${column} ${language}`;
        const known = patterns.get(key)?.caughtUp() ?? new PatternColumn(language, values);
        patterns.set(key, known);
        return known;
      },
    };
  };
  const plans = clauses.map((clause): ClausePlan => {
    const tests = inOrder(clause);
    return {
      steps: tests.map((test) => new Step(test, partsOf(test.column))),
      index: indexes.get(tests.map(({ column }) => column).join()) ?? null,
      gates: clause.gates.map((gate) => compileExpression(gate, names)),
      // A missing value is no empty text: where there is one, the matcher is asked.
      isExact: clause.isExact && !foundation.hasGaps,
    };
  });
  return new PlannedPolicy({
    shape: needs.shape,
    foundation: { ...foundation, patterns, caches },
    plans,
    operands,
    matcher,
    matcherOfNoRow,
  });
}

function namesOf(shape: ModelShape, functions: ReadonlyMap<string, MatcherFunction>) {
  const numbered = (tokens: readonly string[]): ReadonlyMap<string, number> =>
    new Map(tokens.map((token, place) => [token, place]));
  const base = {
    requestTokens: numbered(shape.requestTokens),
    policyTokens: numbered(shape.policyTokens),
    functions,
  };
  const columns = evaluateColumns(base);
  const names: Names = { ...base, evaluateColumn: columns.evaluate };
  return { names, check: columns.check };
}

/** `g` as stock's: whatever it is given is read as text; nothing is the empty one. */
function roleFunctions({ shape, roles }: PlanNeeds): readonly (readonly [string, MatcherFunction])[] {
  return [...shape.roles.keys()].map((role) => {
    const { hasLink } = roles(role);
    const call = (...args: readonly unknown[]): boolean => {
      const [name, above, domain] = args;
      return hasLink(readText(name), readText(above), args.length === 2 ? null : textOf(domain));
    };
    return [role, call] as const;
  });
}

/** As stock reads a name: what counts as false is the empty text. */
const readText = (value: unknown): string => (isTruthy(value) ? textOf(value) : '');

/** @throws TypeError for null and undefined */
const textOf = (value: unknown): string => (value as { toString(): string }).toString();
