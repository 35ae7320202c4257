import type { Clause } from './analyse.ts';
import type { Row } from './compile-expression.ts';
import type { Expression } from './expression.ts';
import { patternLanguages } from './matcher-functions.ts';
import { compilePattern } from './patterns/compile-pattern.ts';
import type { PatternLanguage } from './patterns/pattern-language.ts';
import type { ModelShape } from './read-model.ts';

interface PatternUse {
  readonly language: PatternLanguage;
  readonly column: number;
}

/** Refuses at once what the index of patterns would not meet: those that the matcher is asked about row by row. @throws PatternRefused */
export function checkPatterns(rows: readonly Row[], shape: ModelShape, clauses: readonly Clause[]): void {
  const indexed = new Set(
    clauses.flatMap(({ tests }) =>
      tests.flatMap(({ column, probes }) =>
        probes.flatMap((probe) => (probe.kind === 'pattern' ? [`${column} ${probe.language}`] : [])),
      ),
    ),
  );
  const uses = usesIn(shape.matcher, shape.policyTokens);
  for (const { language, column } of uses) {
    if (indexed.has(`${column} ${language}`)) continue;
    for (const pattern of new Set(rows.map((row) => row[column] ?? ''))) compilePattern(language, pattern);
  }
}

/** Where the matcher reads a column as a pattern. */
function usesIn(node: Expression, policyTokens: readonly string[]): readonly PatternUse[] {
  const within = (...parts: readonly Expression[]): readonly PatternUse[] =>
    parts.flatMap((part) => usesIn(part, policyTokens));
  switch (node.type) {
    case 'CallExpression': {
      const language = patternLanguages.find(
        (known) => node.callee.type === 'Identifier' && known === node.callee.name,
      );
      const pattern = node.arguments[1];
      const column = pattern?.type === 'Identifier' ? policyTokens.indexOf(pattern.name) : -1;
      const own = language === undefined || column === -1 ? [] : [{ language, column }];
      return [...own, ...within(...node.arguments)];
    }
    case 'LogicalExpression':
    case 'BinaryExpression':
      return within(node.left, node.right);
    case 'UnaryExpression':
      return within(node.argument);
    case 'ConditionalExpression':
      return within(node.test, node.consequent, node.alternate);
    case 'ArrayExpression':
      return within(...node.elements);
    case 'MemberExpression':
    case 'Identifier':
    case 'Literal':
    case 'ThisExpression':
    case 'Compound':
      return [];
  }
}
