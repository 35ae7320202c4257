import type { Random } from './random.ts';

/** The names of one policy and its requests: few, so that they collide often. */
export interface Words {
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly objects: readonly string[];
  readonly groups: readonly string[];
  readonly actions: readonly string[];
  readonly domains: readonly string[];
}

/** Names that an index by plain objects, a CSV reader, or a strict comparison gets wrong. */
export const oddNames: readonly string[] = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', 'length'],
  ...['', '1', '01', '0', '1e0', 'true', 'null', 'undefined', 'NaN', '[object Object]', '-'],
  ...[
    'a b',
    'a,b',
    'b,c',
    'a',
    'b',
    'c',
    'say "hi"',
    '"',
    "it's",
    '(x)',
    'f(a, b)',
    '[x]',
    '{x}',
    'x#y',
    ';',
  ],
  ...[
    'é',
    'e\u0301',
    '日本',
    '\u200b',
    '😀',
    'ALICE',
    'Alice',
    '$&',
    '$',
    '$$',
    '$1',
    '\\',
    'r.sub',
    'p.sub',
    '*',
    '.*',
  ],
  ...['allow', 'deny', 'casbin::default', 'p', 'g', '::', 'alice,bob'],
];

const users = ['alice', 'bob', 'carol', 'root', 'dave'];
const roles = ['admin', 'editor', 'viewer', 'staff', 'alice'];

export const plainWords: Words = {
  users: users.slice(0, 4),
  roles: roles.slice(0, 3),
  objects: ['data1', 'data2', 'data3'],
  groups: ['files', 'archive'],
  actions: ['read', 'write', 'delete'],
  domains: ['d1', 'd2', '*'],
};

/** Names that read alike when they are joined by commas: stock casbin remembers what `g` said by such a text. */
export const joinedAlike: Words = {
  users: ['a', 'a,b'],
  roles: ['b', 'b,c'],
  objects: ['data1', 'b,c'],
  groups: ['c', 'a,b,c'],
  actions: ['read', 'read,write'],
  domains: ['d', 'c,d'],
};

/** Names that numbers and booleans equal, since casbin's `==` is loose. */
const looselyEqual: Words = {
  users: ['1', '01', '0', ''],
  roles: ['1', 'true', '-1'],
  objects: ['0', '1', 'read'],
  groups: ['', 'null'],
  actions: ['1', '1.0', 'read'],
  domains: ['0', '1', 'undefined'],
};

/** Plain names in most policies; in the others each list may have odd ones too, and lists may share them. */
export function drawWords(random: Random): Words {
  const kind = random.below(100);
  if (kind < 4) return joinedAlike;
  if (kind < 8) return looselyEqual;
  if (kind < 54) return plainWords;
  const shared = random.pick(oddNames);
  const drawn = (plain: readonly string[]): readonly string[] => [
    ...plain.slice(0, 2 + random.below(plain.length - 1)),
    ...(random.chance(0.5) ? [random.pick(oddNames)] : []),
    ...(random.chance(0.3) ? [shared] : []),
  ];
  return {
    users: drawn(users),
    roles: drawn(roles),
    objects: drawn(plainWords.objects),
    groups: drawn(plainWords.groups),
    actions: drawn(plainWords.actions),
    domains: drawn(plainWords.domains),
  };
}
