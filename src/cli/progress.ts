import { SingleBar } from 'cli-progress';
import type { OutputOptions } from './output.ts';

/** How far something is that takes long. */
export interface Progress {
  /** One more is done. */
  readonly step: () => void;
  /** So many of so many are. */
  readonly to: (done: number, total: number) => void;
  /** Takes the bar away. It must be called, whatever happens. */
  readonly stop: () => void;
}

/** Milliseconds; what is done by then needs no bar. */
const hesitation = 500;

/** Where bars are drawn. */
export type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean };

const silent: Progress = { step: () => undefined, to: () => undefined, stop: () => undefined };

/**
 * A bar on standard error, for people alone: none with `--json`, none where standard error is no terminal, none for what
 * takes less than half a second.
 */
export function startProgress(
  what: string,
  total: number,
  { json }: OutputOptions,
  stream: Terminal = process.stderr,
): Progress {
  if (json === true || stream.isTTY !== true) return silent;
  // The terminal is left as it is (cursor, line wrapping, signals): Ctrl-C must not leave it changed.
  const bar = new SingleBar({
    format: `${what} [{bar}] {value}/{total}`,
    barsize: 30,
    clearOnComplete: true,
    hideCursor: false,
    linewrap: true,
    gracefulExit: false,
    stream,
  });
  let now = { done: 0, total };
  const timer = setTimeout(() => {
    bar.start(now.total, now.done);
  }, hesitation);
  const move = (to: typeof now): void => {
    now = to;
    if (to.total !== bar.getTotal()) bar.setTotal(to.total);
    bar.update(to.done);
  };
  return {
    step: () => {
      move({ done: now.done + 1, total: now.total });
    },
    to: (done, of) => {
      move({ done, total: of });
    },
    stop: () => {
      clearTimeout(timer);
      bar.stop();
    },
  };
}

/** Runs the work beside a bar. */
export async function withProgress<Result>(
  what: string,
  total: number,
  options: OutputOptions,
  work: (progress: Progress) => Promise<Result>,
  stream: Terminal = process.stderr,
): Promise<Result> {
  const progress = startProgress(what, total, options, stream);
  try {
    return await work(progress);
  } finally {
    progress.stop();
  }
}
