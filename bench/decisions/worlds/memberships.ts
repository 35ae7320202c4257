import type { Random } from '../random.ts';

const perUser = 10;

/** Who is in which role, both by number; packed, for there are up to ten million. */
export interface Memberships {
  readonly users: number;
  rolesOf(user: number): readonly number[];
  has(user: number, role: number): boolean;
  /** One of the roles of a user. */
  pick(user: number, random: Random): number;
}

/**
 * Ten draws for every user; what is drawn twice counts once.
 *
 * @param inARow How many roles that follow one another each draw gives.
 */
export function drawMemberships(users: number, roles: number, random: Random, inARow = 1): Memberships {
  const packed = new Uint32Array(users * perUser);
  for (let place = 0; place < packed.length; place += inARow) {
    const first = random(roles);
    for (let step = 0; step < inARow; step += 1) packed[place + step] = (first + step) % roles;
  }
  const drawnBy = (user: number): Uint32Array => packed.subarray(user * perUser, (user + 1) * perUser);
  return {
    users,
    rolesOf: (user) => [...new Set(drawnBy(user))],
    has: (user, role) => drawnBy(user).includes(role),
    pick: (user, random) => drawnBy(user)[random(perUser)]!,
  };
}
