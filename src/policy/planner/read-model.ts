import { newModelFromString, type Model } from 'casbin';
import { parseExpression, type Expression } from './expression.ts';
import { Unplannable } from './unplannable.ts';

/** What the matched rows come to: Casbin's four effects that are planned. */
export type EffectKind = 'allow-override' | 'deny-override' | 'allow-and-deny' | 'priority';

/** A model, taken apart. */
export interface ModelShape {
  /** With their section: `r_sub`, `p_sub`. */
  readonly requestTokens: readonly string[];
  readonly policyTokens: readonly string[];
  /** How many columns each role definition has: 2, or 3 with domains. */
  readonly roles: ReadonlyMap<string, number>;
  readonly effect: EffectKind;
  readonly matcher: Expression;
  /** Whether the matcher names a column of the policy; where it does not, stock asks it once and of no row. */
  readonly namesPolicy: boolean;
  /** Columns of the effect and of an explicit priority; `null` where there are none. */
  readonly effectColumn: number | null;
  readonly priorityColumn: number | null;
}

const effects: Readonly<Record<string, EffectKind>> = {
  'some(where (p_eft == allow))': 'allow-override',
  '!some(where (p_eft == deny))': 'deny-override',
  'some(where (p_eft == allow)) && !some(where (p_eft == deny))': 'allow-and-deny',
  'priority(p_eft) || deny': 'priority',
};

/** Stock's own reading of a model. @throws Error where stock refuses it */
export const readModel = (text: string): Model => newModelFromString(text);

/** @throws Unplannable with the part that stock alone knows how to decide */
export function shapeOf(model: Model): ModelShape {
  const section = (
    name: string,
  ): ReadonlyMap<string, { readonly value: string; readonly tokens: string[] }> =>
    model.model.get(name) ?? new Map();
  for (const name of ['r', 'p', 'e', 'm']) {
    const others = [...section(name).keys()].filter((key) => key !== name);
    if (others.length > 0) throw new Unplannable(`a second section, ${others.join(', ')}`);
  }
  const requestTokens = section('r').get('r')?.tokens ?? [];
  const policyTokens = section('p').get('p')?.tokens ?? [];
  const effectText = section('e').get('e')?.value ?? '';
  const effect = Object.hasOwn(effects, effectText) ? effects[effectText] : undefined;
  if (effect === undefined) throw new Unplannable(`the effect ${effectText.replaceAll('p_', 'p.')}`);
  const matcherText = section('m').get('m')?.value ?? '';
  return {
    requestTokens,
    policyTokens,
    roles: new Map([...section('g')].map(([name, { value }]) => [name, arityOf(name, value)])),
    effect,
    matcher: parseMatcher(matcherText),
    namesPolicy: matcherText.includes('p_'),
    effectColumn: placeOf(policyTokens, 'p_eft'),
    priorityColumn: placeOf(policyTokens, 'p_priority'),
  };
}

function parseMatcher(text: string): Expression {
  // Stock puts the columns' text into the matcher before it looks for these brackets: together they can't be told apart.
  if (/\beval\(/.test(text) && / \([^)]*,/.test(text))
    throw new Unplannable('eval() beside a bracketed list');
  try {
    return parseExpression(text);
  } catch (error) {
    throw new Unplannable(
      `a matcher that does not parse: ${error instanceof Error ? error.message : 'unknown'}`,
    );
  }
}

function arityOf(name: string, value: string): number {
  const arity = (value.match(/_/g) ?? []).length;
  if (arity === 2 || arity === 3) return arity;
  throw new Unplannable(`${name} with ${arity} columns`);
}

function placeOf(tokens: readonly string[], token: string): number | null {
  const place = tokens.indexOf(token);
  return place === -1 ? null : place;
}
