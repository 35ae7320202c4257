import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Declarations } from './declarations.ts';
import type { Finding } from './finding.ts';
import type { PolicyRows } from './rule.ts';
import type { PolicySnapshot } from './snapshot.ts';

/** Rows that administrators added at run time, and the number that rises with each change of them. */
export interface GrantSource {
  load(): Promise<{ readonly epoch: number; readonly rows: PolicyRows }>;
}

export interface PolicyEngineOptions {
  /** Folders of `model.conf` (exactly one over all) and `*.csv`; read in order of file name over all of them. */
  readonly folders: readonly string[];
  /** Where the last good files are kept for a restart; `null` keeps none (commands that only read). */
  readonly lastGoodFile: string | null;
  /** In production, `development.csv` is left out. */
  readonly production: boolean;
  readonly declarations: Declarations;
  readonly grants: GrantSource;
  /** Reload by itself when a file changes. */
  readonly watch: boolean;
  /** The most bytes that tables of permission sets take, of each snapshot; 64 MiB by default. */
  readonly tableBytes?: number;
  /** Two readings of the folders this many milliseconds apart must agree before they are taken; 50 by default. */
  readonly settleMs?: number;
  /** Runs each reading of files or grants: to time it. By default it is only run. */
  readonly observe?: ObservePolicyLoad;
  readonly clock: Clock;
  readonly log: Log;
}

/** Answers and rejects as the work does. */
export type ObservePolicyLoad = <T>(what: 'files' | 'grants', work: () => Promise<T>) => Promise<T>;

export interface PolicyStatus {
  readonly version: string;
  /** Milliseconds since the Unix epoch. */
  readonly loadedAt: number;
  readonly epoch: number;
  /** `last-good` while the files on disk are refused. */
  readonly source: 'files' | 'last-good';
  /** Why the files on disk, or the newest grants, are refused; empty while both decide. */
  readonly refusal: readonly Finding[];
}

export interface PolicyEngine {
  /** The snapshot that decides now. Take it once per request. */
  current(): PolicySnapshot;
  status(): PolicyStatus;
  /** Answers at once where the grants are at least that new, else when they are. */
  atEpoch(epoch: number): Promise<PolicySnapshot>;
  /** Reads the files again. Never rejects: a refusal is in the status. */
  reload(): Promise<PolicyStatus>;
  /** Called after each swap and after each refusal. Returns how to stop. */
  onChange(listener: (status: PolicyStatus) => void): () => void;
  close(): Promise<void>;
}
