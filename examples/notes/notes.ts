import { isGroupName, PortcullisError } from 'portcullis';

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
  /** BAD_USER_INPUT where no group can have that name: as a fact it would make every rule about groups fail. */
  share(id: string, group: string): Note | null;
  delete(id: string): void;
}

/** Keeps notes in memory, until the process ends: an application of yours has a database here. */
export function createNotes(): Notes {
  const notes = new Map<string, Note>();
  let last = 0;
  const update: Notes['update'] = (id, change) => {
    const before = notes.get(id);
    if (before === undefined) return null;
    const after = { ...before, ...change };
    notes.set(id, after);
    return after;
  };
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
    update,
    share(id, group) {
      if (!isGroupName(group))
        throw new PortcullisError('BAD_USER_INPUT', { message: 'No group can be called that.' });
      const { sharedWith = [] } = notes.get(id) ?? {};
      return update(id, { sharedWith: [...new Set([...sharedWith, group])] });
    },
    delete(id) {
      notes.delete(id);
    },
  };
}
