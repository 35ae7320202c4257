import type { Row } from './compile-expression.ts';
import { callsIn } from './expression.ts';
import type { ModelShape } from './read-model.ts';
import { Unplannable } from './unplannable.ts';

/** @throws Unplannable where a row has such a name, in a model that can come to it */
export function checkNames(rows: readonly Row[], shape: ModelShape): void {
  if (joinsNames(shape) && rows.some((row) => row.some((value) => value?.includes(',') === true)))
    throw new Unplannable('a comma in a name, where stock joins names with commas');
}

/**
 * Within one request stock remembers roles by their names joined with commas: `g("a", "b,c", "d")` is taken for
 * `g("a", "b", "c,d")`. Whether a model can come to that: it asks of one role definition in several ways, or with several
 * columns of a row.
 */
function joinsNames({ matcher, roles, policyTokens }: ModelShape): boolean {
  const seen = new Map<string, string>();
  return callsIn(matcher).some(({ name, arguments: args }) => {
    if (!roles.has(name)) return false;
    const columns = args.filter((arg) => arg.type === 'Identifier' && policyTokens.includes(arg.name));
    const text = JSON.stringify(args);
    const isAnother = (seen.get(name) ?? text) !== text;
    seen.set(name, text);
    return columns.length > 1 || isAnother;
  });
}
