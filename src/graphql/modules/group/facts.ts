import type { Group } from './groups-among.ts';

/** A group is known by its subject: `in_group(r.ctx, r.ctx.object.subject)` holds for its members. */
export const groupFacts = { Group: { subject: (group: Group) => `group:${group.name}` } };
