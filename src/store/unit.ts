import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { Store } from './store.ts';

/** What a repository works with: one entity manager, which is one connection inside a unit of work. */
export interface Unit {
  readonly kind: Store['kind'];
  readonly manager: EntityManager;
  /** Runs a statement of our own on `pg` itself. */
  query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
}
