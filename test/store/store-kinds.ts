import type { Store } from '../../src/store/store.ts';

export type StoreKind = Store['kind'];

const databaseUrl = process.env['DATABASE_URL'] ?? '';
/** The embedded store has no part in the second of two runs: the first was on it. */
const onlyServices = (process.env['PORTCULLIS_ONLY_SERVICES'] ?? '') !== '';

/**
 * What a test of stores runs on: 'postgresql' is among them where DATABASE_URL is set. In a module of its own, so that
 * whoever imports it, and nobody else, is run again with the services (environment.js).
 */
export const storeKinds: readonly StoreKind[] = [
  ...(onlyServices ? [] : (['embedded'] as const)),
  ...(databaseUrl === '' ? [] : (['postgresql'] as const)),
];
