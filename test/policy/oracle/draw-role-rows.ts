import type { Kind } from './kinds/kind.ts';
import type { Row } from './policy-case.ts';
import type { Random } from './random.ts';
import type { Words } from './words.ts';
import { writeRow } from './write-row.ts';

type Pair = readonly [member: string, role: string];

/** As long as stock casbin follows (ten steps), and longer; it ends in a name that rows may be about. */
function chain(random: Random, low: string, high: string): readonly Pair[] {
  const steps = random.pick([9, 10, 10, 11, 11, 11, 12, 13]);
  const name = (step: number): string => (step === 0 ? low : step === steps ? high : `link${step}`);
  return Array.from({ length: steps }, (_, step) => [name(step), name(step + 1)] as const);
}

/** Some names under others. Few rows for each: stock casbin goes through every path. */
function pairs(random: Random, low: readonly string[], high: readonly string[]): readonly Pair[] {
  const all = [...low, ...high];
  const upwards = (): Pair => {
    const at = random.below(all.length);
    const above = at + 1 + random.below(Math.max(1, all.length - at - 1));
    return [all[at]!, all[Math.min(above, all.length - 1)]!];
  };
  const [bottom, left, top] = [random.pick(low), random.pick(high), random.pick(high)];
  const shapes: readonly (readonly [share: number, rows: readonly Pair[]])[] = [
    [0.25, chain(random, bottom, top)],
    [
      0.1,
      [
        [bottom, left],
        [left, top],
        [top, bottom],
      ],
    ], // A circle.
    [
      0.1,
      [
        [bottom, left],
        [bottom, 'other'],
        [left, top],
        ['other', top],
      ],
    ], // A diamond.
    [
      0.05,
      [
        [top, top],
        [top, bottom],
      ],
    ],
  ];
  const shaped = shapes.flatMap(([share, rows]) => (random.chance(share) ? rows : []));
  return [...shaped, ...Array.from({ length: random.below(7) }, upwards)];
}

/** The rows of `g` and `g2`, with the column of a domain where they have one. */
export function drawRoleRows(kind: Kind, random: Random, words: Words, odd: boolean): readonly Row[] {
  return Object.entries(kind.roles ?? {}).flatMap(([name, size]) => {
    const drawn =
      name === 'g' ? pairs(random, words.users, words.roles) : pairs(random, words.objects, words.groups);
    const domain = random.pick(words.domains);
    return drawn.map((pair) => {
      const inDomain = size === 3 ? [random.chance(0.7) ? domain : random.pick(words.domains)] : [];
      const columns = [name, ...pair, ...inDomain];
      const fate = odd ? random.below(25) : -1;
      if (fate === 0) columns.pop();
      if (fate === 1) columns.push('surplus');
      return writeRow(random, columns, odd);
    });
  });
}
