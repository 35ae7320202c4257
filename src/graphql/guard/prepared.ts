import {
  getOperationAST,
  isObjectType,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { GuardRules } from './guard-rules.ts';
import { leanDocument } from './lean-document.ts';
import { outlineOf, outlineVariables, type Outline } from './outline.ts';
import { fragmentsOf, type Plan } from './plan.ts';

/** An operation of a document, and what of it is the same each time it runs. */
export interface Prepared {
  /** The document that is executed. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Plan['fragments'];
  /** The plan of an operation without variables, which is always the same; `null` where it has to be made each time. */
  readonly plan: PreparedPlan | null;
  /** The outline with these variables: found once for the same values of those that it depends on. */
  outlineFor(plan: Plan, rules: GuardRules): Outline;
}

/** An operation that may be looked at: its variables fit. */
export interface PreparedPlan extends Plan {
  readonly prepared: Prepared;
}

/** Prepared operations by document: they go when their document goes, so whoever keeps documents bounds them. */
export interface PreparedOperations {
  /** `null` where the document has no operation of that name, or several and none was named. */
  find(document: DocumentNode, name: string | null): Prepared | null;
}

/** Outlines of one operation: a client sends few values for `first`, an attacker many. */
const mostOutlines = 16;
const longestKey = 100;

export function createPreparedOperations(schema: GraphQLSchema): PreparedOperations {
  const known = new WeakMap<DocumentNode, PreparedDocument>();
  return {
    find(document, name) {
      let ofDocument = known.get(document);
      if (ofDocument === undefined) {
        ofDocument = { document: leanDocument(document), operations: new Map() };
        known.set(document, ofDocument);
      }
      const before = ofDocument.operations.get(name);
      if (before !== undefined) return before;
      const operation = getOperationAST(ofDocument.document, name);
      // Names of operations that are not there come from anybody.
      if (operation === null || operation === undefined) return null;
      const prepared = prepare(schema, ofDocument.document, operation);
      ofDocument.operations.set(name, prepared);
      return prepared;
    },
  };
}

/** One document for all of its operations: so many may share so many fragments. */
interface PreparedDocument {
  readonly document: DocumentNode;
  readonly operations: Map<string | null, Prepared>;
}

function prepare(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Prepared {
  const fragments = fragmentsOf(document);
  const depends = outlineVariables(document, operation);
  const outlines = new Map<string, Outline>();
  let plan: PreparedPlan | null = null;
  const prepared: Prepared = {
    document,
    operation,
    fragments,
    get plan() {
      return plan;
    },
    outlineFor(asked, rules) {
      const key = depends.length === 0 ? '' : keyOf(depends, asked.variables);
      const known = outlines.get(key);
      if (known !== undefined) return known;
      const outline = outlineOf(asked, rules);
      if (outlines.size >= mostOutlines) outlines.clear();
      if (key.length <= longestKey) outlines.set(key, outline);
      return outline;
    },
  };
  const hasVariables = (operation.variableDefinitions ?? []).length > 0;
  if (!hasVariables && isObjectType(schema.getRootType(operation.operation)))
    plan = { schema, operation, fragments, variables: {}, prepared };
  return prepared;
}

/** One that was left out is another value than null: then the default of the argument counts. */
const keyOf = (names: readonly string[], variables: Plan['variables']): string =>
  JSON.stringify(names.map((name) => (Object.hasOwn(variables, name) ? [variables[name]] : [])));
