import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { Changing } from './changing.ts';
import type { Store } from './store.ts';

/** What a repository works with: one entity manager, which is one connection inside a unit of work. */
export interface Unit {
  readonly kind: Store['kind'];
  readonly manager: EntityManager;
  /** Whether it is no unit of work, but the store outside of any. */
  readonly isRoot: boolean;
  /** Runs a statement of our own on `pg` itself. */
  query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig): Promise<pg.QueryResult<Row>>;
  /** Around every write to accounts, memberships or the policy epoch: copies of them are given up before it is acknowledged. */
  readonly changing: Changing;
}
