/** The text of `policies/model.conf` as shipped. */
export const defaultModel = `# How a request is decided. Casbin's own language: https://casbin.org/docs/syntax-for-models
# Rules, groups and permissions stand in the .csv files beside this one.

[request_definition]
r = sub, obj, act, ctx

[policy_definition]
p = sub, obj, act, eft, cond

[role_definition]
g = _, _    # user -> group, group -> group
g2 = _, _   # schema coordinate -> permission, permission -> permission

[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))

[matchers]
m = g(r.sub, p.sub) && (g2(r.obj, p.obj) || keyMatch(r.obj, p.obj)) && (p.act == "*" || r.act == p.act) && when(p.cond, p.eft, r.ctx)
`;
