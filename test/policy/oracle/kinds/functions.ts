import { effect, usualPolicy, usualRequest } from './columns.ts';
import { anyEffect, type Kind, oneOf } from './kind.ts';

/** Functions of one's own. Those that casbin has already, and roles, stay what they are. */
export const functionKind: Kind = {
  name: 'registered functions',
  request: usualRequest,
  policy: { ...usualPolicy, eft: effect },
  roles: { g: 2 },
  effect: anyEffect,
  matcher: oneOf(
    'same(r.sub, p.sub) && r.obj == p.obj && r.act == p.act',
    'g(r.sub, p.sub) && same(r.obj, p.obj) && keyMatch(r.act, p.act)',
    'g(r.sub, p.sub) && r.obj == p.obj && count(r.act, p.act)',
    'r.obj == p.obj && (g(r.sub, p.sub) || count(r.sub, "root") == 1)',
  ),
  functions: {
    same: (left, right) => left === right,
    count: (left, right) => (left === right ? 1 : 0),
    keyMatch: () => true,
    g: () => true,
  },
};
