import type { FindingCode } from '../../../src/policy/checks/catalogue.ts';

/** An edit and the line that must be named. `more`: what the same line is told beside. */
export type Example = readonly [title: string, code: FindingCode, rows: string | Uint8Array, line?: number];

const bytes = (text: string, ...odd: number[]): Uint8Array =>
  new Uint8Array([...new TextEncoder().encode(text), ...odd]);
const good = 'p, user:ann, Query.users, *, allow';
const when = (condition: string, object = 'Note.title'): string =>
  `p, authenticated, ${object}, *, allow, "${condition}"`;
const chain = (count: number, kind: string, name: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${kind}, ${name(index)}, ${name(index + 1)}`).join('\n');

/** Each row of a policy file that must be refused, or warned about, with its line: traps.md, and design.md section 3. */
export const rowExamples: readonly Example[] = [
  ['a byte order mark', 'file-encoding', `\uFEFF${good}`],
  ['bytes that are not UTF-8', 'file-encoding', bytes(`${good}\n# `, 0xff, 0x0a), 2],
  ['a lone surrogate', 'file-encoding', `${good}\n# \ud800`, 2],
  ['lines that end in CR alone', 'line-ends', `${good}\rp, user:bob, Query.users, *, deny`],
  ['NUL', 'control-character', `${good}\u0000`],
  ['an escape sequence in a comment', 'control-character', `# \u001b[2J`],
  ['a zero-width space', 'invisible-character', 'p, user:an\u200bn, Query.users, *, allow'],
  ['a soft hyphen', 'invisible-character', 'p, user:an\u00adn, Query.users, *, allow'],
  ['a right-to-left override in a comment', 'invisible-character', '# \u202eyna'],
  ['a Cyrillic letter in a Latin word', 'look-alike-character', 'p, user:\u0430nn, Query.users, *, allow'],
  ['a Cyrillic letter in a coordinate', 'look-alike-character', 'p, user:ann, Query.us\u0435rs, *, allow'],
  ['a full-width comma', 'look-alike-character', 'p, user:ann\uff0c Query.users, *, allow'],
  ['a no-break space', 'look-alike-character', 'p,\u00a0user:ann, Query.users, *, allow'],
  [
    'a name of letters outside ASCII',
    'unfamiliar-letters',
    'p, user:\u043e\u0441\u0430, Query.users, *, allow',
  ],
  ['a line without end', 'line-too-long', `${good}${' '.repeat(5_000)}`],
  ['semicolons for commas', 'wrong-separator', 'p; user:ann; Query.users; *; allow'],
  ['tabs for commas', 'wrong-separator', 'p\tuser:ann\tQuery.users\t*\tallow'],
  ['an unclosed quote', 'unclosed-quote', 'p, user:ann, Query.users, *, deny, "self(r.ctx)'],
  ['text after a quote', 'stray-quote', 'p, user:ann, Query.users, *, allow, "self(r.ctx)" || x'],
  ['a quote inside a column', 'stray-quote', 'p, user:an"n, Query.users, *, allow'],
  ['a comment after a value', 'comment-after-value', `${good} # for now`],
  ['the kind P', 'unknown-row-kind', 'P, user:ann, Query.users, *, deny'],
  ['the kind pp', 'unknown-row-kind', 'pp, user:ann, Query.users, *, deny'],
  ['the kind policy', 'unknown-row-kind', 'policy, user:ann, Query.users, *, deny'],
  ['the kind deny', 'unknown-row-kind', 'deny, user:ann, Query.users, *'],
  ['the kind p2, which the model does not define', 'unknown-row-kind', 'p2, user:ann, Query.users, *, deny'],
  ['the kind g3, which the model does not define', 'unknown-row-kind', 'g3, user:ann, group:a'],
  ['a missing effect', 'wrong-columns', 'p, user:ann, Query.users, *'],
  ['a bare p', 'wrong-columns', 'p'],
  ['too many columns', 'wrong-columns', `${good}, self(r.ctx), self(r.ctx)`],
  ['a condition with commas that is not quoted', 'wrong-columns', `${good}, in_network(r.ctx, '10.0.0.0/8')`],
  ['a g row of three names', 'wrong-columns', 'g, user:ann, group:a, group:b'],
  ['a g2 row of one name', 'wrong-columns', 'g2, Query.users'],
  ['an empty column', 'empty-column', 'p, , Query.users, *, allow'],
  ['a subject without a kind', 'subject-without-kind', 'p, admin, Query.users, *, allow'],
  ['a built-in subject in capitals', 'subject-without-kind', 'p, Everyone, Query.users, *, deny'],
  ['a member without a kind', 'subject-without-kind', 'g, ann, group:a'],
  ['a group without a kind', 'subject-without-kind', 'g, user:ann, admins'],
  ['a user name that is not canonical', 'bad-subject', 'p, user:Ann, Query.users, *, allow'],
  ['a group name outside the alphabet', 'bad-subject', 'p, group:Support, Query.users, *, allow'],
  ['a user as a group', 'user-as-group', 'g, group:a, user:ann'],
  ['a row that makes somebody authenticated', 'built-in-group', 'g, group:a, authenticated'],
  ['a row that makes a user everyone', 'built-in-group', 'g, user:ann, everyone'],
  ['an object that is no name', 'bad-object', 'p, user:ann, users, *, allow'],
  ['a star without its dot', 'misplaced-star', 'p, user:ann, User*, *, allow'],
  ['a star in a field', 'misplaced-star', 'p, user:ann, User.e*, *, allow'],
  ['a star as a member of a permission', 'misplaced-star', 'g2, *, app.view_all'],
  ['a type that the schema does not have', 'unknown-type', 'p, user:ann, Usr.*, *, deny'],
  [
    'a coordinate that the schema does not have',
    'unknown-coordinate',
    'p, everyone, Mutation.deleteUsers, *, deny',
  ],
  ['a coordinate in other letters', 'unknown-coordinate', 'g2, Query.Users, app.view_user'],
  ['a coordinate of an interface', 'interface-coordinate', 'p, user:ann, Node.id, *, allow'],
  ['a type that is an interface', 'interface-coordinate', 'p, user:ann, Node.*, *, allow'],
  ['a name that could be both', 'ambiguous-name', 'p, user:ann, lower.case, *, allow'],
  ['a coordinate in the place of a permission', 'not-a-permission', 'g2, Query.users, Query.note'],
  ['an unknown action', 'unknown-action', 'p, user:ann, Query.users, Read, allow'],
  ['an action that cannot occur', 'impossible-action', 'p, user:ann, Query.users, write, deny'],
  [
    'an action that no coordinate of a permission has',
    'impossible-action',
    'g2, Query.users, app.view_user\np, user:ann, app.view_user, write, deny',
    2,
  ],
  ['an effect in capitals', 'unknown-effect', 'p, user:ann, Query.users, *, Deny'],
  ['an effect of its own', 'unknown-effect', 'p, user:ann, Query.users, *, permit'],
  ['an empty condition', 'empty-condition', `${good},`],
  ['an empty quoted condition', 'empty-condition', `${good}, ""`],
  ['an unclosed bracket in a condition', 'condition-not-plain', when('self(r.ctx')],
  ['a lone bracket in a string', 'condition-not-plain', when("r.ctx.object.owner == '('")],
  ['a condition that plain casbin unquotes', 'condition-not-plain', when('""a"" == ""b""')],
  ['assignment', 'condition-syntax', when('r.ctx.now = 1')],
  ['two expressions', 'condition-not-boolean', when('self(r.ctx) self(r.ctx)')],
  ['a value where true or false must be', 'condition-not-boolean', when('r.ctx.object.shared')],
  ['an unknown member of the context', 'condition-name', when("r.ctx.principal.name == 'ann'")],
  ['an undeclared attribute', 'condition-name', when("r.ctx.principal.attributes.dept == 'x'")],
  ['an undeclared fact', 'condition-name', when("r.ctx.object.ownr == 'x'")],
  ['an undeclared argument', 'condition-name', when("r.ctx.args.uid == 'x'", 'Query.note')],
  ['self where the object has no owner', 'condition-name', when('self(r.ctx)', 'Query.users')],
  ['an unknown function', 'condition-function', when('is_admin(r.ctx)')],
  ['a function that is not given the context', 'condition-function', when("fresh('5m')")],
  ['a duration that is none', 'condition-argument', when("fresh(r.ctx, '5 minutes')")],
  ['a comparison of two types', 'condition-types', when("r.ctx.principal.attributes.level == '3'")],
  ['a very long condition', 'condition-too-large', when(Array(200).fill('self(r.ctx)').join(' && '))],
  ['a very deep condition', 'condition-too-large', when(`${'!'.repeat(40)}self(r.ctx)`)],
  ['an unregistered method', 'unknown-method', when("via(r.ctx, 'magic')")],
  ['a row that stands twice', 'duplicate-row', `${good}\n\n${good}`, 3],
  [
    'a cycle of groups',
    'hierarchy-cycle',
    'g, user:ann, group:a\ng, group:a, group:b\ng, group:b, group:a',
    3,
  ],
  ['a group in itself', 'hierarchy-cycle', 'g, group:a, group:a'],
  ['a cycle of permissions', 'hierarchy-cycle', 'g2, a.b, a.c\ng2, a.c, a.b\ng2, Query.users, a.b', 2],
  [
    'a chain of groups of more than 10 steps',
    'chain-too-deep',
    chain(11, 'g', (index) => `group:g${index}`),
    10,
  ],
  [
    'a chain of permissions of more than 10 steps',
    'chain-too-deep',
    `${chain(10, 'g2', (index) => `app.p${index}`)}\ng2, Query.users, app.p0`,
    10,
  ],
  ['a misspelt permission in a permission', 'unknown-permission', 'g2, app.none, app.all'],
  [
    'a guardrail over a permission that covers nothing',
    'guards-nothing',
    'p, everyone, app.delete_user, *, deny',
  ],
  ['a permission that covers nothing', 'covers-nothing', 'p, user:ann, app.none, *, allow'],
  ['a group nobody can be in', 'group-without-members', 'p, group:suport, Query.users, *, allow'],
  [
    'a group nobody can be in, named by a condition',
    'group-without-members',
    `p, everyone, Query.users, *, deny, "in_group(r.ctx, 'group:suport')"`,
  ],
  [
    'a rule that an unconditional deny shadows',
    'never-decides',
    'p, user:ann, Query.users, *, allow\np, everyone, Query.*, *, deny',
  ],
  [
    'a rule that a wider one makes idle',
    'never-decides',
    'p, user:ann, Query.users, *, allow\np, authenticated, Query.*, *, allow',
  ],
];

