import type { Note } from './notes.ts';

/** What a policy may know of a note: `self(r.ctx)` asks for the owner, `in_group(…)` for the groups. */
export const noteFacts = {
  Note: {
    owner: (note: Note) => note.ownerId,
    sharedWith: (note: Note) => note.sharedWith.map((group) => `group:${group}`),
  },
};
