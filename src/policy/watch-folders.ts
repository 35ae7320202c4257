import { watch } from 'chokidar';
import type { Log } from '../core/log.ts';

interface Needs {
  readonly folders: readonly string[];
  /** What they looked like when they were read: what happened since then is a change. */
  readonly seen: string;
  /** What the folders look like now; compared between polls. */
  readonly look: () => Promise<string>;
  /** Called when something may have changed. Double calls are harmless. */
  readonly onChange: () => void;
  readonly log: Log;
}

/** An editor's save is several events: they are answered by one reading. */
const gatherMs = 50;
/** The watcher loses sight of a folder that vanishes and returns, or of a symbolic link that is swapped: look as well. */
const pollMs = 700;

/** Watches until it is closed. */
export function watchFolders({ folders, look, onChange, log, ...first }: Needs): { close(): Promise<void> } {
  let closed = false;
  let pause: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;
  let { seen } = first;

  const notice = (): void => {
    if (closed) return;
    pause ??= setTimeout(() => {
      pause = undefined;
      onChange();
    }, gatherMs).unref();
  };
  const lookAgain = async (): Promise<void> => {
    const sight = await look();
    if (sight !== seen) notice();
    seen = sight;
    if (!closed) poll = setTimeout(() => void lookAgain(), pollMs).unref();
  };

  const watcher = watch([...folders], { ignoreInitial: true, depth: 0 });
  watcher.on('all', notice);
  watcher.on('error', (error) => {
    log.warn(
      { event: 'policy.not-watched', err: error, folders },
      'Watching the policy folders failed; they are still looked at regularly.',
    );
  });
  void lookAgain();

  return {
    async close() {
      closed = true;
      clearTimeout(pause);
      clearTimeout(poll);
      await watcher.close();
    },
  };
}
