import type { SessionRow } from '../../../store/contract/sessions.ts';

/** A session belongs to whoever logged in: `self(r.ctx)`. */
export const sessionFacts = { Session: { owner: (session: SessionRow) => session.userId } };
