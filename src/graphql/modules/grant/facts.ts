import type { NamedGrantRow } from '../../../store/contract/grants.ts';

/** A grant to a person is theirs: `self(r.ctx)`. One to a group has a subject: `in_group(r.ctx, r.ctx.object.subject)`. */
export const grantFacts = {
  Grant: {
    owner: (grant: NamedGrantRow) => grant.userId,
    subject: (grant: NamedGrantRow) => grant.subject,
    permission: (grant: NamedGrantRow) => grant.permission,
  },
};
