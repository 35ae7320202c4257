import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { ask } from './asking.ts';
import { anonymous, openHouse, type House } from './house.ts';

let house: House;
let others: readonly string[];
beforeAll(async () => {
  house = await openHouse();
  // The house gave Ann and Bob one note of their own each, and one that is shared with the writers.
  for (let index = 0; index < 50; index += 1) {
    house.notes.insert({ title: `${index}`, text: 'secret', ownerId: house.people.bob.id, sharedWith: [] });
  }
  others = house.notes.visibleTo(house.people.bob.id, new Set()).map((note) => note.id);
});
afterAll(() => house.close());

const as = (name: keyof House['people'] | null, source: string, variables: Record<string, unknown> = {}) =>
  ask(house.schema, source, {
    state: house.as(name === null ? anonymous : house.people[name]),
    services: house.services,
    variables,
  });

const kept = () => JSON.stringify([...house.notes.find(others)]);

test('people see their own notes and those of their groups', async () => {
  const source = '{ notes { title author { username } sharedWith } }';
  const { data, errors } = await as('ann', source);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    notes: [
      { title: "ann's shared", author: { username: 'ann' }, sharedWith: ['writers'] },
      { title: "ann's own", author: { username: 'ann' }, sharedWith: [] },
    ],
  });
  const bob = await as('bob', '{ notes { title } }');
  expect(bob.data?.['notes']).toContainEqual({ title: "ann's shared" });
  expect(bob.data?.['notes']).not.toContainEqual({ title: "ann's own" });
  expect((await as(null, source)).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test('two changes of one note in one operation both stay', async () => {
  const made = await as('ann', 'mutation { createNote(input: { title: "old" }) { note { id } } }');
  const { id } = (made.data!['createNote'] as { note: { id: string } }).note;
  const change = `mutation ($id: ID!) {
    title: updateNote(input: { id: $id, title: "new" }) { note { id } }
    text: updateNote(input: { id: $id, text: "new" }) { note { title text } }
    deleteNote(input: { id: $id }) { note { title text } }
    again: deleteNote(input: { id: $id }) { note { title } }
  }`;
  const { data, errors } = await as('ann', change, { id });
  const both = { note: { title: 'new', text: 'new' } };
  expect(data).toMatchObject({ text: both, deleteNote: both, again: null });
  expect(errors).toMatchObject([{ path: ['again'], extensions: { code: 'FORBIDDEN' } }]);
});

test.each(['Not a group', 'group:writers', ''])(
  'a note is not shared with what can be no group, which would hide it from its readers: "%s"',
  async (group) => {
    const [shared] = (await as('ann', '{ notes { id title } }')).data!['notes'] as { id: string }[];
    const share =
      'mutation ($id: ID!, $group: String!) { shareNote(input: { id: $id, group: $group }) { note { id } } }';
    const { errors } = await as('ann', share, { id: shared!.id, group });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect((await as('bob', '{ notes { title } }')).data?.['notes']).toContainEqual({
      title: "ann's shared",
    });
  },
);

test('a person writes, changes, shares and throws away a note of theirs', async () => {
  const made = await as(
    'ann',
    'mutation { createNote(input: { title: "Plan" }) { note { id title text } } }',
  );
  const { note } = made.data!['createNote'] as { note: { id: string } };
  expect(note).toMatchObject({ title: 'Plan', text: '' });
  const id = note.id;
  const changed = await as(
    'ann',
    'mutation ($id: ID!) { updateNote(input: { id: $id, text: "Do it." }) { note { title text } } }',
    { id },
  );
  expect(changed.data).toEqual({ updateNote: { note: { title: 'Plan', text: 'Do it.' } } });
  expect((await as('bob', 'query ($id: ID!) { note(id: $id) { text } }', { id })).data).toEqual({
    note: null,
  });
  await as('ann', 'mutation ($id: ID!) { shareNote(input: { id: $id, group: "writers" }) { note { id } } }', {
    id,
  });
  expect((await as('bob', 'query ($id: ID!) { note(id: $id) { text } }', { id })).data).toEqual({
    note: { text: 'Do it.' },
  });
  const thrown = await as(
    'ann',
    'mutation ($id: ID!) { deleteNote(input: { id: $id }) { note { title } } }',
    { id },
  );
  expect(thrown.data).toEqual({ deleteNote: { note: { title: 'Plan' } } });
  expect(house.notes.find([id]).size).toBe(0);
});

test("C38: a person reaches none of another's notes, for all their ids, and changes none", async () => {
  const before = kept();
  const unshared = others.filter((id) => house.notes.find([id]).get(id)!.sharedWith.length === 0);
  expect(unshared).toHaveLength(51);
  const attempts = [
    'query ($id: ID!) { note(id: $id) { id title text author { username } } }',
    'mutation ($id: ID!) { updateNote(input: { id: $id, text: "mine" }) { note { id text } } }',
    'mutation ($id: ID!) { deleteNote(input: { id: $id }) { note { id text } } }',
    'mutation ($id: ID!) { shareNote(input: { id: $id, group: "writers" }) { note { id text } } }',
  ];
  for (const source of attempts) {
    const missing = await as('ann', source, { id: 'none' });
    expect(Object.values(missing.data!)).toEqual([null]);
    for (const id of unshared) expect(await as('ann', source, { id })).toEqual(missing);
  }
  expect(kept()).toBe(before);
});

test('C38: who may read a shared note may not change it', async () => {
  const shared = others.find((id) => house.notes.find([id]).get(id)!.sharedWith.length > 0)!;
  const before = kept();
  const writer = { ...house.people.ann, groups: ['group:writers' as const] };
  const asWriter = (source: string) =>
    ask(house.schema, source, {
      state: house.as(writer),
      services: house.services,
      variables: { id: shared },
    });
  expect((await asWriter('query ($id: ID!) { note(id: $id) { text } }')).data).toEqual({
    note: { text: 'open' },
  });
  const update = 'mutation ($id: ID!) { updateNote(input: { id: $id, text: "x" }) { note { id } } }';
  expect((await asWriter(update)).data).toEqual({ updateNote: null });
  expect(kept()).toBe(before);
});

test('no resolver of the example checks anything', async () => {
  const source = await readFile(new URL('../../examples/notes/resolvers.ts', import.meta.url), 'utf8');
  expect(source).not.toMatch(/FORBIDDEN|decisions|isOwner|throw (?!new PortcullisError\('UNAUTHENTICATED')/);
});
