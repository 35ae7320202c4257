import { expect, test } from '@jest/globals';
import { parse, print, visit, type DocumentNode, type SelectionNode } from 'graphql';
import { leanDocument } from '../../../src/graphql/guard/lean-document.ts';

const document = parse(`
  query Page($with: Boolean!) {
    a: books(first: 2) { ...Book ... on Book @skip(if: $with) { title } ... { id } }
    plain @include(if: $with)
  }
  subscription { news { title } }
  fragment Book on Book { id author { name } }
`);

/** The directives that stand at selections, and how many selections have an empty list of them. */
function directivesOf(of: DocumentNode): { readonly empty: number; readonly names: readonly string[] } {
  const lists: (readonly string[])[] = [];
  const note = ({ directives }: SelectionNode): void => {
    if (directives !== undefined) lists.push(directives.map(({ name }) => name.value));
  };
  visit(of, { Field: note, InlineFragment: note, FragmentSpread: note });
  return { empty: lists.filter((list) => list.length === 0).length, names: lists.flat() };
}

test('a lean document is the same text at the same places, without empty lists of directives', () => {
  const lean = leanDocument(document);
  expect(print(lean)).toBe(print(document));
  expect(directivesOf(lean)).toEqual({ empty: 0, names: ['skip', 'include'] });
  expect(directivesOf(document).empty).toBeGreaterThan(5);
  const bare = (of: DocumentNode): unknown =>
    JSON.parse(JSON.stringify(of, (key, value: unknown) => (key === 'directives' ? undefined : value)));
  expect(bare(lean)).toEqual(bare(document));
});
