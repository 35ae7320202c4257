import { defaultModel } from '../../../../src/policy/files/default-model.ts';
import { action, effect, holder, objectOrGroup, object, user } from './columns.ts';
import { effects, type Kind, oneOf, rarely } from './kind.ts';

const matcher = defaultModel.slice(defaultModel.indexOf('\nm = ') + 5).trim();

const when = (condition: unknown, effectOfRow: unknown, context: unknown): boolean => {
  if (condition === undefined || condition === '') return true;
  if (condition === 'fails') throw new Error('The condition fails.');
  if (condition === 'if denied') return effectOfRow === 'deny';
  return typeof context === 'object' && context !== null && Reflect.get(context, 'shared') === true;
};

/** Our own model: conditions are asked of a registered function. */
export const ourKind: Kind = {
  name: 'our own model',
  request: {
    sub: user,
    obj: object,
    act: action,
    ctx: oneOf<unknown>({ shared: true }, { shared: false }, {}, null),
  },
  policy: {
    sub: holder,
    obj: (random, words) => (random.chance(0.2) ? random.pick(['*', 'data*']) : objectOrGroup(random, words)),
    act: (random, words) => (random.chance(0.3) ? '*' : action(random, words)),
    eft: effect,
    cond: rarely(() => 'fails', oneOf('', '', '', 'shared', 'shared', 'if denied', 'a condition, quoted')),
  },
  roles: { g: 2, g2: 2 },
  effect: () => effects.both,
  matcher: () => matcher,
  functions: { when },
};
