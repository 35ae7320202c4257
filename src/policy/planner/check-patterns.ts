import { patternColumns, type Clause } from './analyse.ts';
import type { Row } from './compile-expression.ts';
import { callsIn, type Expression } from './expression.ts';
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
  const indexed = new Set(patternColumns(clauses).map(({ column, language }) => `${column} ${language}`));
  const uses = usesIn(shape.matcher, shape.policyTokens);
  for (const { language, column } of uses) {
    if (indexed.has(`${column} ${language}`)) continue;
    for (const pattern of new Set(rows.map((row) => row[column] ?? ''))) compilePattern(language, pattern);
  }
}

/** Where the matcher reads a column as a pattern. */
const usesIn = (matcher: Expression, policyTokens: readonly string[]): readonly PatternUse[] =>
  callsIn(matcher).flatMap(({ name, arguments: [, pattern] }) => {
    const language = patternLanguages.find((known) => known === name);
    const column = pattern?.type === 'Identifier' ? policyTokens.indexOf(pattern.name) : -1;
    return language === undefined || column === -1 ? [] : [{ language, column }];
  });
