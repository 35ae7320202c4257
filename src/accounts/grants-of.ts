import type { GrantSource } from '../policy/engine.ts';
import type { PolicyRows } from '../policy/rule.ts';
import type { NamedGrantRow } from '../store/contract/grants.ts';
import type { NestingRow } from '../store/contract/groups.ts';
import type { Store } from '../store/store.ts';

/** How often rows that change while they are read are read again. */
const mostReadings = 5;

/**
 * What administrators added at run time. The epoch is read before and after, so that the rows are of one moment: a grant
 * is never seen without what was taken before it was given.
 */
export const grantsOf = ({ groups, grants }: Pick<Store, 'groups' | 'grants'>): GrantSource => ({
  async load() {
    for (let epoch = await groups.epoch(), readings = 1; ; readings += 1) {
      const rows = grantRows(await groups.nestings(), await grants.list());
      const now = await groups.epoch();
      // The rows are at least as new as the older epoch: whoever asks for a newer one reads again.
      if (now === epoch || readings === mostReadings) return { epoch, rows };
      epoch = now;
    }
  },
});

const grantRows = (nestings: readonly NestingRow[], grants: readonly NamedGrantRow[]): PolicyRows => ({
  rules: grants.map(({ id, subject, permission, action, by, at }) => ({
    subject,
    object: permission,
    action,
    effect: 'allow',
    condition: null,
    provenance: { kind: 'grant', id, by, at },
  })),
  memberships: nestings.map(({ id, member, group, by, at }) => ({
    member: `group:${member}`,
    group: `group:${group}`,
    provenance: { kind: 'grant', id, by, at },
  })),
  coverage: [],
});
