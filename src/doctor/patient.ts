import type { ConfigInspection } from '../config/inspect-config.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { OperatorError } from '../core/errors.ts';
import { silentLog } from '../core/log.ts';
import { type DatabaseFacts, inspectDatabase } from '../store/inspect-database.ts';
import { isMade } from '../store/is-made.ts';
import { isOccupied } from '../store/is-occupied.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { findRunning, type Running } from './find-running.ts';
import { inTime } from './in-time.ts';
import { inspectPolicy, type PolicyInspection } from './inspect-policy.ts';

/** What there is to examine. Costly things are looked at once, by the first check that asks. */
export interface Patient {
  readonly config: ConfigInspection;
  /** Those that are not in `config.unknown` are as a server would have them. */
  readonly settings: Settings;
  readonly clock: Clock;
  /** Never rejects. */
  readonly database: () => Promise<DatabaseState>;
  /** Never rejects but for a fault of ours; as the database knows it, where that is open. */
  readonly policy: () => Promise<PolicyInspection>;
  /** Who has the server's port. Never rejects. */
  readonly running: () => Promise<Running>;
  close(): Promise<void>;
}

export type DatabaseState =
  | {
      readonly kind: 'open';
      readonly store: Store;
      readonly facts: DatabaseFacts;
      /** Whether another process has the embedded database. */
      readonly occupied: boolean;
    }
  /** There is nothing wrong, and nothing there. */
  | { readonly kind: 'not-made' }
  /** Its settings are at fault themselves. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'away'; readonly faults: readonly string[] };

export interface PatientNeeds {
  readonly config: ConfigInspection;
  readonly clock: Clock;
  /** Milliseconds for the embedded database to start; PostgreSQL answers or not within the store's own deadlines. */
  readonly databasePatience: number;
}

export function createPatient({ config, clock, databasePatience }: PatientNeeds): Patient {
  const { settings, unknown } = config;
  const { databaseUrl, dataDir } = settings;
  const options = { databaseUrl, dataDir, log: silentLog, attach: true };
  const opened: Store[] = [];

  const openDatabase = async (): Promise<DatabaseState> => {
    const place = databaseUrl === null ? ['databaseUrl', 'dataDir'] : ['databaseUrl'];
    if (place.some((setting) => unknown.has(setting))) return { kind: 'unknown' };
    if (!isMade(options)) return { kind: 'not-made' };
    try {
      const occupied = databaseUrl === null && (await isOccupied(dataDir));
      const open = openStore(options);
      // One that comes too late is closed all the same.
      void open.then(
        (store) => opened.push(store),
        () => undefined,
      );
      const store = await inTime(
        databasePatience,
        (time) => `The database did not start within ${time}. Try again when this machine is less busy.`,
        () => open,
      );
      return { kind: 'open', store, occupied, facts: await inspectDatabase({ ...options, clock }) };
    } catch (error) {
      if (error instanceof OperatorError) return { kind: 'away', faults: error.faults };
      throw error;
    }
  };

  const database = once(openDatabase);
  return {
    config,
    settings,
    clock,
    database,
    policy: once(async () => {
      const state = await database();
      const migrated = state.kind === 'open' && state.facts.pending.length === 0;
      return inspectPolicy(settings, migrated ? state.store : null);
    }),
    running: once(() => findRunning(settings)),
    async close() {
      await Promise.all(opened.map((store) => store.close()));
    },
  };
}

function once<Result>(look: () => Promise<Result>): () => Promise<Result> {
  let looked: Promise<Result> | undefined;
  return () => (looked ??= look());
}
