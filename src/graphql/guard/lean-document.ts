import {
  Kind,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * The document as it is executed: the same nodes at the same places, without the empty lists of directives that the parser
 * puts at every selection. The executor looks for `@skip` and `@include` in them, twice for each selection of each operation.
 */
export const leanDocument = (document: DocumentNode): DocumentNode => ({
  ...document,
  definitions: document.definitions.map(leanDefinition),
});

const leanDefinition = (node: DefinitionNode): DefinitionNode =>
  node.kind === Kind.OPERATION_DEFINITION || node.kind === Kind.FRAGMENT_DEFINITION
    ? withDirectives({ ...node, selectionSet: leanSet(node.selectionSet) })
    : node;

const leanSet = (set: SelectionSetNode): SelectionSetNode => ({
  ...set,
  selections: set.selections.map(leanSelection),
});

function leanSelection(node: SelectionNode): SelectionNode {
  const lean = withDirectives(node);
  if (lean.kind === Kind.FRAGMENT_SPREAD || lean.selectionSet === undefined) return lean;
  return { ...lean, selectionSet: leanSet(lean.selectionSet) };
}

const withDirectives = <Node extends { readonly directives?: readonly DirectiveNode[] | undefined }>(
  node: Node,
): Node => (node.directives?.length === 0 ? { ...node, directives: undefined } : node);
