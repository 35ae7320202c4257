import { PortcullisError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Authenticator } from './authenticator.ts';
import type { Credentials } from './credentials.ts';
import { identify } from './identify.ts';
import { type Client, formRequest } from './request.ts';
import { attempt } from './seam.ts';

/** Which authenticator proved it, and whose account it is, as it was then. */
export interface ChainProof {
  readonly authenticator: Authenticator;
  readonly userId: string;
  readonly sessionEpoch: number;
}

export interface ChainNeeds {
  /** Milliseconds that one authenticator may take. */
  readonly deadlineMs: number;
  readonly log: Log;
}

const refusal = (detail: string): PortcullisError => new PortcullisError('BAD_CREDENTIALS', { detail });

/**
 * Asks each authenticator in order until one proves an account. It goes on only past one that said no to these
 * credentials: a hard no ends it, and so does an error, because whoever failed might have meant a hard no.
 *
 * Rejects with BAD_CREDENTIALS, or BUSY or UNAVAILABLE where that is why there was no verdict; why, in `detail`.
 */
export async function runChain(
  chain: readonly Authenticator[],
  credentials: Credentials,
  client: Client,
  needs: ChainNeeds,
): Promise<ChainProof> {
  const said: string[] = [];
  for (const authenticator of chain) {
    const { name } = authenticator;
    const outcome = await attempt(authenticator.strategy, formRequest(credentials, client), needs);
    const identified = await identify(authenticator, outcome, {
      ...needs,
      secrets: [...credentials.values()],
      refusedAs: 'BAD_CREDENTIALS',
    });
    if (identified.kind === 'account') {
      const { userId, sessionEpoch } = identified;
      return { authenticator, userId, sessionEpoch };
    }
    // Somebody elsewhere vouches for an identity, and nobody elsewhere was asked.
    if (identified.kind === 'identity') throw refusal(`${name} failed: identify answered something else`);
    if (identified.kind === 'refused') throw refusal(`${name} refused: ${identified.reason}`);
    said.push(`${name}: ${identified.reason}`);
  }
  throw refusal(said.join('; '));
}
