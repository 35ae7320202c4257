/** Three digits that count. */
export const three = (value: number): string =>
  value.toLocaleString('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });

export const whole = (value: number): string => Math.round(value).toLocaleString('en');

export const verdictOf = (value: number, most: number): string =>
  value <= most ? 'met' : `missed by ${three(value - most)}`;

/** A ratio may be as far from the truth as A/A is from 1: where that could turn the verdict, there is none. */
export function verdictOfRatio(ratio: number, again: number, most: number): string {
  const error = Math.max(again, 1 / again);
  const certain = ratio * error <= most || ratio / error > most;
  return certain ? verdictOf(ratio, most) : 'void';
}
