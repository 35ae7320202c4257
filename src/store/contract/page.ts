/** A page of a list, in order of username or name. `after` is the last one of the page before. */
export interface PageRequest<Key> {
  readonly after: Key | null;
  /** 1–1,000. */
  readonly limit: number;
}

/** The most that one `purge` deletes: a statement must end within its deadline, whatever has piled up. */
export const purgeBatch = 1_000;
