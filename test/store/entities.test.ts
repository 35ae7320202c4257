import { describe, expect, test } from '@jest/globals';
import { dataSourceOf } from './old-schema.ts';
import { openTestStore } from './open-test-store.ts';
import { storeKinds } from './store-kinds.ts';

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
}

describe.each(storeKinds)('on the %s store', (kind) => {
  // Migrations and entities are both written by hand: nothing else keeps one to the other.
  test('every column that TypeORM knows is a column of its table, of the same type, and there are no others', async () => {
    const opened = await openTestStore(kind);
    const dataSource = await dataSourceOf(opened.options);
    await dataSource.initialize();
    const known = dataSource.entityMetadatas.flatMap((entity) =>
      entity.columns.map((column): Column => {
        const type = dataSource.driver.normalizeType(column);
        return {
          table: entity.tableName,
          column: column.databaseName,
          type: column.isArray ? 'ARRAY' : type,
          nullable: column.isNullable,
        };
      }),
    );
    const there = await opened.sql(
      `SELECT table_name AS table, column_name AS column, data_type AS type, is_nullable = 'YES' AS nullable
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'schema_migrations'`,
    );
    const inOrder = (columns: readonly unknown[]): string[] =>
      columns.map((column) => JSON.stringify(column)).sort();
    expect(inOrder(known)).toEqual(inOrder(there));
    expect(dataSource.options).toMatchObject({
      synchronize: false,
      migrationsRun: false,
      installExtensions: false,
    });
    await dataSource.destroy();
    await opened.close();
  });
});
