import type { Row } from './policy-case.ts';
import type { Random } from './random.ts';

/** A row as a line of CSV: quoted where it must be, blanks around its columns where it is odd. */
export function writeRow(random: Random, columns: readonly string[], odd: boolean): Row {
  const separator = odd && random.chance(0.3) ? random.pick([',', ' , ', ',\t', ',  ']) : ', ';
  const end = odd && random.chance(0.1) ? random.pick([' ', '\t', '\u00a0']) : '';
  return { text: `${columns.map(writeColumn).join(separator)}${end}`, columns };
}

const writeColumn = (value: string): string =>
  /[",]|^\s|\s$/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
