import { IsNull, MoreThan } from 'typeorm';
import { SetupLinks } from '../entities/setup-links.ts';
import type { SetupLinkRepository } from '../contract/setup-links.ts';
import type { Unit } from '../unit.ts';

export function createSetupLinks({ manager }: Pick<Unit, 'manager'>): SetupLinkRepository {
  const unused = (digest: Buffer, now: number) => ({ digest, usedAt: IsNull(), expiresAt: MoreThan(now) });
  return {
    async issue(digest, expiresAt) {
      await manager.upsert(SetupLinks, { onlyRow: true, digest, expiresAt, usedAt: null }, ['onlyRow']);
    },
    isValid: (digest, now) => manager.existsBy(SetupLinks, unused(digest, now)),
    // Used is a state of the row; of many callers one finds it unused.
    use: async (digest, now) =>
      (await manager.update(SetupLinks, unused(digest, now), { usedAt: now })).affected === 1,
  };
}
