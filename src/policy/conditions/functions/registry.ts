import { aal } from './aal.ts';
import type { ConditionFunction } from './condition-function.ts';
import { fresh } from './fresh.ts';
import { hasAttribute } from './has-attribute.ts';
import { inGroup } from './in-group.ts';
import { inNetwork } from './in-network.ts';
import { self } from './self.ts';
import { via } from './via.ts';

/** Every function that a condition may call. */
export const conditionFunctions: ReadonlyMap<string, ConditionFunction> = new Map(
  [self, inGroup, hasAttribute, inNetwork, fresh, aal, via].map((registered) => [
    registered.name,
    registered,
  ]),
);

/** The functions as a Markdown table: the reference in `policies/README.md`. */
export const renderFunctionTable = (): string =>
  [
    '| call | what it answers |',
    '| --- | --- |',
    ...[...conditionFunctions.values()].map(
      ({ example, answers, stepUp }) =>
        `| \`${example}\` | ${answers}${stepUp ? ' A new login may make it true.' : ''} |`,
    ),
  ].join('\n');
