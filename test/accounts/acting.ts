import type { Actor } from '../../src/accounts/actor.ts';
import { originWithoutRequest } from '../../src/core/origin.ts';
import type { RequestEnvironment } from '../../src/policy/decision.ts';
import type { UserRow } from '../../src/store/contract/users.ts';
import type { Store } from '../../src/store/store.ts';

export const environment: RequestEnvironment = {
  now: Date.UTC(2026, 10, 20, 12),
  address: '192.0.2.7',
  provable: { amr: ['pwd'], aal: 1 },
};

/** Somebody as a request of theirs brings them: with the groups that they have at this moment. */
export async function actAs(user: UserRow, store: Pick<Store, 'groups'>): Promise<Actor> {
  const groups = (await store.groups.groupsOf([user.id])).get(user.id) ?? [];
  const subject = `user:${user.username}` as const;
  return {
    origin: { ...originWithoutRequest(subject), userId: user.id },
    authority: {
      environment,
      principal: {
        kind: 'user',
        subject,
        id: user.id,
        username: user.username,
        groups: groups.map((group) => `group:${group}` as const),
        attributes: user.attributes,
        authentication: { authenticator: 'password', amr: ['pwd'], aal: 1, authTime: environment.now },
      },
    },
  };
}
