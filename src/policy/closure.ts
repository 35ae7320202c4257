/** From a name to the names directly above it: a member to its groups, a coordinate to its permissions. */
export type Links = ReadonlyMap<string, readonly string[]>;

/** What a climb reached: each name with the one it was reached from, `null` for the name it began with. */
export type Climb = ReadonlyMap<string, string | null>;

export function linksOf(pairs: Iterable<readonly [member: string, above: string]>): Links {
  const links = new Map<string, string[]>();
  for (const [member, above] of pairs) {
    const known = links.get(member);
    if (known === undefined) links.set(member, [above]);
    else known.push(above);
  }
  return links;
}

/**
 * Everything above `start`, itself included, nearest first. `first` are links of `start` that the index does not hold:
 * a user's memberships. Every name is reached once, so a circle ends.
 */
export function climb(start: string, links: Links, first: readonly string[] = []): Climb {
  const reached = new Map<string, string | null>([[start, null]]);
  for (const name of reached.keys()) {
    for (const above of [...(name === start ? first : []), ...(links.get(name) ?? [])]) {
      if (!reached.has(above)) reached.set(above, name);
    }
  }
  return reached;
}

/** The chain from the beginning of the climb to `name`: `['user:ann', 'group:support', 'group:lead']`. */
export function chainTo(name: string, reached: Climb): readonly string[] {
  const below = reached.get(name);
  return typeof below === 'string' ? [...chainTo(below, reached), name] : [name];
}
