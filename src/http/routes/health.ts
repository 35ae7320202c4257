import type Router from '@koa/router';
import type { Log } from '../../core/log.ts';
import { createProbe } from '../../health/probe.ts';
import type { SessionLimits } from '../../store/contract/sessions.ts';
import type { HttpNeeds } from '../needs.ts';
import type { HttpContext, HttpState } from '../state.ts';
import { type GraphqlNeeds, stateOf } from './graphql.ts';

export interface HealthNeeds extends Pick<HttpNeeds, 'policy' | 'store' | 'sessions' | 'clock'> {
  readonly limits: SessionLimits;
  readonly log: Log;
  readonly draining: () => boolean;
  /** The session cookie's name: who has one may be somebody who is shown more. */
  readonly sessionName: string;
}

const path = '/readyz';

/** `/healthz`: the process answers. `/readyz`: it could answer a real request, and which policy would decide it. */
export function addHealth(router: Router, needs: HealthNeeds): void {
  const { policy, clock, log, draining, sessionName } = needs;
  const probe = createProbe({ ...needs, clock });

  router.get('/healthz', (ctx) => {
    ctx.body = { status: 'ok' };
  });

  router.get(path, async (ctx, next) => {
    if (draining()) {
      ctx.body = { status: 'draining' };
      ctx.status = 503;
      return;
    }
    const { database, sessions } = await probe();
    const failed = database.answers ? sessions : database;
    if (!failed.answers) {
      log.warn({ event: 'http.not-ready', err: failed.error }, 'The server is not ready.');
      ctx.body = { status: 'unavailable' };
      ctx.status = 503;
      return;
    }
    const { version, source } = policy.status();
    const ready = { status: 'ready', policy: { version, source } };
    ctx.body = ready;
    // On to the session and the policy, which say whether there is more to see.
    if (ctx.cookies.get(sessionName, { signed: false }) !== undefined) await next();
  });
}

/** Everything that there is to know, in one line: what it asks is decided field by field, like any other query. */
const query = /* GraphQL */ `
  {
    health {
      ready
      startedAt
      policy {
        version
        source
        loadedAt
        epoch
        refusal
      }
      database {
        kind
        answers
        latencyMs
        connections
        idle
        waiting
        most
      }
      sessions {
        kept
        answers
        latencyMs
      }
      audit {
        queued
        capacity
        lost
        failingSince
      }
      hashing {
        working
        waiting
        capacity
      }
    }
  }
`;

/** The second half of `/readyz`: for a session that the policy shows `Query.health`, the detail beside what all see. */
export function addHealthDetail(router: Router<HttpState>, needs: GraphqlNeeds): void {
  router.get(path, async (ctx) => {
    const { effect } = ctx.state.decisions.decide('Query.health', { args: {}, object: null });
    if (effect !== 'allow') return;
    const detail = await findDetail(ctx, needs);
    if (detail !== null) ctx.body = { ...(ctx.body as object), detail };
  });
}

async function findDetail(ctx: HttpContext, needs: GraphqlNeeds): Promise<unknown> {
  const { body } = await needs.graphql.respond({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query }),
    state: stateOf(ctx, needs),
  });
  if (typeof body !== 'string') return null;
  const { data } = JSON.parse(body) as { data?: { health?: unknown } | null };
  return data?.health ?? null;
}
