import { PortcullisError } from '../core/errors.ts';
import { compilePolicy } from './compile-policy.ts';
import { statusOf, tellRefusal, type EngineState } from './engine-state.ts';
import type { PolicyEngine, PolicyEngineOptions, PolicyStatus } from './engine.ts';
import { showFinding, type Finding } from './finding.ts';
import { openLastGood } from './last-good.ts';
import { keepGiven, loadGrants, type Grants } from './load-grants.ts';
import { readFolders, readFoldersOnce, type FolderReading } from './read-folders.ts';
import type { PolicyRows } from './rule.ts';
import { shareNext, takeTurns } from './single-flight.ts';
import { compileReading, startPolicy, type Compile } from './start-policy.ts';
import { policyVersion } from './version.ts';
import { watchFolders } from './watch-folders.ts';

/**
 * Reads the folders and the grants, and decides by them until it is closed.
 * @throws {OperatorError} with every finding, where neither the files nor the last good ones can decide.
 * @throws {PortcullisError} UNAVAILABLE where the grants can't be loaded.
 */
export async function openPolicyEngine(options: PolicyEngineOptions): Promise<PolicyEngine> {
  const { folders, clock, log } = options;
  const observe = options.observe ?? ((_what, work) => work());
  const readOptions = { production: options.production, settleMs: options.settleMs ?? 50 };
  const lastGood = openLastGood(options.lastGoodFile);
  const compile: Compile = (files, rows) => compilePolicy(files, rows, options);
  const listeners = new Set<(status: PolicyStatus) => void>();

  const { first, started } = await observe('files', async () => {
    const [first, grants] = await Promise.all([
      readFolders(folders, readOptions),
      loadGrants(options.grants),
    ]);
    return { first, started: await startPolicy(first, grants, { compile, lastGood, clock, log }) };
  });
  let state = started;

  /** The only place where what decides changes. */
  function swap(change: Partial<EngineState>): void {
    const swapped = change.snapshot !== undefined && change.snapshot !== state.snapshot;
    state = { ...state, ...change, ...(swapped ? { loadedAt: clock.now() } : {}) };
    if (swapped)
      log.info(
        { event: 'policy.loaded', version: state.snapshot.version, epoch: state.epoch },
        'A new policy decides.',
      );
    for (const listener of listeners) {
      try {
        listener(statusOf(state));
      } catch (error) {
        log.error({ event: 'policy.listener-failed', err: error }, 'A listener to policy changes failed.');
      }
    }
  }

  async function adoptFiles(reading: FolderReading): Promise<void> {
    // Grants that were refused with the old files may be good with the new ones.
    for (const rows of state.refusedRows === null ? [state.rows] : [state.refusedRows, state.rows]) {
      const known =
        reading.findings.length === 0 && policyVersion(reading.files, rows) === state.snapshot.version;
      if (known && state.refusedFiles.length === 0) return;
      const compiled = known ? state : await compileReading(compile, reading, rows);
      if ('snapshot' in compiled) {
        const mended = rows === state.refusedRows ? { refusedRows: null, refusedGrants: [] } : {};
        swap({ snapshot: compiled.snapshot, files: reading.files, rows, refusedFiles: [], ...mended });
        return;
      }
      // A refusal counts once the grants that decide are refused with these files too; a repeated one is not news.
      if (rows !== state.rows || isSame(compiled.refusal, state.refusedFiles)) continue;
      tellRefusal(log, compiled.refusal, state.snapshot);
      swap({ refusedFiles: compiled.refusal });
    }
  }

  async function adoptGrants({ epoch, rows }: Grants): Promise<void> {
    if (epoch <= state.epoch) return;
    const compiled = await compile(state.files, rows);
    if ('snapshot' in compiled) {
      swap({ snapshot: compiled.snapshot, rows, epoch, refusedRows: null, refusedGrants: [] });
      return;
    }
    tellRefusal(log, compiled.refusal, state.snapshot);
    swap({ ...(await dropTaken(rows)), epoch, refusedRows: rows, refusedGrants: compiled.refusal });
  }

  /** What was taken is gone, whatever is wrong with what was given beside it. */
  async function dropTaken(fresh: PolicyRows): Promise<Partial<EngineState>> {
    const rows = keepGiven(state.rows, fresh);
    if (rows === null) return {};
    const compiled = await compile(state.files, rows);
    return 'snapshot' in compiled ? { snapshot: compiled.snapshot, rows } : {};
  }

  async function keepFiles(): Promise<void> {
    try {
      await lastGood.save(state.files);
    } catch (error) {
      log.error(
        { event: 'policy.not-saved', err: error },
        'The policy that decides could not be kept for a restart.',
      );
    }
  }

  // Files may take a while to settle: grants do not wait for them, only for a swap that is under way.
  const swapping = takeTurns();
  const reading = takeTurns();
  const reload = shareNext(reading, () =>
    observe('files', async () => {
      const found = await readFolders(folders, readOptions);
      const before = state.files;
      await swapping(() => adoptFiles(found));
      if (state.files !== before) await keepFiles();
      return statusOf(state);
    }),
  );
  const refresh = shareNext(takeTurns(), () =>
    observe('grants', async () => {
      const fresh = await loadGrants(options.grants);
      await swapping(() => adoptGrants(fresh));
      // Files that were refused together with grants that are gone may be good by now.
      if (state.refusedFiles.length > 0) void reload();
    }),
  );

  if (state.refusedFiles.length === 0) await keepFiles();
  const watcher = options.watch
    ? watchFolders({
        folders,
        log,
        seen: first.fingerprint,
        look: async () => (await readFoldersOnce(folders, readOptions)).fingerprint,
        onChange: () => void reload(),
      })
    : null;

  return {
    current: () => state.snapshot,
    status: () => statusOf(state),
    reload,
    async atEpoch(epoch) {
      if (state.epoch < epoch) await refresh();
      if (state.epoch >= epoch) return state.snapshot;
      throw new PortcullisError('UNAVAILABLE', { detail: `Epoch ${epoch} of the grants has not arrived.` });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      await watcher?.close();
      await reading(() => Promise.resolve());
      listeners.clear();
    },
  };
}

const isSame = (a: readonly Finding[], b: readonly Finding[]): boolean =>
  a.map(showFinding).join('\n') === b.map(showFinding).join('\n');
