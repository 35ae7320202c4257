import type { Clock } from '../core/clock.ts';
import type { SessionLimits, SessionRepository } from '../store/contract/sessions.ts';
import type { Store } from '../store/store.ts';

/** How a part answered. */
export type Answer =
  | { readonly answers: true; readonly latencyMs: number }
  | { readonly answers: false; readonly error: unknown };

/** What every request stands on. Each is asked at once, and has its own deadline. */
export interface Probed {
  readonly database: Answer;
  /** What every request asks first. They may be kept in Redis. */
  readonly sessions: Answer;
}

export interface ProbeNeeds {
  readonly store: Pick<Store, 'check'>;
  readonly sessions: Pick<SessionRepository, 'load'>;
  readonly limits: SessionLimits;
  readonly clock: Clock;
}

/** The digest of no session id that anybody was given. */
const nobodysSession = Buffer.alloc(32);

/** Asks the parts whether they answer. Who asks while it is being asked gets the same answer: it is open to everybody. */
export function createProbe({ store, sessions, limits, clock }: ProbeNeeds): () => Promise<Probed> {
  let asking: Promise<Probed> | null = null;

  const time = async (ask: () => Promise<unknown>): Promise<Answer> => {
    const startedAt = clock.monotonic();
    try {
      await ask();
      return { answers: true, latencyMs: clock.monotonic() - startedAt };
    } catch (error) {
      return { answers: false, error };
    }
  };
  const probe = async (): Promise<Probed> => {
    const [database, kept] = await Promise.all([
      time(() => store.check()),
      time(() => sessions.load(nobodysSession, { ...limits, now: clock.now() })),
    ]);
    return { database, sessions: kept };
  };

  return () => (asking ??= probe().finally(() => (asking = null)));
}
