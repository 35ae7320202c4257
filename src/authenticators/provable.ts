import type { AssuranceLevel } from '../core/principal.ts';
import type { Authenticator } from './authenticator.ts';

/** What a new login could prove here: every method, sorted, and the highest level, of all enabled authenticators. */
export function provable(authenticators: Iterable<Authenticator>): {
  readonly amr: readonly string[];
  readonly aal: AssuranceLevel;
} {
  const proves = [...authenticators].map((authenticator) => authenticator.proves);
  return {
    amr: [...new Set(proves.flatMap(({ amr }) => amr))].sort(),
    aal: proves.reduce<AssuranceLevel>((highest, { aal }) => (aal > highest ? aal : highest), 0),
  };
}
