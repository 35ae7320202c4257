import { Util } from 'casbin';
import { compileExpression, type Evaluate, type Names, type Row } from './compile-expression.ts';
import { parseExpression } from './expression.ts';

interface Columns {
  /** What `eval(p_rule)` comes to: the text of that column, as an expression of its own. */
  readonly evaluate: Names['evaluateColumn'];
  /** Throws where a column that is evaluated does not hold one whole expression; `null` where none is. Ask when all is compiled. */
  readonly check: () => ((row: Row) => void) | null;
}

/**
 * Stock pastes the text of a column into the matcher and parses both together, so that `true) || (true` opens everything. Here
 * each text is parsed alone, once, and refused where it is no expression.
 */
export function evaluateColumns(names: Omit<Names, 'evaluateColumn'>): Columns {
  const known = new Map<string, Evaluate>();
  const evaluated = new Set<number>();
  const nested: Names['evaluateColumn'] = () => {
    throw new Error('A rule that is evaluated evaluates another one. Write it out.');
  };
  const compile = (text: string): Evaluate => {
    const compiled =
      known.get(text) ??
      compileExpression(parseExpression(Util.escapeAssertion(text)), { ...names, evaluateColumn: nested });
    known.set(text, compiled);
    return compiled;
  };
  return {
    evaluate(column) {
      evaluated.add(column);
      return (request, row) => {
        const text = row[column];
        if (text === undefined) throw new Error('A row has no expression in the column that is evaluated.');
        return compile(text)(request, row);
      };
    },
    check: () =>
      evaluated.size === 0
        ? null
        : (row) => {
            for (const column of evaluated) {
              const text = row[column];
              if (text !== undefined) tryCompile(text, compile);
            }
          },
  };
}

function tryCompile(text: string, compile: (text: string) => Evaluate): void {
  try {
    compile(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The expression ${JSON.stringify(text)} of a row can't be evaluated: ${why}. Mend or delete it.`,
      {
        cause: error,
      },
    );
  }
}
