import { notLike, type ConditionFunction } from './condition-function.ts';

export const aal: ConditionFunction = {
  name: 'aal',
  parameters: 'level (1, 2 or 3)',
  answers:
    'Whether the principal was proved at that assurance level (NIST SP 800-63B) or a higher one. Anonymous is at 0.',
  example: 'aal(r.ctx, 2)',
  stepUp: true,
  inputs: ['login'],
  fails: false,
  compile([level, ...more]) {
    const wanted = level?.literal;
    if ((wanted !== 1 && wanted !== 2 && wanted !== 3) || more.length > 0) throw notLike(aal);
    return ({ principal, environment, optimistic }) => {
      const proved = principal.kind === 'user' ? principal.authentication.aal : 0;
      return Math.max(proved, optimistic ? environment.provable.aal : 0) >= wanted;
    };
  },
};
