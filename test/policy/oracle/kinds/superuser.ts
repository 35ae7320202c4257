import { effect, usualPolicy, usualRequest } from './columns.ts';
import { anyEffect, type Kind, mostlyAllow, oneOf } from './kind.ts';

const plain = 'r.sub == p.sub && r.obj == p.obj && r.act == p.act';
const roles = 'g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act';

export const superuserKinds: readonly Kind[] = [
  {
    name: 'superuser',
    request: usualRequest,
    policy: usualPolicy,
    effect: mostlyAllow,
    matcher: oneOf(
      `${plain} || r.sub == "root"`,
      `r.sub == "root" || ${plain}`,
      `${plain} || r.sub == 'root'`,
    ),
  },
  {
    name: 'superuser of roles',
    request: usualRequest,
    policy: { ...usualPolicy, eft: effect },
    roles: { g: 2 },
    effect: anyEffect,
    matcher: oneOf(
      `${roles} || r.sub == "root"`,
      `r.sub == "root" || ${roles}`,
      `r.sub == "root" && r.act != "delete" || ${roles}`,
      `${roles} || (r.sub == "root" && r.obj == "data1")`,
      `r.obj != "data3" && (${roles} || r.sub == "root")`,
      `${roles} || g(r.sub, "admin")`,
      `(r.sub == "root" || g(r.sub, p.sub)) && r.obj == p.obj && r.act == p.act`,
    ),
  },
];
