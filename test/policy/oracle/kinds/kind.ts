import type { Functions } from '../policy-case.ts';
import type { Random } from '../random.ts';
import type { Words } from '../words.ts';

/** How a value is taken, by the dice, from the names of the policy. */
export type Draw<T> = (random: Random, words: Words) => T;

/** A shape of model, with what its columns hold. The order of the columns is that of the definitions. */
export interface Kind {
  readonly name: string;
  readonly request: Readonly<Record<string, Draw<unknown>>>;
  readonly policy: Readonly<Record<string, Draw<string>>>;
  /** Role definitions, by how many columns their rows have. */
  readonly roles?: Readonly<Partial<Record<'g' | 'g2', 2 | 3>>>;
  readonly effect: Draw<string>;
  readonly matcher: Draw<string>;
  readonly functions?: Functions;
  /** Its names, where they are no others'. */
  readonly words?: Words;
}

export const oneOf =
  <T>(...values: readonly T[]): Draw<T> =>
  (random) =>
    random.pick(values);

export const effects = {
  allow: 'some(where (p.eft == allow))',
  deny: '!some(where (p.eft == deny))',
  both: 'some(where (p.eft == allow)) && !some(where (p.eft == deny))',
  priority: 'priority(p.eft) || deny',
  subjectPriority: 'subjectPriority(p.eft) || deny',
} as const;

/** The one now and then, the other else: a policy of twenty rows should not be sure to have a broken one. */
export const rarely =
  <T>(odd: Draw<T>, usual: Draw<T>, share = 0.01): Draw<T> =>
  (random, words) =>
    (random.chance(share) ? odd : usual)(random, words);

/** Without an effect column nothing can deny. */
export const mostlyAllow = oneOf(
  ...Array.from({ length: 12 }, () => effects.allow),
  effects.both,
  effects.both,
  effects.priority,
  effects.deny,
);
export const anyEffect = oneOf(effects.allow, effects.both, effects.both, effects.priority, effects.deny);
