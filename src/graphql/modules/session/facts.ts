import type { SessionRow } from '../../../store/store.ts';

/** A session belongs to whoever logged in: `self(r.ctx)`. */
export const sessionFacts = { Session: { owner: (session: SessionRow) => session.userId } };
