import {
  Kind,
  print,
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type InlineFragmentNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * The document with fields beside each other that are one field in the answer made one: same key, name and arguments. Of
 * spreads and inline fragments the same. Fields of it can be merged exactly where the document's can (GraphQL
 * specification, section 5.3.2, which compares every two of them and looks at no directive), and there are fewer to compare.
 */
export const mergeSiblings = (document: DocumentNode): DocumentNode => ({
  ...document,
  definitions: document.definitions.map((definition): DefinitionNode =>
    definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION
      ? { ...definition, selectionSet: mergeSets([definition.selectionSet]) }
      : definition,
  ),
});

function mergeSets(sets: readonly [SelectionSetNode, ...SelectionSetNode[]]): SelectionSetNode {
  const same = new Map<string, [SelectionNode, ...SelectionNode[]]>();
  for (const { selections } of sets) {
    for (const selection of selections) {
      const key = keyOf(selection);
      const known = same.get(key);
      if (known === undefined) same.set(key, [selection]);
      else known.push(selection);
    }
  }
  return { ...sets[0], selections: [...same.values()].map(mergeSelections) };
}

/** Of selections with the same key. */
function mergeSelections(selections: readonly [SelectionNode, ...SelectionNode[]]): SelectionNode {
  const [first] = selections;
  if (first.kind === Kind.FRAGMENT_SPREAD) return first;
  const [set, ...sets] = selections.flatMap((selection) =>
    selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet !== undefined
      ? [selection.selectionSet]
      : [],
  );
  const merged: FieldNode | InlineFragmentNode =
    set === undefined ? first : { ...first, selectionSet: mergeSets([set, ...sets]) };
  return merged;
}

function keyOf(selection: SelectionNode): string {
  if (selection.kind === Kind.FRAGMENT_SPREAD) return `...${selection.name.value}`;
  if (selection.kind === Kind.INLINE_FRAGMENT) return `... on ${selection.typeCondition?.name.value ?? ''}`;
  const { alias, name, arguments: given = [] } = selection;
  return `${alias?.value ?? name.value}: ${name.value}(${given.map(print).join()})`;
}
