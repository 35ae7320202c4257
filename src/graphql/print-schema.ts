import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildGuardedSchema } from './build-schema.ts';
import type { Module } from './module.ts';
import { coreModules } from './modules/core-modules.ts';

/** The SDL of the core API and further modules, sorted: what `schema.graphql` holds. */
export const printSchemaSource = (modules: readonly Module[] = []): string =>
  `${printSchema(lexicographicSortSchema(buildGuardedSchema([...coreModules, ...modules])))}\n`;
