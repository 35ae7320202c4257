import type { PolicyEngine } from '../policy/engine.ts';
import type { PolicySnapshot } from '../policy/snapshot.ts';

interface Counted {
  /** What a snapshot has counted until now, number by number. */
  readonly read: (snapshot: PolicySnapshot) => readonly number[];
  /** Takes what came to each number since the last time. */
  readonly add: (more: readonly number[]) => void;
}

/** Adds up what snapshots count, over all that decide one after the other: whenever what it returns is called. */
export function countOverSnapshots(
  policy: Pick<PolicyEngine, 'current' | 'onChange'>,
  { read, add }: Counted,
): () => void {
  /** Snapshots that still decide something, newest last, with what was counted of each. */
  let watched: { readonly snapshot: PolicySnapshot; counted: readonly number[] }[] = [];
  const take = (): void => {
    for (const each of watched) {
      const found = read(each.snapshot);
      add(found.map((count, at) => count - (each.counted[at] ?? 0)));
      each.counted = found;
    }
  };
  const follow = (): void => {
    take();
    const snapshot = policy.current();
    if (watched.at(-1)?.snapshot === snapshot) return;
    // Requests that began with the one before may still be at work with it; none is with the one before that.
    watched = [...watched.slice(-1), { snapshot, counted: [] }];
  };
  follow();
  policy.onChange(follow);
  return take;
}