const section = (name: string, lines: string): string => `[${name}]\n${lines}\n`;
const parts: Readonly<Record<string, string>> = {
  request_definition: 'r = sub, obj, act, ctx',
  policy_definition: 'p = sub, obj, act, eft, cond',
  role_definition: 'g = _, _\ng2 = _, _',
  policy_effect: 'e = some(where (p.eft == allow)) && !some(where (p.eft == deny))',
  matchers:
    'm = g(r.sub, p.sub) && (g2(r.obj, p.obj) || keyMatch(r.obj, p.obj)) && (p.act == "*" || r.act == p.act) && when(p.cond, p.eft, r.ctx)',
};

/** A model with some sections written otherwise; `null` leaves one out. */
export const modelWith = (changes: Readonly<Record<string, string | null>>): string =>
  Object.entries({ ...parts, ...changes })
    .map(([name, lines]) => (lines === null ? '' : section(name, lines)))
    .join('\n');

const matcher = (text: string): string => modelWith({ matchers: `m = ${text}` });
const rest = 'g(r.sub, p.sub) && g2(r.obj, p.obj) && r.act == p.act && when(p.cond, p.eft, r.ctx)';

/** Models that must be refused. */
export const modelExamples: readonly (readonly [title: string, code: FindingCode, model: string])[] = [
  ['a line outside of sections', 'model-syntax', `r = sub\n${modelWith({})}`],
  ['a section twice', 'model-syntax', `${modelWith({})}[matchers]\nm = x`],
  ['a key twice', 'model-syntax', modelWith({ role_definition: 'g = _, _\ng2 = _, _\ng = _, _' })],
  ['a section of its own', 'model-section', modelWith({ constraint_definition: 'c = x' })],
  ['no matcher', 'model-section', modelWith({ matchers: null })],
  ['no role definition', 'model-section', modelWith({ role_definition: null })],
  [
    'a second policy definition',
    'model-definition',
    modelWith({ policy_definition: 'p = sub, obj, act, eft, cond\np2 = sub, obj' }),
  ],
  ['a second matcher', 'model-definition', modelWith({ matchers: `${parts['matchers'] ?? ''}\nm2 = true` })],
  ['g without g2', 'model-definition', modelWith({ role_definition: 'g = _, _' })],
  ['g with a domain', 'model-definition', modelWith({ role_definition: 'g = _, _, _\ng2 = _, _' })],
  ['a missing column', 'model-definition', modelWith({ policy_definition: 'p = sub, obj, act, eft' })],
  [
    'columns in another order',
    'model-definition',
    modelWith({ request_definition: 'r = obj, sub, act, ctx' }),
  ],
  [
    'an effect of other spacing',
    'model-effect',
    modelWith({ policy_effect: 'e = some(where (p.eft==allow)) && !some(where (p.eft==deny))' }),
  ],
  [
    'allow-if-no-deny, which permits everything on an empty policy',
    'model-effect',
    modelWith({ policy_effect: 'e = !some(where (p.eft == deny))' }),
  ],
  ['allow-override', 'model-effect', modelWith({ policy_effect: 'e = some(where (p.eft == allow))' })],
  ['a matcher that is always true', 'model-matcher', matcher('true')],
  ['a matcher with a way around', 'model-matcher', matcher(`${rest} || r.sub == "group:superusers"`)],
  [
    'a matcher without conditions',
    'model-matcher',
    matcher('g(r.sub, p.sub) && g2(r.obj, p.obj) && r.act == p.act'),
  ],
  [
    'a matcher without subjects',
    'model-matcher',
    matcher('g2(r.obj, p.obj) && r.act == p.act && when(p.cond, p.eft, r.ctx)'),
  ],
  [
    'a matcher without objects',
    'model-matcher',
    matcher('g(r.sub, p.sub) && r.act == p.act && when(p.cond, p.eft, r.ctx)'),
  ],
  [
    'a matcher without actions',
    'model-matcher',
    matcher('g(r.sub, p.sub) && g2(r.obj, p.obj) && when(p.cond, p.eft, r.ctx)'),
  ],
  ['eval', 'model-matcher', matcher(`${rest} && eval(p.cond)`)],
  ['regexMatch', 'model-matcher', matcher(`${rest} && regexMatch(r.obj, p.obj)`)],
  ['keyMatch2, which some patterns hang', 'model-matcher', matcher(`${rest} && keyMatch2(r.obj, p.obj)`)],
  ['keyMatch of a pattern of its own', 'model-matcher', matcher(`${rest} && keyMatch(r.obj, "User*")`)],
  ['a swapped g', 'model-matcher', matcher(rest.replace('g(r.sub, p.sub)', 'g(p.sub, r.sub)'))],
  ['a member of the context', 'model-matcher', matcher(`${rest} && r.ctx.principal.id == "x"`)],
  ['columns of two kinds', 'model-matcher', matcher(`${rest} && r.sub == p.obj`)],
  ['a column compared with itself', 'model-matcher', matcher(`${rest} && r.sub == r.sub`)],
  [
    'conditions that count only sometimes',
    'model-matcher',
    matcher(`${rest} && (r.obj != p.obj || !when(p.cond, p.eft, r.ctx))`),
  ],
  ['a constructor', 'model-matcher', matcher(`${rest} && r.sub.constructor.constructor("return 1")()`)],
  ['a computed member', 'model-matcher', matcher(`${rest} && r["sub"] == p.sub`)],
  ['a lone &', 'model-matcher', matcher(rest.replace('&&', '&'))],
  ['nothing', 'model-matcher', matcher('')],
];
