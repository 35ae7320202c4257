import type { Door } from '../authenticators/login.ts';
import { errorCatalogue, type PortcullisError } from '../core/errors.ts';
import type { ObserverNeeds } from './observe.ts';
import type { ActiveSpan } from './tracing.ts';

interface Result {
  readonly kind: 'logged-in' | 'linked' | 'redirect' | 'refused';
  readonly error?: PortcullisError;
  readonly authentication?: { readonly authenticator: string };
}

/**
 * The same door, with every login counted and traced. Who asks for an authenticator that is not enabled is counted under
 * `none`: the name is the client's own word.
 */
export function observeDoor(
  door: Door,
  authenticators: ReadonlySet<string>,
  { counters, tracing }: ObserverNeeds,
): Door {
  const labelOf = (asked: string | null, { authentication }: Result): string => {
    const name = authentication?.authenticator ?? asked;
    return name === null ? 'any' : authenticators.has(name) ? name : 'none';
  };
  const watch = async <R extends Result>(
    what: string,
    asked: string | null,
    work: () => Promise<R>,
  ): Promise<R> =>
    tracing.run(what, {}, async (span) => {
      const result = await work();
      const authenticator = labelOf(asked, result);
      const outcome = outcomeOf(result);
      span.set({ 'portcullis.authenticator': authenticator, 'portcullis.outcome': outcome });
      failWhereOurs(span, result);
      // A start that succeeded is no login yet: it ends with its callback, or never.
      if (result.kind !== 'redirect') counters.logins.inc({ authenticator, outcome });
      return result;
    });

  return {
    ...door,
    logIn: (attempt) => watch('login', attempt.authenticator, () => door.logIn(attempt)),
    start: (start) => watch('login start', start.authenticator, () => door.start(start)),
    finish: (callback) => watch('login callback', callback.authenticator, () => door.finish(callback)),
  };
}

const isOurs = ({ code, status }: PortcullisError): boolean =>
  code === 'BUSY' || status >= errorCatalogue.INTERNAL.status;

function outcomeOf({ kind, error }: Result): string {
  if (kind === 'logged-in') return 'succeeded';
  if (error === undefined) return kind;
  if (error.code === 'THROTTLED') return 'throttled';
  return isOurs(error) ? 'failed' : 'refused';
}

function failWhereOurs(span: ActiveSpan, { error }: Result): void {
  if (error !== undefined && isOurs(error)) span.fail(error.code);
}
