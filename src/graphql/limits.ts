import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import {
  GraphQLError,
  OverlappingFieldsCanBeMergedRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type Source,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { mergeSiblings } from './merge-siblings.ts';
import type { GraphqlSettings } from './settings.ts';

export type DocumentLimits = Pick<GraphqlSettings, 'maxTokens' | 'maxDepth' | 'maxAliases' | 'maxDirectives'>;

/** Parses a document; one of too many tokens is a syntax error before it is read to its end. */
export const parseWithin = (limits: DocumentLimits, source: string | Source): DocumentNode =>
  parse(source, { maxTokens: limits.maxTokens });

/** What takes time that grows with the square of how often fields are repeated goes over them once they are one. */
const otherRules = specifiedRules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);

/** Faults of a document after which nobody looks for more: each is worded, with what could have been meant. */
const maxErrors = 20;

/**
 * Validates a document. The limits come first and alone: some of the specification's rules take time that grows with the
 * square of what the limits keep small.
 */
export function validateWithin(
  limits: DocumentLimits,
  schema: GraphQLSchema,
  document: DocumentNode,
  options: { readonly suggestions: boolean },
): readonly GraphQLError[] {
  const hideSuggestions = !options.suggestions;
  const steps = [
    () => validate(schema, document, limitRules(limits)),
    () => validate(schema, document, otherRules, { maxErrors, hideSuggestions }),
    () => validate(schema, mergeSiblings(document), [OverlappingFieldsCanBeMergedRule], { maxErrors }),
  ];
  for (const step of steps) {
    const errors = step();
    if (errors.length > 0) return errors;
  }
  return [];
}

const limitRules = ({ maxDepth, maxAliases, maxDirectives }: DocumentLimits): readonly ValidationRule[] => [
  maxDepthRule({ n: maxDepth, flattenFragments: true, ...reported(`more than ${maxDepth} levels`) }),
  maxAliasesRule({ n: maxAliases, allowList: [], ...reported(`more than ${maxAliases} aliases`) }),
  maxDirectivesRule({ n: maxDirectives, ...reported(`more than ${maxDirectives} directives`) }),
];

/** The rules would throw; reported instead, an excess is an error of validation like others. */
const reported = (excess: string) => ({
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null): void =>
      context?.reportError(
        new GraphQLError(`The operation has ${excess}. Ask for less at once.`, {
          extensions: { code: 'BAD_USER_INPUT' },
        }),
      ),
  ],
});
