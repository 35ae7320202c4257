import type { Log } from '../core/log.ts';
import type { PolicyStatus } from './engine.ts';
import { showFinding, type Finding } from './finding.ts';
import type { PolicyFile } from './loaded-policy.ts';
import type { PolicyRows } from './rule.ts';
import type { PolicySnapshot } from './snapshot.ts';

/** What decides, and what was refused since. Replaced whole: nobody sees half of a change. */
export interface EngineState {
  readonly snapshot: PolicySnapshot;
  readonly loadedAt: number;
  /** The files and the grants that the snapshot was made from. */
  readonly files: readonly PolicyFile[];
  readonly rows: PolicyRows;
  /** The newest epoch seen, and its rows where they were refused. */
  readonly epoch: number;
  readonly refusedRows: PolicyRows | null;
  /** Why the files on disk, and the newest grants, do not decide. */
  readonly refusedFiles: readonly Finding[];
  readonly refusedGrants: readonly Finding[];
}

export const statusOf = (state: EngineState): PolicyStatus => ({
  version: state.snapshot.version,
  loadedAt: state.loadedAt,
  epoch: state.epoch,
  source: state.refusedFiles.length > 0 ? 'last-good' : 'files',
  refusal: [...state.refusedFiles, ...state.refusedGrants],
});

const mostTold = 20;

/** Loud: each finding with its file and line, then what decides instead. */
export function tellRefusal(log: Log, refusal: readonly Finding[], deciding: PolicySnapshot): void {
  for (const finding of refusal.slice(0, mostTold))
    log.error({ event: 'policy.finding', ...finding }, showFinding(finding));
  const fields = { event: 'policy.kept', version: deciding.version, findings: refusal.length };
  log.error(fields, 'The changed policy is refused: the last good one goes on deciding.');
}
