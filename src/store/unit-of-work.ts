import type pg from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { PortcullisError } from '../core/errors.ts';
import { changingAlone, changingWithin, type Touch } from './changing.ts';
import type { OnChange } from './contract/changes.ts';
import { cut } from './deadline-client.ts';
import { failureOf, MisuseError, withFailures } from './failures.ts';
import { createAdministration } from './repositories/administration.ts';
import { createAudit } from './repositories/audit.ts';
import { createGrants } from './repositories/grants.ts';
import { createGroups } from './repositories/groups.ts';
import { createIdentities } from './repositories/identities.ts';
import { createSessions } from './repositories/sessions.ts';
import { createSetupLinks } from './repositories/setup-links.ts';
import { createThrottles } from './repositories/throttles.ts';
import { createUsedStates } from './repositories/used-states.ts';
import { createUsers } from './repositories/users.ts';
import type { PoolStatus, Store } from './store.ts';
import type { Unit } from './unit.ts';

interface Frame {
  /** Throws where the store may not be used any more. */
  readonly admit: () => void;
  readonly transactionMs: number;
  readonly pool: () => PoolStatus;
  close(): Promise<void>;
}

function storeOf(unit: Unit, frame: Frame): Store {
  return {
    kind: unit.kind,
    users: withFailures(createUsers(unit), frame.admit),
    groups: withFailures(createGroups(unit), frame.admit),
    sessions: withFailures(createSessions(unit), frame.admit),
    throttles: withFailures(createThrottles(unit), frame.admit),
    setupLinks: withFailures(createSetupLinks(unit), frame.admit),
    grants: withFailures(createGrants(unit), frame.admit),
    identities: withFailures(createIdentities(unit), frame.admit),
    usedStates: withFailures(createUsedStates(unit), frame.admit),
    administration: withFailures(createAdministration(unit), frame.admit),
    audit: withFailures(createAudit(unit), frame.admit),
    transaction: (work) => runUnit(unit, frame, work),
    ...withFailures(
      {
        async check() {
          await unit.query({ text: 'SELECT 1' });
        },
      },
      frame.admit,
    ),
    pool: frame.pool,
    close: () => frame.close(),
  };
}

/** The store outside of any unit of work. */
export function createRootStore(needs: {
  readonly kind: Store['kind'];
  readonly dataSource: DataSource;
  readonly transactionMs: number;
  readonly onChange: OnChange | undefined;
  close(): Promise<void>;
}): Store {
  const pool = (needs.dataSource.driver as unknown as { readonly master: pg.Pool }).master;
  let closed = false;
  return storeOf(
    {
      kind: needs.kind,
      manager: needs.dataSource.manager,
      isRoot: true,
      query: (statement) => pool.query(statement),
      changing: changingAlone(needs.onChange),
    },
    {
      admit() {
        if (closed) throw new PortcullisError('UNAVAILABLE', { detail: 'the store is closed' });
      },
      transactionMs: needs.transactionMs,
      pool: () => ({
        open: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount,
        most: pool.options.max,
      }),
      close() {
        closed = true;
        return needs.close();
      },
    },
  );
}

const clientOf = (runner: QueryRunner): Promise<pg.Client> => runner.connect() as Promise<pg.Client>;

/**
 * Lets only the end of the transaction through once its unit is over: a statement that comes later, from a branch that
 * nobody awaited, would be committed on its own.
 */
function fence(runner: QueryRunner, isOver: () => boolean): void {
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  runner.query = (...args: unknown[]) =>
    isOver() && args[0] !== 'COMMIT' && args[0] !== 'ROLLBACK'
      ? Promise.reject(new MisuseError('A statement came after the end of its unit of work.'))
      : query(...args);
}

/**
 * Runs the work on one connection, under a deadline. Inside a unit already, it becomes a savepoint of that unit. What
 * the work itself throws comes out as it is; what the database says comes out translated.
 */
const runUnit = <T>(parent: Unit, frame: Frame, work: (store: Store) => Promise<T>): Promise<T> =>
  parent.changing((touch) => runTransaction(parent, frame, touch, work));

async function runTransaction<T>(
  parent: Unit,
  frame: Frame,
  touch: Touch,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  let thrown: { readonly error: unknown } | undefined;
  let over = false;

  const within = async (manager: EntityManager): Promise<T> => {
    const runner = manager.queryRunner;
    if (runner === undefined) throw new MisuseError('A transaction without a connection.');
    if (parent.isRoot) fence(runner, () => over);
    const client = await clientOf(runner);
    const admit = (): void => {
      frame.admit();
      if (over) throw new MisuseError('This store belongs to a unit of work that has ended.');
    };
    const store = storeOf(
      {
        kind: parent.kind,
        manager,
        isRoot: false,
        query: (statement) => client.query(statement),
        changing: changingWithin(touch),
      },
      {
        admit,
        transactionMs: frame.transactionMs,
        pool: frame.pool,
        close: () => Promise.reject(new MisuseError('A unit of work can not close the store it belongs to.')),
      },
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const detail = `a unit of work took more than ${frame.transactionMs} ms: rolled back`;
        cut(client, detail);
        reject(new PortcullisError('UNAVAILABLE', { detail }));
      }, frame.transactionMs);
    });
    try {
      return await Promise.race([work(store), late]);
    } catch (error) {
      thrown = { error };
      throw error;
    } finally {
      over = true;
      clearTimeout(timer);
    }
  };

  try {
    frame.admit();
    return await parent.manager.transaction(within);
  } catch (error) {
    throw thrown?.error === error ? error : failureOf(error);
  }
}
