import { Administration } from '../entities/administration.ts';
import type { AdministrationRepository } from '../contract/administration.ts';
import type { Unit } from '../unit.ts';
import { takePolicyEpoch } from './policy-epoch.ts';

export function createAdministration({ manager }: Pick<Unit, 'manager'>): AdministrationRepository {
  return {
    revision: async () => (await manager.findOneByOrFail(Administration, { onlyRow: true })).revision,

    // Of many callers one finds the revision that they all know; the others wait for the end of its unit. The policy
    // epoch comes first: a unit that changes an account and then its grants would take the two in the other order.
    advance: (from) =>
      manager.transaction(async (unit) => {
        await takePolicyEpoch(unit);
        const { affected } = await unit
          .createQueryBuilder()
          .update(Administration)
          .set({ revision: () => 'revision + 1' })
          .where({ onlyRow: true, revision: from })
          .execute();
        return affected === 1;
      }),

    take: () =>
      manager.transaction(async (unit) => {
        await takePolicyEpoch(unit);
        await unit.query('UPDATE administration SET revision = revision + 1 WHERE only_row');
      }),
  };
}
