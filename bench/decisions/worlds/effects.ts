import { internNames } from '../intern.ts';
import { createRandom } from '../random.ts';
import { drawMemberships } from './memberships.ts';
import { actions } from './rbac.ts';
import { rulesPerRole, usersPerRule, type World } from './world.ts';

/** What one rule allows a role, another denies the next role; `allowFirst` is about explicit priorities alone. */
interface Found {
  readonly allows: boolean;
  readonly denies: boolean;
  readonly allowFirst: boolean;
}

interface Effect {
  readonly expression: string;
  readonly fields: readonly string[];
  readonly priorities: boolean;
  readonly decide: (found: Found) => boolean;
}

const effects = {
  'deny-override': {
    expression: '!some(where (p.eft == deny))',
    fields: ['sub', 'obj', 'act', 'eft'],
    priorities: false,
    decide: ({ denies }) => !denies,
  },
  'allow-and-deny': {
    expression: 'some(where (p.eft == allow)) && !some(where (p.eft == deny))',
    fields: ['sub', 'obj', 'act', 'eft'],
    priorities: false,
    decide: ({ allows, denies }) => allows && !denies,
  },
  'explicit priority': {
    expression: 'priority(p.eft) || deny',
    fields: ['priority', 'sub', 'obj', 'act', 'eft'],
    priorities: true,
    decide: ({ allows, denies, allowFirst }) => (allowFirst ? allows : allows && !denies),
  },
} as const satisfies Record<string, Effect>;

export type EffectName = keyof typeof effects;
export const effectNames = Object.keys(effects) as readonly EffectName[];

const denyPriority = 20;
const priorityOfAllow = (first: boolean): number => (first ? 10 : 30);
const pairsPerRole = rulesPerRole / 2;

/** Half of the rules allow, half deny. Whoever is in a role is in the next one as well, so that both kinds meet. */
export function buildEffects(name: EffectName, size: number): World {
  const { expression, fields, priorities, decide }: Effect = effects[name];
  const roles = size / rulesPerRole;
  const objects = internNames('data', size / 2);
  const subjects = internNames('user', size * usersPerRule);
  const memberships = drawMemberships(subjects.length, roles, createRandom(size), 2);
  const allowedRole = (object: number): number => Math.floor(object / pairsPerRole);
  const deniedRole = (object: number): number => (allowedRole(object) + 1) % roles;
  const allowFirst = (object: number): boolean => object % 4 < 2;
  const actionOf = (object: number): string => actions[object % 2 === 0 ? 0 : 1];
  const rowOf = (object: number, role: number, effect: string, priority: number): readonly string[] => [
    'p',
    ...(priorities ? [String(priority)] : []),
    `role${role}`,
    objects[object]!,
    actionOf(object),
    effect,
  ];
  return {
    name,
    model: `[request_definition]
r = sub, obj, act
[policy_definition]
p = ${fields.join(', ')}
[role_definition]
g = _, _
[policy_effect]
e = ${expression}
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act
`,
    users: subjects,
    rules: Array.from(objects.keys()).flatMap((object) => [
      rowOf(object, allowedRole(object), 'allow', priorityOfAllow(allowFirst(object))),
      rowOf(object, deniedRole(object), 'deny', denyPriority),
    ]),
    membershipsOf: (user) => memberships.rolesOf(user).map((role) => ['g', subjects[user]!, `role${role}`]),
    draw(user, random) {
      const own = memberships.pick(user, random) * pairsPerRole + random(pairsPerRole);
      const object = random(3) === 0 ? random(objects.length) : own;
      const allowed = decide({
        allows: memberships.has(user, allowedRole(object)),
        denies: memberships.has(user, deniedRole(object)),
        allowFirst: allowFirst(object),
      });
      return { values: [subjects[user]!, objects[object]!, actionOf(object)], allowed };
    },
  };
}
