import { action, effect, object, user, usualPolicy } from './columns.ts';
import { anyEffect, type Draw, effects, type Kind, mostlyAllow, oneOf, rarely } from './kind.ts';

const person: Draw<unknown> = (random, { users }) => ({
  Name: random.pick(users),
  ...(random.chance(0.9) ? { Age: random.pick<unknown>([10, 18, 19, 30, 60, '20', null]) } : {}),
  ...(random.chance(0.7) ? { Doc: random.pick(['doc1', 'doc2', 'toString']) } : {}),
  Owner: random.pick(users),
});
const thing: Draw<unknown> = (random, { users }) =>
  random.pick([
    { Owner: random.pick(users), Docs: ['doc1'] },
    { Owner: random.pick(users), Docs: ['doc2', 'doc1'] },
    { Owner: random.pick(users), Docs: { doc2: 1 } },
    { Owner: null },
    {},
    'data1',
  ]);

const rules = oneOf(
  ...[
    'r.sub.Age > 18',
    'r.sub.Age < 60',
    'r.sub.Age > 18 && r.sub.Age < 60',
    "r.sub.Name == 'alice'",
    'true',
    '1 == 2',
  ],
  ...[
    'r.sub.Name == r.obj.Owner',
    'r.sub.Name != "bob"',
    'r.sub.Age >= 18 || r.sub.Name == "root"',
    'p.act == "read"',
  ],
  ...[
    "keyMatch(r.act, 'r*')",
    'r.sub.Doc.length == 4',
    '!(r.sub.Age > 18)',
    'r.sub.Age > 18',
    'r.sub.Age < 60',
  ],
);

/** What does not parse, throws, or is no boolean. */
const brokenRules = oneOf(
  ...['r.sub.Missing.x == 1', 'r.sub.Age >', 'nope', '', 'r.sub.constructor == 1', '0', "'x'"],
);

export const attributeKinds: readonly Kind[] = [
  {
    name: 'attributes alone',
    request: { sub: user, obj: thing, act: action },
    policy: usualPolicy,
    effect: oneOf(effects.allow, effects.both),
    matcher: oneOf(
      'r.sub == r.obj.Owner',
      'r.sub == r.obj.Owner && r.act == "read"',
      'r.obj.Owner == r.sub || r.sub == "root"',
    ),
  },
  {
    name: 'attributes and rows',
    request: { sub: person, obj: object, act: action },
    policy: { ...usualPolicy, eft: effect },
    effect: anyEffect,
    matcher: oneOf(
      'r.sub.Name == p.sub && r.obj == p.obj && r.act == p.act',
      'r.sub.Age > 18 && r.obj == p.obj && r.act == p.act',
      'r.obj == p.obj && r.act == p.act && (r.sub.Age > 18 || r.sub.Name == p.sub)',
      'r.sub.Age - 1 > 18 && r.sub.Name == p.sub && r.act == p.act',
    ),
  },
  {
    name: 'rules by eval',
    request: { sub: person, obj: oneOf<unknown>('/data1', '/data2', { Owner: 'alice' }), act: action },
    policy: {
      sub_rule: rarely(brokenRules, rules, 0.04),
      obj: oneOf('/data1', '/data2'),
      act: action,
      eft: effect,
    },
    effect: anyEffect,
    matcher: oneOf(
      'eval(p.sub_rule) && r.obj == p.obj && r.act == p.act',
      'r.obj == p.obj && r.act == p.act && eval(p.sub_rule)',
      'eval(p.sub_rule) && r.act == p.act',
    ),
  },
  {
    name: 'in',
    request: { sub: person, obj: thing, act: action },
    policy: { act: action, sub: user },
    effect: mostlyAllow,
    matcher: oneOf(
      'r.sub.Owner == r.obj.Owner && r.sub.Doc in (r.obj.Docs)',
      'r.sub.Doc in r.obj.Docs',
      'r.act == p.act && r.act in ("read", "write")',
      'r.act in ("read", "write") && r.act == p.act',
      'r.sub.Name == p.sub && p.act in ("read", "write")',
      'r.act in ("read", "write")',
    ),
  },
];
