import type { PolicySource } from '../../../src/policy/library.ts';

interface Parts {
  readonly request?: string;
  readonly policy?: string;
  readonly role?: string;
  readonly effect?: string;
}

export const anyAllow = 'some(where (p.eft == allow))';
export const noDeny = '!some(where (p.eft == deny))';
export const allowAndDeny = `${anyAllow} && ${noDeny}`;

/** A model with this matcher; its other parts are the common ones. */
export const modelOf = (
  matcher: string,
  { request = 'sub, obj, act', policy = 'sub, obj, act', role = 'g = _, _', effect = anyAllow }: Parts = {},
): string => `[request_definition]
r = ${request}
[policy_definition]
p = ${policy}
[role_definition]
${role}
[policy_effect]
e = ${effect}
[matchers]
m = ${matcher}
`;

export const rbac = modelOf('g(r.sub, p.sub) && r.obj == p.obj && r.act == p.act');
export const domains = modelOf(
  'g(r.sub, p.sub, r.dom) && r.dom == p.dom && r.obj == p.obj && r.act == p.act',
  { request: 'sub, dom, obj, act', policy: 'sub, dom, obj, act', role: 'g = _, _, _' },
);
export const paths = modelOf('g(r.sub, p.sub) && keyMatch2(r.obj, p.obj) && r.act == p.act');
export const expressions = modelOf('r.sub == p.sub && regexMatch(r.obj, p.obj) && r.act == p.act');

export const textOf = (text: string): PolicySource => ({ text });
export const fileOf = (rows: readonly (readonly string[])[]): PolicySource => ({
  text: rows.map((row) => row.join(',')).join('\n'),
});
