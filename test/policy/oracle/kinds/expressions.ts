import type { Random } from '../random.ts';
import { effect, usualPolicy, usualRequest } from './columns.ts';
import { anyEffect, type Kind } from './kind.ts';

const rowAtoms = [
  ...[
    'r.sub == p.sub',
    'g(r.sub, p.sub)',
    'r.obj == p.obj',
    'r.act == p.act',
    'p.act == "*"',
    'r.sub != p.sub',
  ],
  ...[
    'g(r.sub, p.sub)',
    'r.obj == p.obj',
    'r.act == p.act',
    'keyMatch(r.obj, p.obj)',
    'p.sub == "admin"',
    '!(r.act == p.act)',
  ],
  ...[
    '!g(r.sub, p.sub)',
    'g(p.sub, r.sub)',
    'r.obj != p.obj',
    'p.obj == p.act',
    'r.sub + r.obj == p.sub + p.obj',
  ],
];
const requestAtoms = [
  ...[
    'r.sub == "root"',
    'r.act != "delete"',
    'g(r.sub, "admin")',
    'r.obj == r.sub',
    '1 == 1',
    'true',
    'false',
  ],
  ...[
    'r.obj.length > 4',
    'r.act + "s" == "reads"',
    '2 * 3 > 5',
    "r.sub == 'a b'",
    'r.sub < "b"',
    '"$$" == r.obj',
    '!r.sub',
  ],
];
/** Values that are no booleans: casbin takes numbers as effects, text as truth, and throws at anything else. */
const values = [
  '1',
  '0',
  '3',
  '2',
  '"yes"',
  '""',
  'r.sub',
  'p.sub',
  'nope(r.sub)',
  'r.sub.x',
  'null',
  '"a" + 1',
  '7',
];

function expression(random: Random, depth: number): string {
  const shape = depth === 0 ? random.below(4) : random.below(13);
  const part = (): string => expression(random, depth - 1);
  if (shape === 3) return random.pick(requestAtoms);
  if (shape < 3) return random.pick(rowAtoms);
  if (shape < 7) return `${part()} && ${part()}`;
  if (shape < 9) return `(${part()} || ${part()})`;
  if (shape === 9) return `${part()} || ${part()}`;
  if (shape === 10) return `!(${part()})`;
  if (shape === 11) return `(${part()} ? ${part()} : ${part()})`;
  return random.chance(0.3) ? random.pick(values) : `(${part()} && ${part()})`;
}

/** Matchers that nobody wrote: any nesting, whether it makes sense or not. */
export const expressionKinds: readonly Kind[] = [
  {
    name: 'any expression',
    request: usualRequest,
    policy: { ...usualPolicy, eft: effect },
    roles: { g: 2 },
    effect: anyEffect,
    matcher: (random) => expression(random, 1 + random.below(3)),
  },
  {
    name: 'any expression and a row',
    request: usualRequest,
    policy: { ...usualPolicy, eft: effect },
    roles: { g: 2 },
    effect: anyEffect,
    matcher: (random) => `${random.pick(['g(r.sub, p.sub)', 'r.sub == p.sub'])} && ${expression(random, 2)}`,
  },
  {
    name: 'any value',
    request: usualRequest,
    policy: { ...usualPolicy, eft: effect },
    roles: { g: 2 },
    effect: anyEffect,
    matcher: (random) => `${expression(random, 1)} && ${random.pick(values)}`,
  },
];
