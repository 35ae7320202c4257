import { QueryFailedError } from 'typeorm';
import { Users } from '../entities/accounts.ts';
import { Grants } from '../entities/grants.ts';
import { isUuid } from '../identifiers.ts';
import type { UserRepository } from '../contract/users.ts';
import type { Unit } from '../unit.ts';
import { changeWhatPoliciesRead } from './policy-epoch.ts';

const isTaken = (error: unknown): boolean =>
  error instanceof QueryFailedError && (error.driverError as { code?: unknown }).code === '23505';

/**
 * Whether a username is free only its index can say, to the last moment: what it refuses is rolled back to where this
 * began, and the unit of work around it goes on.
 */
export async function renameUser(
  store: Pick<Unit, 'manager' | 'changing'>,
  id: string,
  { username, name }: Parameters<UserRepository['rename']>[1],
): ReturnType<UserRepository['rename']> {
  if (!isUuid(id)) return 'gone';
  if (username === undefined) {
    const { manager, changing } = store;
    const kept =
      name === undefined
        ? await manager.existsBy(Users, { id })
        : await changing(async (touch) => {
            touch.user(id);
            return (await manager.update(Users, { id }, { name })).affected === 1;
          });
    return kept ? 'renamed' : 'gone';
  }
  try {
    return await changeWhatPoliciesRead(store, async (unit, touch) => {
      touch.user(id);
      const found = await unit.findOneBy(Users, { id });
      const { affected } = await unit.update(
        Users,
        { id },
        { username, ...(name !== undefined && { name }) },
      );
      if (found === null || affected !== 1) return { result: 'gone', changed: false };
      const isNew = found.username !== username;
      return { result: 'renamed', changed: isNew && (await unit.existsBy(Grants, { userId: id })) };
    });
  } catch (error) {
    if (isTaken(error)) return 'taken';
    throw error;
  }
}
