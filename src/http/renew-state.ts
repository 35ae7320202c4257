import { originAs } from '../core/origin.ts';
import type { RequestState } from '../graphql/context.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import { identifyAs, type IdentifyNeeds, principalOf } from './identify.ts';
import type { HttpContext } from './state.ts';

export interface RenewNeeds extends IdentifyNeeds {
  readonly policy: Pick<PolicyEngine, 'atEpoch'>;
}

/** The state of a request that goes on, as of now; `null` where the session that it came with has ended. */
export async function renewState(
  ctx: HttpContext,
  state: RequestState,
  needs: RenewNeeds,
): Promise<RequestState | null> {
  const { session, address } = ctx.state;
  const loaded = await session.reload();
  if (session.loaded.session !== null && loaded.session === null) return null;
  const snapshot = await needs.policy.atEpoch(loaded.policyEpoch);
  const identified = identifyAs(principalOf(loaded), snapshot, address, needs);
  return {
    ...identified,
    requestId: state.requestId,
    origin: { ...originAs(state.origin, identified.principal), policyVersion: snapshot.version },
    sessionId: loaded.session?.publicId ?? null,
    actions: state.actions,
    renew: () => renewState(ctx, state, needs),
  };
}
