/** A group of principals. */
export interface Group {
  /** Bare: `support`, not `group:support`. */
  readonly name: string;
}

const prefix = 'group:';

/** The groups among the subjects that somebody counts as, by name. */
export const groupsAmong = (subjects: Iterable<string>): readonly Group[] =>
  [...subjects]
    .filter((subject) => subject.startsWith(prefix))
    .map((subject) => ({ name: subject.slice(prefix.length) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
