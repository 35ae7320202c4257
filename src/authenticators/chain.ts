import { PortcullisError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Authenticator, Identification } from './authenticator.ts';
import type { Credentials } from './credentials.ts';
import { within } from './deadline.ts';
import { formRequest } from './request.ts';
import { attempt, type StrategyOutcome } from './seam.ts';

/** Which authenticator proved it, and whose account it is, as it was then. */
export interface Proof {
  readonly authenticator: Authenticator;
  readonly userId: string;
  readonly sessionEpoch: number;
}

export interface ChainNeeds {
  /** Milliseconds that one authenticator may take. */
  readonly deadlineMs: number;
  readonly log: Log;
}

interface Client {
  readonly address: string | null;
  readonly userAgent: string | null;
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
): Promise<Proof> {
  const said: string[] = [];
  for (const authenticator of chain) {
    const { name } = authenticator;
    const outcome = await attempt(authenticator.strategy, formRequest(credentials, client), needs);
    const identification = await identify(authenticator, outcome, credentials, needs.deadlineMs);
    if (identification.kind === 'account') {
      const { userId, sessionEpoch } = identification;
      return { authenticator, userId, sessionEpoch };
    }
    if (identification.kind === 'refused') throw refusal(`${name} refused: ${identification.reason}`);
    said.push(`${name}: ${identification.reason}`);
  }
  throw refusal(said.join('; '));
}

type Verdict =
  | { readonly kind: 'account'; readonly userId: string; readonly sessionEpoch: number }
  | Exclude<Identification, { kind: 'account' }>;

async function identify(
  authenticator: Authenticator,
  outcome: StrategyOutcome,
  credentials: Credentials,
  deadlineMs: number,
): Promise<Verdict> {
  if (outcome.kind === 'error') throw asFailure(authenticator, outcome.error, credentials);
  if (outcome.kind !== 'success') return { kind: 'none', reason: outcome.kind };
  try {
    return parseIdentification(
      await within(deadlineMs, 'identify', () => authenticator.identify(outcome.user)),
    );
  } catch (error) {
    throw asFailure(authenticator, error, credentials);
  }
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An authenticator may be somebody else's code: its answer is looked at like any input, and of a row only id and epoch are taken. */
function parseIdentification(given: Partial<Identification> | null | undefined): Verdict {
  if (given?.kind === 'account') {
    const id: unknown = given.user?.id;
    const sessionEpoch: unknown = given.user?.sessionEpoch;
    if (typeof id === 'string' && uuid.test(id) && typeof sessionEpoch === 'number') {
      return { kind: 'account', userId: id, sessionEpoch };
    }
  }
  if (given?.kind === 'none' || given?.kind === 'refused') {
    return { kind: given.kind, reason: given.reason ?? 'no reason given' };
  }
  throw new Error('identify answered something else');
}

/** A broken authenticator is a failed login, never a fault of the server; a busy or absent part of ours is said as such. */
function asFailure(authenticator: Authenticator, error: unknown, credentials: Credentials): PortcullisError {
  if (error instanceof PortcullisError && (error.code === 'BUSY' || error.code === 'UNAVAILABLE'))
    return error;
  const message = error instanceof Error ? error.message : 'no error given';
  return refusal(`${authenticator.name} failed: ${withoutSecrets(message, credentials)}`);
}

/** Foreign code may put what was typed into its errors. */
const withoutSecrets = (text: string, credentials: Credentials): string =>
  [...credentials.values()].reduce((safe, value) => safe.replaceAll(value, '[secret]'), text);
