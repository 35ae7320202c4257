/** Chance that can be repeated: the same seed throws the same (mulberry32). */
export interface Dice {
  /** A whole number from 0 to `below`, that one not included. */
  throw(below: number): number;
  one<T>(among: readonly T[]): T;
  some<T>(among: readonly T[], most: number): readonly T[];
  chance(of: number): boolean;
}

export function newDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const dice: Dice = {
    throw: (below) => Math.floor(next() * below),
    one: (among) => among[dice.throw(among.length)]!,
    some: (among, most) => among.filter(() => next() < most / among.length).slice(0, most),
    chance: (of) => next() < of,
  };
  return dice;
}
