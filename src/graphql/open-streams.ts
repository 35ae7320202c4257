import type { Clock } from '../core/clock.ts';
import { endable } from './endable-stream.ts';

/** Whether a stream may go on: `null`, or the last thing that it gives. Where it rejects, it is asked again. */
export type Checkup<Answer> = () => Promise<Answer | null>;

/** The subscriptions that are being answered, so that each can be said goodbye to. */
export interface OpenStreams<Answer> {
  readonly size: number;
  /** The same stream, until `endAll`, or until its checkup says otherwise. */
  keep(stream: AsyncIterableIterator<Answer>, checkup?: Checkup<Answer>): AsyncIterableIterator<Answer>;
  /** Every stream, and every one that is kept later, gives the farewell and is over. */
  endAll(): void;
}

export interface StreamsOptions<Answer> {
  /** What streams give when the server closes. */
  readonly farewell: () => Answer;
  /** What a stream gives whose checkups have failed for `patience`. */
  readonly unchecked: () => Answer;
  /** Milliseconds from one checkup of a stream to the next. */
  readonly every: number;
  /** Milliseconds. */
  readonly patience: number;
  readonly clock: Clock;
}

interface Kept<Answer> {
  readonly leave: (last: Answer) => void;
  readonly checkup: Checkup<Answer>;
  checkedAt: number;
}

/** Checkups at a time. */
const lanes = 4;

export function createOpenStreams<Answer>({
  farewell,
  unchecked,
  every,
  patience,
  clock,
}: StreamsOptions<Answer>): OpenStreams<Answer> {
  const open = new Set<Kept<Answer>>();
  let closing = false;
  let timer: NodeJS.Timeout | null = null;
  let isChecking = false;

  async function check(kept: Kept<Answer>): Promise<void> {
    if (!open.has(kept)) return;
    try {
      const last = await kept.checkup();
      kept.checkedAt = clock.monotonic();
      if (last !== null && open.has(kept)) kept.leave(last);
    } catch {
      if (open.has(kept) && clock.monotonic() - kept.checkedAt > patience) kept.leave(unchecked());
    }
  }

  /** All of them, a few at a time: what they ask has other work to do as well. */
  async function checkAll(): Promise<void> {
    if (isChecking) return;
    isChecking = true;
    const waiting = [...open];
    const lane = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await check(next);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    isChecking = false;
  }

  function add(kept: Kept<Answer>): void {
    open.add(kept);
    timer ??= setInterval(() => {
      void checkAll();
    }, every).unref();
  }

  function remove(kept: Kept<Answer>): void {
    open.delete(kept);
    if (open.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  }

  return {
    get size() {
      return open.size;
    },
    keep(stream, checkup = () => Promise.resolve(null)) {
      const kept: Kept<Answer> = {
        leave: (last) => {
          leaving.leave(last);
        },
        checkup,
        checkedAt: clock.monotonic(),
      };
      const leaving = endable(stream, () => {
        remove(kept);
      });
      add(kept);
      if (closing) leaving.leave(farewell());
      return leaving.stream;
    },
    endAll() {
      closing = true;
      for (const each of [...open]) each.leave(farewell());
    },
  };
}
