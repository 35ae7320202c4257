import { originWithoutRequest, type Origin } from '../core/origin.ts';
import type { UserPrincipal } from '../core/principal.ts';
import type { RequestEnvironment } from '../policy/decision.ts';

/** Who asks for a change, and how much they can give away. */
export interface Actor {
  readonly origin: Origin;
  /** Nobody grants beyond themselves. `null` for what is not somebody's: the command line, the first start, claims. */
  readonly authority: Authority | null;
}

/** What an actor could do themselves, as of now: read anew when the change is made. */
export interface Authority {
  readonly principal: UserPrincipal;
  readonly environment: RequestEnvironment;
}

/** Whoever has the command line has the data: nothing is beyond them. */
export const operator: Actor = { origin: originWithoutRequest('operator'), authority: null };
