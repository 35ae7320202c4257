import { types } from 'node:util';
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { PortcullisError } from '../../core/errors.ts';
import { renderForeign, withoutSecrets } from '../without-secrets.ts';

/** The provider can't be asked, or answers what nobody can use: it proved nothing, and it may soon. */
export class ProviderUnreachable extends Error {
  override readonly name = 'ProviderUnreachable';
}

/** What came back proves nobody. The message is for the log alone. */
export class LoginUnproved extends Error {
  override readonly name = 'LoginUnproved';
}

/**
 * What went wrong, for the log alone. The library hangs responses, claims and the callback's query on its errors: of these
 * nothing is taken but its own sentences, a status, and the error that a provider names (RFC 6749, sections 4.1.2.1
 * and 5.2).
 */
export function describeFault(error: unknown): string {
  if (isProvidersError(error)) {
    const { error_description: description } = error;
    return `the provider says ${description === undefined ? error.error : `${error.error}, ${description}`}`;
  }
  if (!(error instanceof ClientError)) return reasonOf(error);
  const { cause } = error;
  if (cause instanceof ProviderUnreachable) return cause.message;
  if (cause instanceof Response) return `${error.message}: ${cause.status}`;
  return types.isNativeError(cause) ? `${error.message}: ${cause.message}` : error.message;
}

/** What an error says; of several at once (one for each address that was tried), the first. */
export function reasonOf(error: unknown): string {
  if (error instanceof ProviderUnreachable) return error.message;
  if (!types.isNativeError(error)) return 'no error given';
  const [first] =
    'errors' in error && Array.isArray(error.errors) ? (error.errors as readonly unknown[]) : [];
  return first === undefined ? error.message : reasonOf(first);
}

const isProvidersError = (error: unknown): error is AuthorizationResponseError | ResponseBodyError =>
  error instanceof AuthorizationResponseError || error instanceof ResponseBodyError;

/** Names by which a provider says that it is not about this person: RFC 6749, section 4.1.2.1. */
const troubles: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable']);

/** Whether it is worth trying again in a moment. */
function isTrouble(error: unknown): boolean {
  if (isProvidersError(error)) return troubles.has(error.error);
  if (!(error instanceof ClientError)) return error instanceof ProviderUnreachable;
  const { cause } = error;
  return cause instanceof ProviderUnreachable || (cause instanceof Response && cause.status >= 500);
}

/** Whether a signature was there and no key at hand made it: the sentence of the library's own error beneath. */
export const isWrongSignature = (error: unknown): boolean =>
  error instanceof ClientError &&
  error.cause instanceof Error &&
  error.cause.message === 'JWT signature verification failed';

/** The error that leaves the strategy. It has no cause, for the reason above. */
export function asOutcome(error: unknown, label: string, secrets: readonly string[]): Error {
  const text = renderForeign(withoutSecrets(describeFault(error), secrets));
  if (!isTrouble(error)) return new LoginUnproved(text);
  const message = `${label} does not answer. Try again in a moment, or log in another way.`;
  return new PortcullisError('UNAVAILABLE', { message, detail: text });
}
