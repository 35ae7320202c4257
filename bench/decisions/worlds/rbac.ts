import { internNames } from '../intern.ts';
import { createRandom } from '../random.ts';
import { drawMemberships } from './memberships.ts';
import { rulesPerRole, usersPerRule, type World } from './world.ts';

export const actions = ['read', 'write'] as const;

export const rbacModel = `[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act
`;

/**
 * Roles with ten rules each, users with ten roles each. An object has two rules, one for each action, of different roles: what
 * one role may read, another may write.
 */
export function buildRbac(size: number, users = size * usersPerRule): World {
  const objects = internNames('data', size / 2 + 1);
  const unknown = objects.length - 1;
  const subjects = internNames('user', users);
  const memberships = drawMemberships(users, size / rulesPerRole, createRandom(size));
  const objectOf = (rule: number): number => rule % unknown;
  const actionOf = (rule: number): 0 | 1 => ((rule + Number(rule >= unknown)) & 1) as 0 | 1;
  const ruleOf = (object: number, action: 0 | 1): number =>
    actionOf(object) === action ? object : object + unknown;
  const roleOf = (rule: number): number => Math.floor(rule / rulesPerRole);
  return {
    name: 'roles',
    model: rbacModel,
    users: subjects,
    rules: Array.from({ length: size }, (_, rule) => [
      'p',
      `role${roleOf(rule)}`,
      objects[objectOf(rule)]!,
      actions[actionOf(rule)],
    ]),
    membershipsOf: (user) => memberships.rolesOf(user).map((role) => ['g', subjects[user]!, `role${role}`]),
    draw(user, random) {
      const own = memberships.pick(user, random) * rulesPerRole + random(rulesPerRole);
      const rule = random(3) === 0 ? random(size) : own;
      const object = random(20) === 0 ? unknown : objectOf(rule);
      const action = (random(4) === 0 ? 1 - actionOf(rule) : actionOf(rule)) as 0 | 1;
      const allowed = object !== unknown && memberships.has(user, roleOf(ruleOf(object, action)));
      return { values: [subjects[user]!, objects[object]!, actions[action]], allowed };
    },
  };
}
