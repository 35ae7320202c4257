import { showProvenance, type Rule } from '../../../policy/rule.ts';
import type { PolicySnapshot } from '../../../policy/snapshot.ts';
import { defineModule } from '../../module.ts';
import { pageOfList, type PageArguments } from '../../pagination.ts';
import type { CoreServices } from '../core-services.ts';

interface NumberedRule extends Rule {
  readonly number: number;
}

/** The policy, for those who look after it. */
export const policyModule = defineModule<CoreServices>({
  name: 'policy',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      policy: (_: unknown, _args: object, { snapshot }) => snapshot,
    },
    Policy: {
      loadedAt: (_: PolicySnapshot, _args: object, { services }) => services.policy.status().loadedAt,
      source: (_: PolicySnapshot, _args: object, { services }) =>
        services.policy.status().source === 'files' ? 'FILES' : 'LAST_GOOD',
      rules: ({ rows }: PolicySnapshot, args: PageArguments, { services }) =>
        pageOfList(
          services.cursors,
          args,
          rows.rules.map((rule, number): NumberedRule => ({ ...rule, number })),
          (rule) => String(rule.number),
        ),
    },
    PolicyRule: {
      effect: (rule: Rule) => rule.effect.toUpperCase(),
      source: (rule: Rule) => showProvenance(rule.provenance),
    },
  },
});
