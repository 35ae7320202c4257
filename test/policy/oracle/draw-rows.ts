import type { Kind } from './kinds/kind.ts';
import type { Row } from './policy-case.ts';
import type { Random } from './random.ts';
import { drawRoleRows } from './draw-role-rows.ts';
import type { Words } from './words.ts';
import { writeRow } from './write-row.ts';

/** Lines that casbin skips, takes as something else, or reads in its own way. */
const strayLines = [
  ...[
    '',
    '   ',
    '# p, alice, data1, read',
    '  # indented',
    'P, alice, data1, read',
    'p2, alice, data1, read',
    'p3, x',
  ],
  ...[
    'p',
    'g',
    'p,',
    'g, alice',
    'g2, data1',
    'x, alice',
    '"p", alice, data1, read',
    'p, alice, "data1", "read"',
    'policy',
  ],
  ...[
    'p, "alice" , data1, read',
    'p, ali"ce, data1, read',
    'p,alice,data1,read,',
    'p, f(alice, bob), data1, read',
    'g, alice, admin, d1, d2',
  ],
];
/** Lines at which casbin refuses the whole policy. */
const brokenLines = ['p, (alice, data1, read', 'p, "alice, data1, read', 'p, alice), data1, read'];

/** A row of the policy's own columns; of an odd one too few, too many, or blanks around. */
function drawPolicyRow(kind: Kind, random: Random, words: Words, odd: boolean): Row {
  const columns = Object.values(kind.policy).map((draw) => draw(random, words));
  const fate = odd ? random.below(25) : -1;
  if (fate === 0) columns.splice(random.below(columns.length), columns.length);
  if (fate === 1) columns.pop();
  if (fate === 2) columns.push(random.pick(['allow', 'deny', 'surplus']));
  return writeRow(random, ['p', ...columns], odd);
}

/** Nought to forty rows, in the order in which they stand in the file: roles among the others, or behind. */
export function drawRows(kind: Kind, random: Random, words: Words): readonly Row[] {
  const odd = random.chance(0.4);
  const count = random.pick([0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 28]);
  const policy = Array.from({ length: count }, () => drawPolicyRow(kind, random, words, odd));
  const again = policy.length > 0 && random.chance(0.2) ? [random.pick(policy)] : [];
  const stray = odd && random.chance(0.5) ? [strayRow(random.pick(strayLines))] : [];
  const broken = odd && random.chance(0.02) ? [strayRow(random.pick(brokenLines))] : [];
  const roles = drawRoleRows(kind, random, words, odd);
  const rows = [...policy, ...again, ...roles, ...stray, ...broken];
  return random.chance(0.7) ? rows : shuffled(rows, random);
}

const strayRow = (text: string): Row => ({ text, columns: [] });

function shuffled(rows: readonly Row[], random: Random): readonly Row[] {
  const mixed = [...rows];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}
