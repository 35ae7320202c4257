import { intern, internNames } from '../intern.ts';
import { createRandom } from '../random.ts';
import { drawMemberships } from './memberships.ts';
import { actions, rbacModel } from './rbac.ts';
import { rulesPerRole, usersPerRule, type World } from './world.ts';

const names = 1_000;

/** Every rule is a pattern of its own: half of them begin with what they name, the others with a parameter. */
export function buildPatterns(size: number): World {
  const subjects = internNames('user', size * usersPerRule);
  const memberships = drawMemberships(subjects.length, size / rulesPerRole, createRandom(size));
  const beginsWithName = (rule: number): boolean => rule % 2 === 0;
  const actionOf = (rule: number): 0 | 1 => ((rule >> 1) & 1) as 0 | 1;
  const roleOf = (rule: number): number => Math.floor(rule / rulesPerRole);
  return {
    name: 'keyMatch2',
    model: rbacModel.replace('r.obj == p.obj', 'keyMatch2(r.obj, p.obj)'),
    users: subjects,
    rules: Array.from({ length: size }, (_, rule) => [
      'p',
      `role${roleOf(rule)}`,
      beginsWithName(rule) ? `/res${rule}/:id/sub` : `/:tenant/res${rule}`,
      actions[actionOf(rule)],
    ]),
    membershipsOf: (user) => memberships.rolesOf(user).map((role) => ['g', subjects[user]!, `role${role}`]),
    draw(user, random) {
      const own = memberships.pick(user, random) * rulesPerRole + random(rulesPerRole);
      const rule = random(3) === 0 ? random(size) : own;
      const other = random(4) === 0;
      const path = beginsWithName(rule)
        ? `/res${rule}/${random(names)}/sub`
        : `/tenant${random(names)}/res${rule}`;
      const action = (other ? 1 - actionOf(rule) : actionOf(rule)) as 0 | 1;
      const allowed = !other && memberships.has(user, roleOf(rule));
      return { values: [subjects[user]!, intern(path), actions[action]], allowed };
    },
  };
}
