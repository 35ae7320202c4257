import { defineModule, type Load, type Module } from 'portcullis';
import { noteFacts } from './facts.ts';
import { createNotes, type Notes } from './notes.ts';
import { noteResolvers, type NoteLoads } from './resolvers.ts';

interface NamesNote {
  readonly input: { readonly id: string };
}

const named = { on: 'Note', load: ({ input }: NamesNote, load: Load<NoteLoads>) => load.note(input.id) };

/** The types of `notes.graphql`, over notes kept somewhere. */
export const createNotesModule = (notes: Notes): Module<unknown> =>
  defineModule<unknown, NoteLoads>({
    name: 'notes',
    typeDefs: new URL('./notes.graphql', import.meta.url),
    facts: noteFacts,
    acts: {
      'Query.note': { on: 'Note', load: (args: { id: string }, load) => load.note(args.id) },
      'Mutation.updateNote': named,
      'Mutation.deleteNote': named,
      'Mutation.shareNote': named,
    },
    loaders: { note: (ids) => Promise.resolve(notes.find(ids)) },
    resolvers: noteResolvers(notes),
  });

/** What the demo serves. */
export const demoNotes = createNotes();
export const notes = createNotesModule(demoNotes);
