import type { PolicyEngine } from '../../policy/engine.ts';
import type { Identify } from '../identify.ts';
import type { Step } from '../state.ts';

export interface PrincipalNeeds {
  readonly policy: Pick<PolicyEngine, 'atEpoch'>;
  /** Names of the enabled authenticators. */
  readonly authenticators: ReadonlySet<string>;
  readonly identify: Identify;
}

/** Who the request acts as, and the one snapshot that decides it, at least as new as the grants its session was read with. */
export const principal =
  ({ policy, authenticators, identify }: PrincipalNeeds): Step =>
  async (ctx, next) => {
    const { session } = ctx.state;
    const made = session.loaded.session?.authenticator;
    // An authenticator that was taken out of the configuration takes its sessions along.
    if (made !== undefined && !authenticators.has(made)) await session.end();
    ctx.state.snapshot = await policy.atEpoch(session.loaded.policyEpoch);
    identify(ctx);
    await next();
  };
