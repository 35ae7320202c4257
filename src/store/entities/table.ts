import { EntitySchema, EntitySchemaOptions, type ObjectLiteral } from 'typeorm';

/**
 * An entity as a plain object. No decorators: tsx and esbuild emit no metadata for them, so every column says its type
 * itself, the same under every compiler.
 */
export const table = <Row extends ObjectLiteral>(
  options: Pick<EntitySchemaOptions<Row>, 'name' | 'tableName' | 'columns'>,
): EntitySchema<Row> => new EntitySchema<Row>(Object.assign(new EntitySchemaOptions<Row>(), options));
