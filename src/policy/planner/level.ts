/** More children than these are looked up in a map; fewer are gone through faster. */
const few = 8;

/** Children by number, ascending. Immutable once the index is built: `with` makes another. */
export class Level<Child> {
  readonly ids: number[] = [];
  readonly children: Child[] = [];
  #byId: Map<number, Child> | null = null;

  find(id: number): Child | undefined {
    if (this.#byId !== null) return this.#byId.get(id);
    const { ids } = this;
    for (let at = 0; at < ids.length; at += 1) if (ids[at] === id) return this.children[at];
    return undefined;
  }

  /** While it is built. Numbers that grow are put fastest. */
  put(id: number, child: Child): void {
    const { ids, children } = this;
    const place = this.#placeOf(id);
    if (ids[place] === id) children[place] = child;
    else if (place === ids.length) {
      ids.push(id);
      children.push(child);
    } else {
      ids.splice(place, 0, id);
      children.splice(place, 0, child);
    }
    if (this.#byId !== null) this.#byId.set(id, child);
    else if (ids.length > few) this.#byId = new Map(ids.map((known, at) => [known, children[at] as Child]));
  }

  with(id: number, child: Child): Level<Child> {
    const copy = new Level<Child>();
    for (const [at, known] of this.ids.entries()) copy.put(known, this.children[at] as Child);
    copy.put(id, child);
    return copy;
  }

  /** Where it stands, or would. */
  #placeOf(id: number): number {
    const { ids } = this;
    if (ids.length === 0 || id > (ids[ids.length - 1] ?? 0)) return ids.length;
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ids[middle] ?? 0) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Lists of so different lengths are not gone through together: the members of the shorter one are looked up. */
const muchLonger = 8;

/** Visits the children whose numbers are in the list, which is ascending. */
export function visitCommon<Child>(
  level: Level<Child>,
  wanted: readonly number[],
  visit: (child: Child) => void,
): void {
  const { ids, children } = level;
  if (ids.length > wanted.length * muchLonger) {
    for (let at = 0; at < wanted.length; at += 1) {
      const child = level.find(wanted[at] ?? 0);
      if (child !== undefined) visit(child);
    }
    return;
  }
  let [own, other] = [0, 0];
  while (own < ids.length && other < wanted.length) {
    const [a, b] = [ids[own] ?? 0, wanted[other] ?? 0];
    if (a === b) visit(children[own] as Child);
    if (a <= b) own += 1;
    if (b <= a) other += 1;
  }
}
