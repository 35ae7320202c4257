import { parseDuration } from '../../../core/duration.ts';
import { notLike, type ConditionFunction } from './condition-function.ts';

/** A login of the future is one that another clock wrote: no further ahead than clocks may differ. */
const clockSkew = 60_000;

export const fresh: ConditionFunction = {
  name: 'fresh',
  parameters: 'duration (a whole number and s, m, h or d)',
  answers: 'Whether the principal was proved within that time. Never for anonymous.',
  example: "fresh(r.ctx, '5m')",
  stepUp: true,
  inputs: ['login'],
  fails: false,
  compile([duration, ...more]) {
    const text = duration?.literal;
    const limit = typeof text === 'string' ? parseDuration(text) : null;
    if (limit === null || more.length > 0) throw notLike(fresh);
    return ({ principal, environment, optimistic }) => {
      if (optimistic) return true;
      if (principal.kind !== 'user') return false;
      const age = environment.now - principal.authentication.authTime;
      return age <= limit && age >= -clockSkew;
    };
  },
};
