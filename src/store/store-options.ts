import type { Log } from '../core/log.ts';
import type { Secret } from '../core/secret.ts';
import type { OnChange } from './contract/changes.ts';
import type { Deadlines } from './deadlines.ts';

/** Which database, and how it is reached. */
export interface StoreOptions {
  /** PostgreSQL; `null` for the embedded database in `dataDir`. */
  readonly databaseUrl: Secret | null;
  readonly dataDir: string;
  readonly log: Log;
  /**
   * Join the process that has the embedded database open, if one has, instead of refusing: for commands. `only` never starts
   * it: for those that stay, and would keep a server from starting.
   */
  readonly attach?: boolean | 'only';
  /** Connections at most. 10 where nothing is said. */
  readonly poolSize?: number;
  readonly deadlines?: Partial<Deadlines>;
  /** For who keeps copies of what `sessions.loadUser` answers. */
  readonly onChange?: OnChange;
}
