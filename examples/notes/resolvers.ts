import { PortcullisError, type Context } from 'portcullis';
import type { Note, Notes } from './notes.ts';

/** What is loaded by id: notes by this module, users by the core's. */
export interface NoteLoads {
  readonly note: Note;
  readonly user: unknown;
}

type NoteContext = Context<unknown, NoteLoads>;

/** No resolver checks anything: the guard has asked the policy before one runs, and hands over what it acts on. */
export const noteResolvers = (notes: Notes) => ({
  Query: {
    notes: (_: unknown, _args: object, { principal, snapshot }: NoteContext) =>
      principal.kind === 'user'
        ? notes.visibleTo(principal.id, groupNames(snapshot.subjectsOf(principal)))
        : [],
    note: (note: Note) => note,
  },
  Note: {
    author: (note: Note, _args: object, { load }: NoteContext) => load.user(note.ownerId),
  },
  Mutation: {
    createNote: (
      _: unknown,
      { input }: { input: Pick<Note, 'title' | 'text'> },
      { principal }: NoteContext,
    ) => {
      // Not a check of who may write: somebody must be the author.
      if (principal.kind !== 'user')
        throw new PortcullisError('UNAUTHENTICATED', { message: 'A note needs an author.' });
      return {
        note: notes.insert({ title: input.title, text: input.text, ownerId: principal.id, sharedWith: [] }),
      };
    },
    updateNote: (note: Note, { input }: { input: { title?: string | null; text?: string | null } }) => ({
      note: notes.update(note.id, { title: input.title ?? note.title, text: input.text ?? note.text }),
    }),
    deleteNote: (note: Note) => {
      notes.delete(note.id);
      return { note };
    },
    shareNote: (note: Note, { input }: { input: { group: string } }) => ({
      note: notes.share(note.id, input.group),
    }),
  },
});

const groupNames = (subjects: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(
    [...subjects]
      .filter((subject) => subject.startsWith('group:'))
      .map((subject) => subject.slice('group:'.length)),
  );
