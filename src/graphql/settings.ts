import { z } from 'zod';
import { durationSetting } from '../core/duration-setting.ts';

const limit = (fallback: number, meaning: string) => z.int().min(1).default(fallback).describe(meaning);

/** Section `graphql` of the configuration: what one operation may cost. */
export const graphqlSettings = z.strictObject({
  maxTokens: limit(1_000, 'Tokens of a document.'),
  maxDepth: limit(12, 'Selections within selections.'),
  maxAliases: limit(30, 'Aliased fields of an operation.'),
  maxDirectives: limit(50, 'Directives of an operation.'),
  maxCost: limit(5_000, 'Fields that an operation may resolve at most; a page counts its rows.'),
  timeout: durationSetting('10s', 'How long an operation, or one event of a subscription, may take.'),
});

export type GraphqlSettings = z.output<typeof graphqlSettings>;
