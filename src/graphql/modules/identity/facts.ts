import type { IdentityRow } from '../../../store/contract/identities.ts';

/** An identity belongs to whoever's account it is linked to: `self(r.ctx)`. */
export const identityFacts = { Identity: { owner: (identity: IdentityRow) => identity.userId } };
