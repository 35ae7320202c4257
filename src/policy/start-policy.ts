import type { Clock } from '../core/clock.ts';
import { OperatorError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Compiled } from './compile-policy.ts';
import { tellRefusal, type EngineState } from './engine-state.ts';
import { showFinding, type Finding } from './finding.ts';
import type { LastGood } from './last-good.ts';
import type { Grants } from './load-grants.ts';
import type { PolicyFile } from './loaded-policy.ts';
import type { FolderReading } from './read-folders.ts';
import type { PolicyRows } from './rule.ts';
import type { PolicySnapshot } from './snapshot.ts';

export type Compile = (files: readonly PolicyFile[], grants: PolicyRows) => Promise<Compiled>;

interface Needs {
  readonly compile: Compile;
  readonly lastGood: LastGood;
  readonly clock: Clock;
  readonly log: Log;
}

/** What could not be read whole is refused whole. */
export function compileReading(
  compile: Compile,
  reading: FolderReading,
  rows: PolicyRows,
): Promise<Compiled> {
  const [first, ...others] = reading.findings;
  return first === undefined
    ? compile(reading.files, rows)
    : Promise.resolve({ refusal: [first, ...others] as const });
}

/**
 * The first policy of a process: the files where they are good, else the last good ones, told loudly.
 * @throws {OperatorError} with every finding, where neither can decide.
 */
export async function startPolicy(
  reading: FolderReading,
  grants: Grants,
  { compile, lastGood, clock, log }: Needs,
): Promise<EngineState> {
  const begin = (
    snapshot: PolicySnapshot,
    files: readonly PolicyFile[],
    refusedFiles: readonly Finding[],
  ): EngineState => ({
    snapshot,
    loadedAt: clock.now(),
    files,
    rows: grants.rows,
    epoch: grants.epoch,
    refusedRows: null,
    refusedFiles,
    refusedGrants: [],
  });
  const compiled = await compileReading(compile, reading, grants.rows);
  if ('snapshot' in compiled) return begin(compiled.snapshot, reading.files, []);

  const kept = await lastGood.load();
  const fallback = kept === null ? compiled : await compile(kept, grants.rows);
  if (kept === null || 'refusal' in fallback) throw new OperatorError(compiled.refusal.map(showFinding));
  tellRefusal(log, compiled.refusal, fallback.snapshot);
  return begin(fallback.snapshot, kept, compiled.refusal);
}
