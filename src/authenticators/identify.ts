import { PortcullisError, type ErrorCode } from '../core/errors.ts';
import type { Authenticator } from './authenticator.ts';
import { within } from './deadline.ts';
import { type Identified, parseIdentification } from './identification.ts';
import type { StrategyOutcome } from './seam.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface IdentifyNeeds {
  /** Milliseconds that it may take. */
  readonly deadlineMs: number;
  /** What the strategy was given: never told in an error. */
  readonly secrets: readonly string[];
  /** How a failure is refused: as any other failure of such a login. */
  readonly refusedAs: ErrorCode;
}

/**
 * Whose account, or which identity, a strategy's answer proves. Anything but a success is nobody.
 * @throws the error `refusedAs`, or BUSY or UNAVAILABLE where that is why there was no verdict
 */
export async function identify(
  authenticator: Authenticator,
  outcome: StrategyOutcome,
  { deadlineMs, secrets, refusedAs }: IdentifyNeeds,
): Promise<Identified> {
  const failed = (error: unknown): PortcullisError => asFailure(authenticator, error, secrets, refusedAs);
  if (outcome.kind === 'error') throw failed(outcome.error);
  try {
    if (outcome.kind !== 'success') {
      return { kind: 'none', reason: withoutSecrets(reasonOf(outcome), secrets) };
    }
    const identified = parseIdentification(
      await within(deadlineMs, 'identify', () => authenticator.identify(outcome.user)),
    );
    return 'reason' in identified
      ? { ...identified, reason: withoutSecrets(identified.reason, secrets) }
      : identified;
  } catch (error) {
    throw failed(error);
  }
}

/** Passport's strategies say in a challenge why they failed: a text, or an object with a message. */
function reasonOf(outcome: Exclude<StrategyOutcome, { kind: 'success' | 'error' }>): string {
  if (outcome.kind !== 'fail') return outcome.kind;
  const { challenge } = outcome;
  const said =
    typeof challenge === 'object' && challenge !== null && 'message' in challenge
      ? challenge.message
      : challenge;
  return typeof said === 'string' && said !== '' ? `fail: ${said}` : 'fail';
}

/** A broken authenticator is a failed login, never a fault of the server; a busy or absent part of ours is said as such. */
function asFailure(
  authenticator: Authenticator,
  error: unknown,
  secrets: readonly string[],
  refusedAs: ErrorCode,
): PortcullisError {
  if (error instanceof PortcullisError && (error.code === 'BUSY' || error.code === 'UNAVAILABLE'))
    return error;
  const message = error instanceof Error ? error.message : 'no error given';
  return new PortcullisError(refusedAs, {
    detail: `${authenticator.name} failed: ${withoutSecrets(message, secrets)}`,
  });
}
