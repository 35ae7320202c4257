import type { Started } from 'portcullis';
import { demoNotes } from './module.ts';

const written = [
  { by: 'ann', title: 'Groceries', text: 'Apples, bread, coffee.', sharedWith: [] },
  { by: 'ann', title: 'Chapter one', text: 'It was a bright cold day.', sharedWith: ['writers'] },
  { by: 'ben', title: 'Present for Ann', text: 'A fountain pen.', sharedWith: [] },
  { by: 'ben', title: 'Style', text: 'Omit needless words.', sharedWith: ['writers'] },
  { by: 'cleo', title: 'Call back', text: 'Ben, about his invoice.', sharedWith: ['support'] },
] as const;

/** Gives the demo's people a few notes. They must be there already. */
export const seedNotes: Started = async ({ accounts }) => {
  for (const { by, title, text, sharedWith } of written) {
    const { id: ownerId } = await accounts.byUsername(by);
    demoNotes.insert({ title, text, ownerId, sharedWith });
  }
};
