/** A note. Immutable: a change makes a new one. */
export interface Note {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** The id of the account that wrote it. */
  readonly ownerId: string;
  /** Bare names of groups. */
  readonly sharedWith: readonly string[];
}

/** Where the notes are kept. */
export interface Notes {
  find(ids: readonly string[]): ReadonlyMap<string, Note>;
  /** A person's own and those shared with a group of theirs, newest first. */
  visibleTo(ownerId: string, groups: ReadonlySet<string>): readonly Note[];
  insert(note: Omit<Note, 'id'>): Note;
  update(id: string, change: Partial<Omit<Note, 'id'>>): Note | null;
  delete(id: string): void;
}

/** Keeps notes in memory, until the process ends: an application of yours has a database here. */
export function createNotes(): Notes {
  const notes = new Map<string, Note>();
  let last = 0;
  return {
    find: (ids) => new Map([...notes].filter(([id]) => ids.includes(id))),
    visibleTo: (ownerId, groups) =>
      [...notes.values()]
        .filter((note) => note.ownerId === ownerId || note.sharedWith.some((group) => groups.has(group)))
        .reverse(),
    insert(note) {
      last += 1;
      const inserted = { ...note, id: String(last) };
      notes.set(inserted.id, inserted);
      return inserted;
    },
    update(id, change) {
      const before = notes.get(id);
      if (before === undefined) return null;
      const after = { ...before, ...change };
      notes.set(id, after);
      return after;
    },
    delete(id) {
      notes.delete(id);
    },
  };
}
