import { notLike, type ConditionFunction } from './condition-function.ts';

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const pattern = /^([1-9]\d{0,5})([smhd])$/;
/** A login of the future is one that another clock wrote: no further ahead than clocks may differ. */
const clockSkew = 60_000;

/** `5m` in milliseconds, or `null`. */
function parseDuration(text: unknown): number | null {
  const [, count, unit] = typeof text === 'string' ? (pattern.exec(text) ?? []) : [];
  return count === undefined || unit === undefined ? null : Number(count) * (units[unit] ?? 0);
}

export const fresh: ConditionFunction = {
  name: 'fresh',
  parameters: 'duration (a whole number and s, m, h or d)',
  answers: 'Whether the principal was proved within that time. Never for anonymous.',
  example: "fresh(r.ctx, '5m')",
  stepUp: true,
  compile([duration, ...more]) {
    const limit = parseDuration(duration?.literal);
    if (limit === null || more.length > 0) throw notLike(fresh);
    return ({ principal, environment, optimistic }) => {
      if (optimistic) return true;
      if (principal.kind !== 'user') return false;
      const age = environment.now - principal.authentication.authTime;
      return age <= limit && age >= -clockSkew;
    };
  },
};
