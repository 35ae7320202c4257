import { action, effect, holder, object, user } from './columns.ts';
import { anyEffect, type Kind, mostlyAllow, oneOf } from './kind.ts';

/** Models that leave a column out, or call theirs something else. */
export const shortKinds: readonly Kind[] = [
  {
    name: 'without users',
    request: { obj: object, act: action },
    policy: { obj: object, act: action },
    effect: mostlyAllow,
    matcher: oneOf('r.obj == p.obj && r.act == p.act'),
  },
  {
    name: 'without resources',
    request: { sub: user, act: action },
    policy: { sub: holder, act: action },
    roles: { g: 2 },
    effect: mostlyAllow,
    matcher: oneOf('r.sub == p.sub && r.act == p.act', 'g(r.sub, p.sub) && r.act == p.act'),
  },
  {
    name: 'roles alone',
    request: { sub: user },
    policy: { sub: holder, eft: effect },
    roles: { g: 2 },
    effect: anyEffect,
    matcher: oneOf('g(r.sub, p.sub)', '!g(r.sub, p.sub)', 'g(p.sub, r.sub)'),
  },
  {
    name: 'other names',
    request: { who: user, what: object, how: action },
    policy: { what: object, role: holder, how: action },
    roles: { g: 2 },
    effect: mostlyAllow,
    matcher: oneOf(
      'g(r.who, p.role) && r.what == p.what && r.how == p.how',
      'g(r.who,p.role)&&r.what==p.what',
    ),
  },
];
