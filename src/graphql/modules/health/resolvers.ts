import type { HealthReport } from '../../../health/health.ts';
import type { Answer } from '../../../health/probe.ts';
import { showFinding } from '../../../policy/finding.ts';
import { defineModule } from '../../module.ts';
import type { CoreServices } from '../core-services.ts';

const latencyOf = (answer: Answer): number | null =>
  answer.answers ? Math.round(answer.latencyMs * 10) / 10 : null;

/** How the server is, for those who look after it. */
export const healthModule = defineModule<CoreServices>({
  name: 'health',
  typeDefs: new URL('./schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      health: (_: unknown, _args: object, { services }) => services.health.check(),
    },
    PolicyHealth: {
      source: ({ source }: HealthReport['policy']) => (source === 'files' ? 'FILES' : 'LAST_GOOD'),
      refusal: ({ refusal }: HealthReport['policy']) => refusal.map(showFinding),
    },
    DatabaseHealth: {
      latencyMs: latencyOf,
      connections: ({ pool }: HealthReport['database']) => pool.open,
      idle: ({ pool }: HealthReport['database']) => pool.idle,
      waiting: ({ pool }: HealthReport['database']) => pool.waiting,
      most: ({ pool }: HealthReport['database']) => pool.most,
    },
    SessionStoreHealth: {
      latencyMs: latencyOf,
    },
  },
});
