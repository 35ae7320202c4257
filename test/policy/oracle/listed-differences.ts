import type { Enforcer } from 'casbin';
import { rowsOf, withRows } from './open-stock.ts';
import { messageOf, outcomeOf } from './outcome.ts';

/**
 * The one difference that is allowed: a row at which stock casbin throws need not be looked at where an index says that
 * it cannot match. By the message, which kind of row that was; a message that is not here is no listed difference.
 */
const kinds: readonly (readonly [kind: string, message: RegExp])[] = [
  ['an invalid regular expression', /Invalid regular expression/u],
  ['keyMatch4 counts other tokens', /number of tokens is not equal/u],
  ['a matcher that is no boolean', /matcher result should only be/u],
  [
    'a condition of eval that does not parse',
    /^(Unexpected|Expected|Variable names|Unclosed|Missing|Invalid) .*at character/u,
  ],
  ['a member of nothing', /Cannot read properties of (undefined|null)/u],
  ['a value without text', /Cannot convert object to primitive value|is not a function/u],
  ['globMatch of no text', /invalid pattern/u],
  ['ipMatch of no address', /^invalid argument: ip[12] in ipMatch\(\) function/u],
  ['in of no object', /Cannot use 'in' operator/u],
  ['a forbidden member', /^Access to member/u],
  ['a function of the matcher throws', /^The condition fails\.$/u],
];

/** A matcher that does not is evaluated once, whatever the rows: there is none to leave out. */
const looksAtRows = (stock: Enforcer): boolean =>
  stock.getModel().model.get('m')!.get('m')!.value.includes('p_');

/**
 * Of which listed kind it is that stock casbin throws at a request and ours answers, or null where that is a real difference:
 * nobody may be allowed what stock casbin denies without the rows that make it throw.
 */
export function findListed(
  stock: Enforcer,
  request: readonly unknown[],
  error: unknown,
  allowed: boolean,
): string | null {
  const listed = kinds.find(([, message]) => message.test(messageOf(error)));
  if (listed === undefined || !looksAtRows(stock)) return null;
  const ask = (rows: readonly string[][]) =>
    withRows(stock, rows, () => outcomeOf(() => stock.enforceSync(...request)));
  const every = rowsOf(stock);
  const kept = every.filter((row) => !ask([row]).threw);
  if (kept.length === every.length) return null;
  if (!allowed) return listed[0];
  const without = ask(kept);
  return !without.threw && without.answer ? listed[0] : null;
}
