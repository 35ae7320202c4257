import type { EntityManager, EntitySchema, ObjectLiteral } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';

/** Inserts where there is no such row yet; says whether it did. A conflict does not spoil a surrounding transaction. */
export async function insertNew<Row extends ObjectLiteral>(
  unit: EntityManager,
  table: EntitySchema<Row>,
  row: QueryDeepPartialEntity<Row>,
): Promise<boolean> {
  const made = await unit
    .createQueryBuilder()
    .insert()
    .into(table)
    .values(row)
    .orIgnore()
    .returning('1')
    .execute();
  return (made.raw as unknown[]).length > 0;
}
