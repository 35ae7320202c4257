import type { Actor } from '../../accounts/actor.ts';
import { PortcullisError } from '../../core/errors.ts';
import type { RequestState } from '../context.ts';

/**
 * Whoever makes the request, as the one who asks for a change: they can't give away more than they have.
 * UNAUTHENTICATED for nobody, whom a careless policy may have let this far: what is changed is changed by somebody.
 */
export function actorOf({ principal, origin, environment }: RequestState): Actor {
  if (principal.kind !== 'user') throw new PortcullisError('UNAUTHENTICATED');
  return { origin, authority: { principal, environment } };
}
