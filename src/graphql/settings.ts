import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';

const limit = (fallback: number, meaning: string) => z.int().min(1).default(fallback).describe(meaning);

/** Section `graphql` of the configuration: what one operation may cost. */
export const graphqlSettings = z.strictObject({
  maxTokens: limit(1_000, 'Tokens of a document.'),
  maxDepth: limit(12, 'Selections within selections.'),
  maxAliases: limit(30, 'Aliased fields of an operation.'),
  maxDirectives: limit(50, 'Directives of an operation.'),
  maxCost: limit(5_000, 'Fields that an operation may resolve at most; a page counts its rows.'),
  timeout: z
    .string()
    .default('10s')
    .transform((text, context) => {
      const milliseconds = parseDuration(text);
      if (milliseconds === null) context.addIssue(`Write a length of time such as 10s or 1m, not "${text}".`);
      return milliseconds ?? 0;
    })
    .describe('How long an operation, or one event of a subscription, may take.'),
});

export type GraphqlSettings = z.output<typeof graphqlSettings>;
