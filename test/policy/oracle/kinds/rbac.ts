import { joinedAlike } from '../words.ts';
import {
  action,
  domain,
  effect,
  holder,
  object,
  objectOrGroup,
  user,
  usualPolicy,
  usualRequest,
} from './columns.ts';
import { anyEffect, type Kind, mostlyAllow, oneOf } from './kind.ts';

export const rbacKinds: readonly Kind[] = [
  {
    name: 'access list',
    request: usualRequest,
    policy: usualPolicy,
    effect: mostlyAllow,
    matcher: oneOf(
      'r.sub == p.sub && r.obj == p.obj && r.act == p.act',
      'p.act == r.act && p.sub == r.sub && p.obj == r.obj',
    ),
  },
  {
    name: 'roles',
    request: usualRequest,
    policy: usualPolicy,
    roles: { g: 2 },
    effect: mostlyAllow,
    matcher: oneOf(
      'g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act',
      'r.obj == p.obj && r.act == p.act && g(r.sub, p.sub)',
      'g(r.sub, p.sub) && (p.obj == "*" || r.obj == p.obj) && (r.act == p.act || p.act == "*")',
    ),
  },
  {
    name: 'resource roles',
    request: usualRequest,
    policy: { ...usualPolicy, obj: objectOrGroup },
    roles: { g: 2, g2: 2 },
    effect: mostlyAllow,
    matcher: oneOf(
      'g(r.sub, p.sub) && g2(r.obj, p.obj) && r.act == p.act',
      'g2(r.obj, p.obj) && g(r.sub, p.sub) && (p.act == "*" || r.act == p.act)',
      'g(r.sub, p.sub) && (g2(r.obj, p.obj) || r.obj == p.obj) && r.act == p.act',
    ),
  },
  {
    name: 'domains',
    request: { sub: user, dom: domain, obj: object, act: action },
    policy: { sub: holder, dom: domain, obj: object, act: action },
    roles: { g: 3 },
    effect: mostlyAllow,
    matcher: oneOf(
      'g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act',
      'r.dom == p.dom && g(r.sub, p.sub, r.dom) && r.obj == p.obj && r.act == p.act',
      'g(r.sub, p.sub, r.dom) && (p.dom == "*" || r.dom == p.dom) && r.obj == p.obj && r.act == p.act',
    ),
  },
  {
    name: 'domain of the row',
    request: { sub: user, dom: domain, obj: object, act: action },
    policy: { sub: holder, dom: domain, obj: object, act: action, eft: effect },
    roles: { g: 3 },
    effect: anyEffect,
    matcher: oneOf(
      'g(r.sub, p.sub, p.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act',
      'g(r.sub, p.sub, p.dom) && r.obj == p.obj && r.act == p.act',
      '(g(r.sub, p.sub, p.dom) || g(r.sub, p.sub, "d1")) && r.obj == p.obj && r.act == p.act',
    ),
  },
  {
    name: 'names that are alike when joined',
    request: { sub: user, obj: object, act: action },
    policy: { sub: holder, dom: domain, obj: object, act: action },
    roles: { g: 3 },
    words: joinedAlike,
    effect: mostlyAllow,
    matcher: oneOf(
      'g(r.sub, p.sub, p.dom) && r.obj == p.obj && r.act == p.act',
      'r.act == p.act && g(r.sub, p.sub, p.dom) && r.obj == p.obj',
    ),
  },
];
