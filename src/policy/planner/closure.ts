const maskBits = 31;

/**
 * Whom somebody counts as, in numbers, ascending. It is asked far more often about what is not in it than about what is: a bit
 * for each number, modulo 64, tells that of most. Members are not private: a private one takes twice as long here.
 */
export class Closure {
  readonly ids: readonly number[];
  readonly even: number;
  readonly odd: number;

  constructor(ids: readonly number[]) {
    this.ids = ids;
    let [even, odd] = [0, 0];
    for (const id of ids) {
      if ((id & 32) === 0) even |= 1 << (id & maskBits);
      else odd |= 1 << (id & maskBits);
    }
    this.even = even;
    this.odd = odd;
  }

  has(id: number): boolean {
    // Either half, chosen without a branch: which one it is can't be foretold.
    const half = this.odd ^ ((this.even ^ this.odd) & (((id >>> 5) & 1) - 1));
    return ((half >>> (id & maskBits)) & 1) !== 0 && isIn(this.ids, id);
  }
}

/** Short lists are gone through, long ones halved. */
function isIn(ids: readonly number[], id: number): boolean {
  let low = 0;
  let high = ids.length;
  while (high - low > 16) {
    const middle = (low + high) >>> 1;
    if ((ids[middle] as number) <= id) low = middle;
    else high = middle;
  }
  for (let at = low; at < high; at += 1) if (ids[at] === id) return true;
  return false;
}
