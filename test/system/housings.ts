import { storeKinds } from '../store/store-kinds.ts';

const redisUrl = process.env['REDIS_URL'] ?? '';

/** What a whole server can stand on here. A module of its own for the reason that storeKinds has one. */
export const housings: readonly string[] = [
  ...storeKinds,
  ...(storeKinds.includes('postgresql') && redisUrl !== '' ? ['postgresql and redis'] : []),
];
