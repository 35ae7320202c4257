import { internNames } from '../intern.ts';
import { createRandom } from '../random.ts';
import { drawMemberships } from './memberships.ts';
import { actions } from './rbac.ts';
import { rulesPerRole, usersPerRule, type World } from './world.ts';

const model = `[request_definition]
r = sub, dom, obj, act
[policy_definition]
p = sub, dom, obj, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act
`;

const rolesPerDomain = 10;
const rulesPerDomain = rolesPerDomain * rulesPerRole;
const objectsPerDomain = rulesPerDomain / 2;

/** Domains of ten roles, which have the same names in all of them and not the same rules. Members are in a role of a domain. */
export function buildDomains(size: number): World {
  const objects = internNames('data', objectsPerDomain);
  const domains = internNames('domain', size / rulesPerDomain);
  const subjects = internNames('user', size * usersPerRule);
  const memberships = drawMemberships(subjects.length, size / rulesPerRole, createRandom(size));
  /** A rule by its number within its domain. Each domain begins with another object. */
  const objectOf = (domain: number, rule: number): number => (rule + domain) % objectsPerDomain;
  const actionOf = (rule: number): 0 | 1 => ((rule + Number(rule >= objectsPerDomain)) & 1) as 0 | 1;
  const roleOf = (domain: number, rule: number): number =>
    domain * rolesPerDomain + Math.floor(rule / rulesPerRole);
  const nameOf = (role: number): string => `role${role % rolesPerDomain}`;
  const domainOf = (role: number): number => Math.floor(role / rolesPerDomain);
  return {
    name: 'domains',
    model,
    users: subjects,
    rules: Array.from({ length: size }, (_, number) => {
      const [domain, rule] = [Math.floor(number / rulesPerDomain), number % rulesPerDomain];
      return [
        'p',
        nameOf(roleOf(domain, rule)),
        domains[domain]!,
        objects[objectOf(domain, rule)]!,
        actions[actionOf(rule)],
      ];
    }),
    membershipsOf: (user) =>
      memberships.rolesOf(user).map((role) => ['g', subjects[user]!, nameOf(role), domains[domainOf(role)]!]),
    draw(user, random) {
      const own = memberships.pick(user, random);
      // A third asks in another domain than the role is of.
      const domain = random(3) === 0 ? random(domains.length) : domainOf(own);
      const rule = (own % rolesPerDomain) * rulesPerRole + random(rulesPerRole);
      const allowed = memberships.has(user, roleOf(domain, rule));
      const [object, action] = [objects[objectOf(domain, rule)]!, actions[actionOf(rule)]];
      return { values: [subjects[user]!, domains[domain]!, object, action], allowed };
    },
  };
}
