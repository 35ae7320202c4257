import type { UserRow } from '../../../store/contract/users.ts';

/** A user owns their own record: `self(r.ctx)`. */
export const userFacts = { User: { owner: (user: UserRow) => user.id } };
